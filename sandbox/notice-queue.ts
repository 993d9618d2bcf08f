import { setTimeout as wait } from 'node:timers/promises'
import type { NoticeMode } from './notice-mode.ts'
import { report } from './report.ts'

export interface QueuedNotice {
  readonly id: string
  readonly payment: string
  /** `due` is to be sent, or sent again; `held` waits for the control API, or for a second one. */
  readonly state: 'held' | 'due' | 'delivered' | 'gave-up' | 'no-target'
}

/** What a gateway's notices are, where they are kept, and how one is sent. */
export interface Post<Notice extends QueuedNotice> {
  readonly notices: readonly Notice[]
  /** Notices to be sent, oldest first. */
  readonly dueNotices: readonly Notice[]
  readonly noticeModes: ReadonlyMap<string, NoticeMode>
  notice(id: string): Notice | undefined
  save(notice: Notice): void
  saveModes(modes: [string, NoticeMode][]): void
  /** Sends it once, and saves what came of it. */
  attempt(notice: Notice, closing: AbortSignal): Promise<void>
  /** How long to wait before the next attempt. */
  waitMs(notice: Notice | undefined): number
}

/** Sends what is due. In normal mode a payment's notices leave in order; those that have to be repeated may be overtaken. */
export class NoticeQueue<Notice extends QueuedNotice> {
  readonly #post: Post<Notice>
  readonly #closing = new AbortController()
  readonly #queues = new Map<string, Promise<void>>()
  /** On their way, or waiting for their next attempt. */
  readonly #busy = new Set<string>()

  constructor(post: Post<Notice>) {
    this.#post = post
  }

  /** Looks at what has become due, and sends or keeps it. */
  dispatch(): void {
    for (const notice of this.#post.dueNotices) {
      if (this.#busy.has(notice.id)) continue
      const mode = this.#modeOf(notice.payment)
      if (mode === 'withhold' || mode === 'reorder') this.#post.save({ ...notice, state: 'held' })
      else this.enqueue(notice, mode === 'duplicate' ? 2 : 1)
      if (mode === 'reorder') this.#releasePair(notice)
    }
  }

  setMode(payment: string, mode: NoticeMode): void {
    const modes = payment === '*' ? new Map([['*', mode]]) : new Map(this.#post.noticeModes).set(payment, mode)
    this.#post.saveModes([...modes])
    if (mode !== 'deliver' && mode !== 'duplicate') return
    const held = this.#post.notices.filter((notice) => notice.state === 'held')
    this.#release(held.filter((notice) => payment === '*' || notice.payment === payment))
  }

  enqueue({ id, payment }: Notice, copies: number): void {
    this.#busy.add(id)
    const before = this.#queues.get(payment) ?? Promise.resolve()
    const after = before.then(() => this.#sendFirst(id, copies)).catch((error: unknown) => this.#report(error))
    this.#queues.set(payment, after)
  }

  close(): void {
    this.#closing.abort()
  }

  #modeOf(payment: string): NoticeMode {
    const modes = this.#post.noticeModes
    return modes.get(payment) ?? modes.get('*') ?? 'deliver'
  }

  #releasePair({ payment }: Notice): void {
    const held = this.#post.notices.filter((notice) => notice.payment === payment && notice.state === 'held')
    if (held.length > 1) this.#release(held.toReversed())
  }

  #release(held: readonly Notice[]): void {
    for (const notice of held) {
      const due: Notice = { ...notice, state: 'due' }
      this.#post.save(due)
      this.enqueue(due, this.#modeOf(notice.payment) === 'duplicate' ? 2 : 1)
    }
  }

  async #sendFirst(id: string, copies: number): Promise<void> {
    for (let copy = 0; copy < copies; copy++) await this.#attempt(id)
    // Not awaited: a target that is down must not hold up the payment's next notice.
    this.#repeat(id).catch((error: unknown) => this.#report(error))
  }

  async #repeat(id: string): Promise<void> {
    while (this.#post.notice(id)?.state === 'due' && !this.#closing.signal.aborted) {
      const ms = this.#post.waitMs(this.#post.notice(id))
      await wait(ms, undefined, { signal: this.#closing.signal, ref: false })
      await this.#attempt(id)
    }
    this.#busy.delete(id)
  }

  async #attempt(id: string): Promise<void> {
    const notice = this.#post.notice(id)
    if (notice) await this.#post.attempt(notice, this.#closing.signal)
  }

  #report(error: unknown): void {
    if (!this.#closing.signal.aborted) report(error)
  }
}

/** Why nothing came back. */
export const describeFailure = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
