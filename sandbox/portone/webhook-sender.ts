import { createHmac } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { MINUTE_MS, SECOND_MS, toIso } from '#lib/domain/kst.ts'
import { realNow } from '../clock.ts'
import type { NoticeMode } from '../notice-mode.ts'
import { report } from '../report.ts'
import { defaultWebhookSecret } from './merchant.ts'
import type { Notice } from './notice.ts'
import type { PortOneState, WebhookTarget } from './state.ts'

/** PortOne REST V2 1.16, webhooks: waits after each failed attempt, upper bounds with full jitter. */
const WAITS_MINUTES = [1, 4, 16, 64, 256]
const TIMEOUT_MS = 30 * SECOND_MS

/** Sends what is due. In normal mode a payment's notices leave in order; those that have to be repeated may be overtaken. */
export class WebhookSender {
  readonly #state: PortOneState
  readonly #defaultUrl: string | null
  readonly #closing = new AbortController()
  readonly #queues = new Map<string, Promise<void>>()
  /** On their way, or waiting for their next attempt. */
  readonly #busy = new Set<string>()

  constructor(state: PortOneState, defaultUrl: string | null) {
    this.#state = state
    this.#defaultUrl = defaultUrl
  }

  target(storeId: string): WebhookTarget {
    return this.#state.target(storeId) ?? { url: this.#defaultUrl, secrets: [defaultWebhookSecret] }
  }

  /** Looks at what has become due, and sends or keeps it. */
  dispatch(): void {
    for (const notice of this.#state.dueNotices) {
      if (this.#busy.has(notice.id)) continue
      const mode = this.#modeOf(notice.payment)
      if (mode === 'withhold' || mode === 'reorder') this.#hold(notice)
      else this.#enqueue(notice, mode === 'duplicate' ? 2 : 1)
      if (mode === 'reorder') this.#releasePair(notice)
    }
  }

  setMode(payment: string, mode: NoticeMode): void {
    const modes = payment === '*' ? new Map([['*', mode]]) : new Map(this.#state.noticeModes).set(payment, mode)
    this.#state.record({ kind: 'notice-modes', modes: [...modes] })
    if (mode !== 'deliver' && mode !== 'duplicate') return
    const held = this.#state.notices.filter((notice) => notice.state === 'held')
    this.#release(held.filter((notice) => payment === '*' || notice.payment === payment))
  }

  /** Once more, under the same id. */
  sendAgain(notice: Notice): void {
    const again: Notice = { ...notice, trigger: 'MANUAL', state: 'due' }
    this.#state.record({ kind: 'notice', notice: again })
    this.#enqueue(again, 1)
  }

  close(): void {
    this.#closing.abort()
  }

  #modeOf(payment: string): NoticeMode {
    const modes = this.#state.noticeModes
    return modes.get(payment) ?? modes.get('*') ?? 'deliver'
  }

  #hold(notice: Notice): void {
    this.#state.record({ kind: 'notice', notice: { ...notice, state: 'held' } })
  }

  #releasePair({ payment }: Notice): void {
    const held = this.#state.notices.filter((notice) => notice.payment === payment && notice.state === 'held')
    if (held.length > 1) this.#release(held.toReversed())
  }

  #release(held: readonly Notice[]): void {
    for (const notice of held) {
      const due: Notice = { ...notice, state: 'due' }
      this.#state.record({ kind: 'notice', notice: due })
      this.#enqueue(due, this.#modeOf(notice.payment) === 'duplicate' ? 2 : 1)
    }
  }

  #enqueue({ id, payment }: Notice, copies: number): void {
    this.#busy.add(id)
    const before = this.#queues.get(payment) ?? Promise.resolve()
    const after = before.then(() => this.#sendFirst(id, copies)).catch((error: unknown) => this.#report(error))
    this.#queues.set(payment, after)
  }

  async #sendFirst(id: string, copies: number): Promise<void> {
    for (let copy = 0; copy < copies; copy++) await this.#attempt(id)
    // Not awaited: a target that is down must not hold up the payment's next notice.
    this.#repeat(id).catch((error: unknown) => this.#report(error))
  }

  async #repeat(id: string): Promise<void> {
    while (this.#state.notice(id)?.state === 'due' && !this.#closing.signal.aborted) {
      await wait(this.#nextWait(id), undefined, { signal: this.#closing.signal, ref: false })
      await this.#attempt(id)
    }
    this.#busy.delete(id)
  }

  #nextWait(id: string): number {
    const failures = this.#state.notice(id)?.attempts.length ?? 1
    const bound = WAITS_MINUTES[failures - 1] ?? 0
    return Math.random() * bound * MINUTE_MS * this.#state.settings.retryScale
  }

  async #attempt(id: string): Promise<void> {
    const notice = this.#state.notice(id)
    if (!notice) return
    const { url, secrets } = this.target(notice.storeId)
    if (url === null) return this.#state.record({ kind: 'notice', notice: { ...notice, state: 'no-target' } })
    const answer = await post(url, notice, secrets, this.#closing.signal)
    const now = this.#state.notice(id)
    if (!now || this.#closing.signal.aborted) return
    const attempts = [...now.attempts, { at: toIso(realNow()), url, ...answer }]
    this.#state.record({ kind: 'notice', notice: { ...now, attempts, state: this.#stateAfter(now, attempts) } })
  }

  #stateAfter(notice: Notice, attempts: Notice['attempts']): Notice['state'] {
    const status = attempts.at(-1)?.status ?? 0
    const isSuccess = this.#state.settings.webhookSuccess === '200' ? status === 200 : status >= 200 && status < 300
    if (isSuccess || notice.state === 'delivered') return 'delivered'
    return attempts.length > WAITS_MINUTES.length ? 'gave-up' : 'due'
  }

  #report(error: unknown): void {
    if (!this.#closing.signal.aborted) report(error)
  }
}

async function post(
  url: string,
  notice: Notice,
  secrets: readonly string[],
  closing: AbortSignal,
): Promise<{ status: number | null; error?: string }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signedHeaders(notice, secrets) },
      body: notice.body,
      redirect: 'manual',
      signal: AbortSignal.any([closing, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    await response.arrayBuffer()
    return { status: response.status }
  } catch (error) {
    return { status: null, error: describe(error) }
  }
}

const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

/** Standard Webhooks; one signature per active secret. The time is the real one, which is what verifiers compare with. */
export function signedHeaders(notice: Pick<Notice, 'id' | 'body'>, secrets: readonly string[]): Record<string, string> {
  const timestamp = String(Math.floor(realNow() / SECOND_MS))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    return `v1,${createHmac('sha256', key).update(`${notice.id}.${timestamp}.${notice.body}`).digest('base64')}`
  })
  return { 'webhook-id': notice.id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}
