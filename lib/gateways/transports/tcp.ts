import { connect, isIP } from 'node:net'
import type { Wire } from '../connector.ts'
import type { Transmission } from './http.ts'

const CONNECT_MS = 2_000
/** The longest record that four digits can announce, and its four digits. */
const ANSWER_BYTES_MAX = 10_003

const notSent = (cause: string): Transmission => ({ kind: 'broken', sent: false, cause })

/**
 * One connection, one frame, whatever comes back until the other side closes. Half-closed by us it never is: a server may take
 * that for a client that has gone. Whatever came is the answer, also where the line then broke or the time was up, since a record
 * tells its own length; whether it is whole, the connector sees. Until the first byte was given to the socket nothing was sent.
 * Never throws.
 */
export function sendTcp(wire: Extract<Wire, { via: 'tcp' }>, deadlineMs: number): Promise<Transmission> {
  const frame = Buffer.from(wire.frame, 'base64')
  if (frame.length === 0) return Promise.resolve(notSent('name: there is no such message'))
  // An address, never a name: nobody is asked where it is.
  if (isIP(wire.host) === 0 || !isPort(wire.port)) return Promise.resolve(notSent('name: no address'))
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    let phase: 'connect' | 'written' = 'connect'
    const socket = connect({ host: wire.host, port: wire.port, noDelay: true })
    const end = (cause: string) => {
      clearTimeout(connecting)
      clearTimeout(timer)
      socket.destroy()
      resolve(
        size > 0 && size <= ANSWER_BYTES_MAX
          ? { kind: 'answered', reply: { via: 'tcp', bytes: Buffer.concat(chunks) } }
          : { kind: 'broken', sent: phase === 'written', cause: `${phase}: ${cause}` },
      )
    }
    const connecting = setTimeout(() => end(`no connection within ${CONNECT_MS} ms`), CONNECT_MS)
    const timer = setTimeout(() => end(`no answer within ${deadlineMs} ms`), deadlineMs)
    socket.on('connect', () => {
      clearTimeout(connecting)
      phase = 'written'
      socket.write(frame)
    })
    socket.on('data', (chunk) => {
      size += chunk.length
      if (size > ANSWER_BYTES_MAX) end('answer too large')
      else chunks.push(chunk)
    })
    socket.on('end', () => end('closed'))
    socket.on('error', (error) => end(error.message))
    socket.on('close', () => end('closed'))
  })
}

const isPort = (port: number): boolean => Number.isSafeInteger(port) && port > 0 && port < 65_536
