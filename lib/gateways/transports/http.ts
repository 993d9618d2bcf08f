import http from 'node:http'
import https from 'node:https'
import type { Reply, Wire } from '../connector.ts'

const BODY_BYTES_MAX = 8 * 1024 * 1024

/** `sent: false` is proof that no byte of the request left: no connection, or no handshake, was ever made. */
export type Transmission =
  | { readonly kind: 'answered'; readonly reply: Reply }
  | { readonly kind: 'broken'; readonly sent: boolean; readonly cause: string }

/**
 * One request over one fresh connection: no keep-alive, no redirect, no retry. Never throws; the phase reached is told by
 * socket events, never by an error's text.
 */
export function sendHttp(wire: Extract<Wire, { via: 'http' }>, deadlineMs: number): Promise<Transmission> {
  return new Promise((resolve) => {
    const secure = wire.url.startsWith('https:')
    let phase: 'name' | 'connect' | 'handshake' | 'written' = 'name'
    const broken = (cause: string) =>
      resolve({ kind: 'broken', sent: phase === 'written', cause: `${phase}: ${cause}` })
    const body = wire.body === null ? null : Buffer.from(wire.body, 'utf8')
    const headers = { ...wire.headers, ...(body && { 'Content-Length': String(body.length) }) }
    let request: http.ClientRequest
    try {
      request = (secure ? https : http).request(wire.url, { method: wire.method, headers, agent: false })
    } catch (error) {
      return broken(error instanceof Error ? error.message : 'not a request')
    }
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs)
    request.on('socket', (socket) => {
      socket.on('lookup', () => (phase = 'connect'))
      socket.on('connect', () => (phase = secure ? 'handshake' : 'written'))
      socket.on('secureConnect', () => (phase = 'written'))
    })
    request.on('error', (error) => broken(error.message))
    request.on('close', () => {
      clearTimeout(timer)
      broken('closed')
    })
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > BODY_BYTES_MAX) request.destroy(new Error('answer too large'))
        else chunks.push(chunk)
      })
      response.on('error', (error) => broken(error.message))
      response.on('end', () => {
        if (!response.complete) return broken('answer cut short')
        const contentType = response.headers['content-type'] ?? ''
        resolve({
          kind: 'answered',
          reply: {
            via: 'http',
            status: response.statusCode ?? 0,
            contentType,
            body: Buffer.concat(chunks).toString('utf8'),
          },
        })
      })
    })
    request.end(body ?? undefined)
  })
}
