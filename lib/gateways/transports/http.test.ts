import { createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { sendHttp } from './http.ts'

let server: Server | undefined
afterEach(() => server?.close())

/** A server that does with each connection what the test says. */
async function listening(handle: (socket: Socket) => void): Promise<string> {
  server = createServer((socket) => {
    socket.on('error', () => undefined)
    handle(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}/`
}
const send = (url: string, deadlineMs = 5_000) =>
  sendHttp({ via: 'http', method: 'POST', url, headers: {}, body: '{"a":1}' }, deadlineMs)
const answer = (text: string) => (socket: Socket) => socket.once('data', () => socket.end(text))

describe('nothing was sent', () => {
  it.each([
    ['a name nobody has', 'http://no-such-name.invalid/'],
    ['a port nobody listens on', 'http://127.0.0.1:1/'],
    ['a server that does not speak TLS', 'https'],
    ['what is no address', 'http://'],
  ])('%s', async (_, url) => {
    const plain =
      url === 'https' ? (await listening((socket) => socket.end('no TLS here'))).replace('http:', 'https:') : url
    expect(await send(plain)).toMatchObject({ kind: 'broken', sent: false })
  })
})

describe('it may have been sent', () => {
  it.each([
    ['the connection ends without an answer', (socket: Socket) => socket.once('data', () => socket.destroy())],
    ['the answer is cut short', answer('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"half')],
    ['the answer is none', answer('this is not HTTP\r\n\r\n')],
  ])('%s', async (_, handle) => {
    expect(await send(await listening(handle))).toMatchObject({ kind: 'broken', sent: true })
  })

  it('no answer comes before the deadline', async () => {
    expect(await send(await listening(() => undefined), 200)).toMatchObject({ kind: 'broken', sent: true })
  })
})

describe('an answer', () => {
  it('is taken as it is, also a redirect, which is not followed', async () => {
    const url = await listening(
      answer('HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 2\r\n\r\nno'),
    )
    expect(await send(url)).toMatchObject({ kind: 'answered', reply: { status: 302, body: 'no' } })
  })
})
