import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keepNotices, RAW_QUERY } from './notice-door.ts'

let server: Server
beforeAll(async () => {
  keepNotices()
  // As Next answers: in pieces, without a length of its own.
  server = createServer((incoming, response) => {
    // What it answers by itself, before any route.
    if (incoming.headers['rsc'] !== undefined) return response.writeHead(307, { Location: '/' }).end()
    response.flushHeaders()
    response.write(incoming.headers[RAW_QUERY] === undefined ? 'no query' : 'result=OK')
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => {
  server.close()
})

function portOf(): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function ask(method: string, path: string) {
  const port = portOf()
  const raw: (string | undefined)[] = []
  server.once('request', ({ headers }) => raw.push(headers[RAW_QUERY]?.toString()))
  const sending = request({ host: '127.0.0.1', port, method, path })
  const answered = new Promise<readonly [string | undefined, string]>((resolve) => {
    sending.once('response', (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
      response.once('end', () => resolve([response.headers['content-length'], text]))
    })
  })
  sending.end()
  const [length, text] = await answered
  return { length, text, query: raw[0] }
}
const PATH = '/gateways/ksnet/01a1ff43-35ee-751b-97ed-227331ff6955/notice/ia8u-0Fvkwy4F1jLF4uhBRu146tFdNPGbEoThvDfclQ'

it('keeps the query of a notice as it came, and says the length of its answer beforehand', async () => {
  const query = 'data=%C8%AB%B1%E6%b5%bf++x'
  expect(await ask('GET', `${PATH}?${query}`)).toEqual({ length: '9', text: 'result=OK', query })
  expect(await ask('POST', PATH)).toEqual({ length: '9', text: 'result=OK', query: '' })
})

it('touches nothing else', async () => {
  for (const path of ['/', '/gateways/kcp/x/notice/y', `${PATH}/more`, PATH.replace('01a1', '%zz1'), `/x${PATH}`])
    expect(await ask('GET', path), path).toEqual({ length: undefined, text: 'no query', query: undefined })
  expect(await ask('PUT', PATH)).toMatchObject({ length: undefined, query: undefined })
})

it('ends the line with each answer, so that no other answer is taken for the rest of one', async () => {
  const socket = connect(portOf(), '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const closed = once(socket, 'close')
  socket.write(
    `GET ${PATH} HTTP/1.1\r\nHost: x\r\nRSC: 1\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  )
  await closed
  const answers = Buffer.concat(chunks).toString('latin1').split('HTTP/1.1 ').slice(1)
  expect(answers).toHaveLength(1)
  expect(answers[0]).toMatch(/^307 [^]*\r\nConnection: close\r\n/)
})
