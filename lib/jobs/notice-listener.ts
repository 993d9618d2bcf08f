// Takes KSNET's notices by bare TCP: one record a connection, answered with one byte once it is stored. Off unless it is set up.
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { SECOND_MS } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { ACK, NAK, NOTICE_BYTES_MAX, noticeSize } from '#lib/gateways/ksnet/notice.ts'
import { contextOf } from '#lib/server/context.ts'
import { log } from '#lib/server/log.ts'
import { mayConnect, receiveRecord } from '#lib/services/notices/receive-record.ts'

export type ListenAt = { readonly host: string; readonly port: number }

const CONNECTIONS_MAX = 64
const CONNECTIONS_OF_ONE_MAX = 16
/** For the whole of a record to arrive, and for the sender to take the answer. */
const ARRIVES_WITHIN_MS = 10 * SECOND_MS
const STAYS_MS = 30 * SECOND_MS

/** Listens until the signal; ends early only by failing, as where the port is another's. */
export async function listenForNotices(at: ListenAt, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const server = await startNoticeListener(at)
  log.info({ port: at.port }, 'listening for notices')
  await once(signal, 'abort')
  await server.stop()
}

export type NoticeListener = { readonly port: number; readonly stop: () => Promise<void> }

export async function startNoticeListener({ host, port }: ListenAt): Promise<NoticeListener> {
  const open = new Map<Socket, string>()
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
    const from = socket.remoteAddress ?? ''
    // Whatever the other side does to its end of the line is no fault here.
    socket.on('error', () => socket.destroy())
    socket.once('close', () => open.delete(socket))
    if ([...open.values()].filter((one) => one === from).length >= CONNECTIONS_OF_ONE_MAX) return socket.destroy()
    open.set(socket, from)
    serve(socket, from).catch((error: unknown) => {
      socket.destroy()
      log.error({ error: error instanceof Error ? (error.stack ?? error.message) : 'not an error' }, 'broken')
    })
  })
  server.maxConnections = CONNECTIONS_MAX
  server.listen({ host, port })
  await once(server, 'listening')
  return {
    port: portOf(server),
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of open.keys()) socket.destroy()
      await closed
    },
  }
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function serve(socket: Socket, from: string): Promise<void> {
  const late = setTimeout(() => socket.destroy(), STAYS_MS)
  socket.once('close', () => clearTimeout(late))
  if (!(await mayConnect(from))) {
    socket.destroy()
    return
  }
  const record = await recordOf(socket)
  const stored = record !== null && (await isStored(from, record))
  if (!socket.destroyed) socket.end(Buffer.from([stored ? ACK : NAK]))
}

/** The first record that arrives, of which no more than one is ever held; null where none does. */
function recordOf(socket: Socket): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let held = 0
    const done = (record: Buffer | null) => {
      clearTimeout(slow)
      socket.removeAllListeners('data')
      // What comes after it is passed over, so that the answer can still be read.
      socket.resume()
      resolve(record)
    }
    const slow = setTimeout(() => done(null), ARRIVES_WITHIN_MS)
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      held += chunk.length
      const bytes = Buffer.concat(chunks, Math.min(held, NOTICE_BYTES_MAX))
      const size = noticeSize(bytes)
      if (size === 0) done(null)
      else if (size !== null && held >= size) done(bytes.subarray(0, size))
    })
    socket.once('end', () => done(null))
    socket.once('close', () => done(null))
    socket.resume()
  })
}

/** What is not ours, or not stored for any reason, the sender keeps and sends again. */
async function isStored(from: string, record: Buffer): Promise<boolean> {
  try {
    await receiveRecord(contextOf({ kind: 'system', name: 'notice' }), { from, record })
    return true
  } catch (error) {
    if (!(error instanceof DomainError))
      log.error({ error: error instanceof Error ? (error.stack ?? error.message) : 'not an error' }, 'broken')
    return false
  }
}
