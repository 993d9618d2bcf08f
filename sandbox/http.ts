import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Server as NetServer } from 'node:net'
import type { Json } from './json.ts'

const BODY_LIMIT = 1_000_000

export class BodyTooLarge extends Error {}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  const source: AsyncIterable<Buffer> = request
  for await (const bytes of source) {
    size += bytes.length
    if (size > BODY_LIMIT) throw new BodyTooLarge(`a body of more than ${BODY_LIMIT} bytes`)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

export function sendText(response: ServerResponse, status: number, contentType: string, text: string): void {
  const bytes = Buffer.from(text, 'utf8')
  response.writeHead(status, { 'content-type': contentType, 'content-length': bytes.length })
  response.end(bytes)
}

export const sendJson = (response: ServerResponse, status: number, body: Json): void =>
  sendText(response, status, 'application/json; charset=utf-8', JSON.stringify(body))

/** Listens on loopback only, and tells the port it got. */
export function listen(server: NetServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

export function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
