import { createHmac } from 'node:crypto'
import { MINUTE_MS, SECOND_MS, toIso } from '#lib/domain/kst.ts'
import { realNow } from '../clock.ts'
import type { NoticeMode } from '../notice-mode.ts'
import { describeFailure, NoticeQueue } from '../notice-queue.ts'
import { defaultWebhookSecret } from './merchant.ts'
import type { Notice } from './notice.ts'
import type { PortOneState, WebhookTarget } from './state.ts'

/** PortOne REST V2 1.16, webhooks: waits after each failed attempt, upper bounds with full jitter. */
const WAITS_MINUTES = [1, 4, 16, 64, 256]
const TIMEOUT_MS = 30 * SECOND_MS

/** PortOne's webhooks. When and in what order they leave is the queue's. */
export class WebhookSender {
  readonly #state: PortOneState
  readonly #defaultUrl: string | null
  readonly #queue: NoticeQueue<Notice>

  constructor(state: PortOneState, defaultUrl: string | null) {
    this.#state = state
    this.#defaultUrl = defaultUrl
    this.#queue = new NoticeQueue({
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
      attempt: (notice, closing) => this.#attempt(notice, closing),
      waitMs: (notice) => this.#nextWait(notice),
    })
  }

  target(storeId: string): WebhookTarget {
    return this.#state.target(storeId) ?? { url: this.#defaultUrl, secrets: [defaultWebhookSecret] }
  }

  dispatch(): void {
    this.#queue.dispatch()
  }

  setMode(payment: string, mode: NoticeMode): void {
    this.#queue.setMode(payment, mode)
  }

  /** Once more, under the same id. */
  sendAgain(notice: Notice): void {
    const again: Notice = { ...notice, trigger: 'MANUAL', state: 'due' }
    this.#state.record({ kind: 'notice', notice: again })
    this.#queue.enqueue(again, 1)
  }

  close(): void {
    this.#queue.close()
  }

  #nextWait(notice: Notice | undefined): number {
    const failures = notice?.attempts.length ?? 1
    const bound = WAITS_MINUTES[failures - 1] ?? 0
    return Math.random() * bound * MINUTE_MS * this.#state.settings.retryScale
  }

  async #attempt(notice: Notice, closing: AbortSignal): Promise<void> {
    const { url, secrets } = this.target(notice.storeId)
    if (url === null) return this.#state.record({ kind: 'notice', notice: { ...notice, state: 'no-target' } })
    const answer = await post(url, notice, secrets, closing)
    const now = this.#state.notice(notice.id)
    if (!now || closing.aborted) return
    const attempts = [...now.attempts, { at: toIso(realNow()), url, ...answer }]
    this.#state.record({ kind: 'notice', notice: { ...now, attempts, state: this.#stateAfter(now, attempts) } })
  }

  #stateAfter(notice: Notice, attempts: Notice['attempts']): Notice['state'] {
    const status = attempts.at(-1)?.status ?? 0
    const isSuccess = this.#state.settings.webhookSuccess === '200' ? status === 200 : status >= 200 && status < 300
    if (isSuccess || notice.state === 'delivered') return 'delivered'
    return attempts.length > WAITS_MINUTES.length ? 'gave-up' : 'due'
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
    return { status: null, error: describeFailure(error) }
  }
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
