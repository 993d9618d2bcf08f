import { createServer, type Server, type Socket } from 'node:net'
import { MINUTE_MS } from '#lib/domain/kst.ts'
import { sizeOf } from '#lib/gateways/wire/fixed-length.ts'
import type { SandboxClock } from '../clock.ts'
import { report } from '../report.ts'
import type { Desk, Line } from './desk.ts'
import { head } from './layouts.ts'
import { socketWork } from './socket-operations.ts'
import type { KsnetState } from './state.ts'

const PREFIX = 4
const IDLE_MS = 2 * MINUTE_MS

/**
 * What the merchant's ipgClient talks to, its plain side: four digits, that many bytes more, one answer written at once, the end.
 * EncType is not looked at; nothing here is encrypted.
 */
export function tcpServer(state: KsnetState, clock: SandboxClock, desk: Desk): Server {
  return createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.setTimeout(IDLE_MS, () => socket.destroy())
    // A caller that has gone away is no event here.
    socket.on('error', () => socket.destroy())
    serve(socket, state, clock, desk).catch((error: unknown) => {
      report(error)
      socket.destroy()
    })
  })
}

async function serve(socket: Socket, state: KsnetState, clock: SandboxClock, desk: Desk): Promise<void> {
  const record = await readOne(socket)
  if (record === null) return hangUp(socket, desk, '', 'FRAME')
  const work = socketWork(record, state, clock.now())
  if (typeof work === 'string') return hangUp(socket, desk, work, 'TYPE')
  await desk.serve(lineOf(socket), work)
}

/** The documents know no answer to what is no record, so there is none. */
function hangUp(socket: Socket, desk: Desk, type: string, code: string): void {
  desk.unreadable(type, code, null)
  socket.destroy()
}

/** The whole record; null where it is none, or has no end. What comes after it is not read. */
function readOne(socket: Socket): Promise<Buffer | null> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0)
    const settle = (record: Buffer | null) => {
      socket.removeAllListeners('data')
      resolve(record)
    }
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk])
      const size = sizeNow(bytes)
      if (size === null || (size !== undefined && bytes.length >= size))
        settle(size === null ? null : bytes.subarray(0, size))
    })
    socket.once('end', () => settle(null))
    socket.once('close', () => settle(null))
  })
}

/** What its four digits say, with them; undefined before they are there, null where they are none or say too little. */
function sizeNow(bytes: Buffer): number | null | undefined {
  const prefix = bytes.subarray(0, PREFIX).toString('latin1')
  if (!/^\d*$/.test(prefix)) return null
  if (prefix.length < PREFIX) return undefined
  const size = Number(prefix) + PREFIX
  return size <= sizeOf(head) ? null : size
}

const BAD_GATEWAY = 'HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\n\r\n<html><h1>502 Bad Gateway</h1></html>'

const lineOf = (socket: Socket): Line => ({
  reply: (answer) => void socket.end(answer),
  cut: (answer) => void socket.end(answer.subarray(0, answer.length >> 1)),
  badGateway: () => void socket.end(BAD_GATEWAY),
  empty: () => void socket.end(),
  reset: () => void socket.resetAndDestroy(),
})
