import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { sendTcp } from './tcp.ts'

let server: Server | undefined
const open = new Set<Socket>()
afterEach(() => {
  for (const socket of open) socket.destroy()
  open.clear()
  server?.close()
})

/** A server that does with each connection what the test says. */
async function listening(handle: (socket: Socket) => void): Promise<number> {
  server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket)
    socket.on('error', () => undefined)
    handle(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
const frame = Buffer.from('0005hello')
const send = (port: number, deadlineMs = 5_000, host = '127.0.0.1', bytes = frame) =>
  sendTcp({ via: 'tcp', host, port, frame: bytes.toString('base64') }, deadlineMs)
const answer = (text: string) => (socket: Socket) => socket.once('data', () => socket.end(text))
const heard = (text: string) => ({ kind: 'answered', reply: { via: 'tcp', bytes: Buffer.from(text) } })

describe('nothing was sent', () => {
  it.each([
    ['a port nobody listens on', 1, '127.0.0.1', frame],
    ['a name instead of an address', 29_991, 'localhost', frame],
    ['no address', 29_991, '', frame],
    ['no port', 0, '127.0.0.1', frame],
    ['a port that is none', 65_536, '127.0.0.1', frame],
  ])('%s', async (_, port, host, bytes) => {
    expect(await send(port, 5_000, host, bytes)).toMatchObject({ kind: 'broken', sent: false })
  })
  it('no message: not even a connection', async () => {
    let connections = 0
    const port = await listening(() => (connections += 1))
    expect(await send(port, 5_000, '127.0.0.1', Buffer.alloc(0))).toMatchObject({ kind: 'broken', sent: false })
    expect(connections).toBe(0)
  })
  it('an address that does not answer, after two seconds', async () => {
    // Reserved for documentation (RFC 5737): nobody is there. A network that says so at once is as good.
    expect(await send(29_991, 60_000, '192.0.2.1')).toMatchObject({ kind: 'broken', sent: false })
  })
})

describe('it may have been sent', () => {
  it.each([
    ['the connection ends without an answer', (socket: Socket) => socket.once('data', () => socket.end())],
    ['the connection is torn', (socket: Socket) => socket.once('data', () => socket.resetAndDestroy())],
    ['the other side ends before it listened', (socket: Socket) => socket.end()],
    ['more comes than a record can hold', answer('9'.repeat(20_000))],
  ])('%s', async (_, handle) => {
    expect(await send(await listening(handle))).toMatchObject({ kind: 'broken', sent: true })
  })
  it('no answer comes before the deadline', async () => {
    expect(await send(await listening(() => undefined), 200)).toMatchObject({
      kind: 'broken',
      sent: true,
      cause: 'written: no answer within 200 ms',
    })
  })
})

describe('an answer', () => {
  it('is what came until the other side closed, in however many pieces', async () => {
    const port = await listening((socket) =>
      socket.once('data', () => {
        socket.write('0005')
        setTimeout(() => socket.write('he'), 20)
        setTimeout(() => socket.end('llo'), 40)
      }),
    )
    expect(await send(port)).toEqual(heard('0005hello'))
  })
  it('is also what came before the line broke or the time was up: whether it is whole, its length tells', async () => {
    const torn = await listening((socket) =>
      socket.once('data', () => socket.write('0005he', () => setTimeout(() => socket.resetAndDestroy(), 50))),
    )
    expect(await send(torn)).toEqual(heard('0005he'))
    server?.close()
    const open = await listening((socket) => socket.once('data', () => socket.write('0005hello')))
    expect(await send(open, 300)).toEqual(heard('0005hello'))
  })
  it('is heard by a client that has not hung up, and has sent its frame once', async () => {
    const said: Buffer[] = []
    let ended = false
    const port = await listening((socket) => {
      socket.on('data', (chunk: Buffer) => said.push(chunk))
      socket.on('end', () => (ended = true))
      setTimeout(() => socket.end(ended ? 'hung up' : 'there'), 100)
    })
    expect(await send(port)).toEqual(heard('there'))
    expect(Buffer.concat(said)).toEqual(frame)
  })
})
