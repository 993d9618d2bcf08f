import { once } from 'node:events'
import { connect } from 'node:net'
import { SECOND_MS, toIso } from '#lib/domain/kst.ts'
import { realNow } from '../clock.ts'
import { describeFailure, NoticeQueue } from '../notice-queue.ts'
import { bytesOfNotice } from './deposit-record.ts'
import type { Notice } from './notice.ts'
import type { Settings } from './settings.ts'
import type { KsnetState } from './state.ts'

const TIMEOUT_MS = 30 * SECOND_MS
const ACK = 0x06

/** KSNET's deposit notices (ksnet.md 3.1): to the address that is registered, until `result=OK` or ACK comes back. */
export function noticeQueue(state: KsnetState): NoticeQueue<Notice> {
  return new NoticeQueue({
    get notices() {
      return state.notices
    },
    get dueNotices() {
      return state.dueNotices
    },
    get noticeModes() {
      return state.noticeModes
    },
    notice: (id) => state.notice(id),
    save: (notice) => state.record({ kind: 'notice', notice }),
    saveModes: (modes) => state.record({ kind: 'notice-modes', modes }),
    attempt: (notice, closing) => attempt(state, notice, closing),
    waitMs: () => state.settings.noticeRetrySeconds * SECOND_MS,
  })
}

async function attempt(state: KsnetState, notice: Notice, closing: AbortSignal): Promise<void> {
  const url = state.target(notice.mid) ?? null
  if (url === null) return state.record({ kind: 'notice', notice: { ...notice, state: 'no-target' } })
  const { isTaken, ...answer } = await send(new URL(url), notice, state.settings, closing)
  const now = state.notice(notice.id)
  if (!now || closing.aborted) return
  const attempts = [...now.attempts, { at: toIso(realNow()), url, ...answer }]
  const isDelivered = isTaken || now.state === 'delivered'
  const open = attempts.length < state.settings.noticeAttempts ? 'due' : 'gave-up'
  state.record({ kind: 'notice', notice: { ...now, attempts, state: isDelivered ? 'delivered' : open } })
}

type Answer = {
  readonly status: number | null
  readonly answer?: string
  readonly error?: string
  readonly isTaken: boolean
}

async function send(url: URL, notice: Notice, settings: Settings, closing: AbortSignal): Promise<Answer> {
  const signal = AbortSignal.any([closing, AbortSignal.timeout(TIMEOUT_MS)])
  const bytes = bytesOfNotice(notice)
  if (bytes === null) throw new Error(`a notice that its record cannot hold: ${notice.id}`)
  try {
    return url.protocol === 'tcp:' ? await byTcp(url, bytes, signal) : await byHttp(url, bytes, settings, signal)
  } catch (error) {
    return { status: null, error: describeFailure(error), isTaken: false }
  }
}

const SHOWN = 40

async function byHttp(url: URL, bytes: Buffer, { noticeMethod }: Settings, signal: AbortSignal): Promise<Answer> {
  const form = `data=${percent(bytes)}`
  const isPost = noticeMethod === 'POST' || (noticeMethod === 'by-scheme' && url.protocol === 'https:')
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const response = isPost
    ? await fetch(url, { method: 'POST', headers, body: form, redirect: 'manual', signal })
    : await fetch(`${url.href}${url.search === '' ? '?' : '&'}${form}`, { redirect: 'manual', signal })
  const page = await response.text()
  const isTaken = response.status === 200 && page === 'result=OK'
  return { status: response.status, answer: page.slice(0, SHOWN), isTaken }
}

/** One connection for one record; one byte back. */
async function byTcp(url: URL, bytes: Buffer, signal: AbortSignal): Promise<Answer> {
  const socket = connect({ host: url.hostname, port: Number(url.port), signal })
  try {
    await once(socket, 'connect', { signal })
    socket.write(bytes)
    for await (const chunk of socket) {
      if (!(chunk instanceof Buffer) || chunk.length === 0) continue
      const answer = chunk.subarray(0, 1).toString('hex')
      return { status: null, answer: `0x${answer}`, isTaken: chunk[0] === ACK }
    }
    return { status: null, error: 'closed without an answer', isTaken: false }
  } finally {
    socket.destroy()
  }
}

/** As Java's URLEncoder writes EUC-KR. */
const percent = (bytes: Buffer): string =>
  bytes
    .toString('latin1')
    .replaceAll(/[^A-Za-z0-9_.*-]/g, (sign) =>
      sign === ' ' ? '+' : `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
