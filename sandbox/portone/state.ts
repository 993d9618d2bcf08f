import { randomInt } from 'node:crypto'
import { z } from 'zod'
import { storedInstant } from '../iso-instant.ts'
import { EventLog } from '../event-log.ts'
import { faultSchema, type Fault } from '../faults.ts'
import { journalEntrySchema, type JournalEntry } from '../journal.ts'
import { noticeModes, type NoticeMode } from '../notice-mode.ts'
import { noticeSchema, type Notice } from './notice.ts'
import { cashReceiptSchema, paymentSchema, type CashReceipt, type Payment } from './payment.ts'
import { defaultSettings, settingsSchema, type Settings } from './settings.ts'
import { SEQUENCES, sequenceOf } from './trno.ts'

const storedResponseSchema = z.object({
  key: z.string(),
  /** Method, address and body: what "the same request" means. */
  request: z.string(),
  status: z.number(),
  text: z.string(),
  at: storedInstant,
})
export type StoredResponse = z.infer<typeof storedResponseSchema>

const webhookTargetSchema = z.object({ url: z.string().nullable(), secrets: z.array(z.string()) })
export type WebhookTarget = z.infer<typeof webhookTargetSchema>

/** What can happen. A record is written whole each time it changes: what was said last holds. */
const eventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('payment'), payment: paymentSchema }),
  z.object({ kind: z.literal('cash-receipt'), receipt: cashReceiptSchema }),
  z.object({ kind: z.literal('response-stored'), response: storedResponseSchema }),
  z.object({ kind: z.literal('journal'), entry: journalEntrySchema }),
  z.object({ kind: z.literal('notice'), notice: noticeSchema }),
  z.object({ kind: z.literal('notice-modes'), modes: z.array(z.tuple([z.string(), z.enum(noticeModes)])) }),
  z.object({ kind: z.literal('webhook-target'), storeId: z.string(), target: webhookTargetSchema }),
  z.object({ kind: z.literal('faults'), faults: z.array(faultSchema) }),
  z.object({ kind: z.literal('settings'), settings: settingsSchema }),
])
export type PortOneEvent = z.infer<typeof eventSchema>
const lineSchema = z.array(eventSchema)

/** Payment ids are unique in a store. */
const keyOf = (storeId: string, paymentId: string): string => `${storeId} ${paymentId}`

function toggle(set: Set<string>, member: string, isIn: boolean): void {
  if (isIn) set.add(member)
  else set.delete(member)
}

/** Somewhere, so that a sandbox that was reset does not hand out numbers which a console already knows. */
const firstSequence = (): number => randomInt(SEQUENCES / 2)

export class PortOneState {
  readonly #log: EventLog
  readonly #payments = new Map<string, Payment>()
  readonly #paymentsById = new Map<string, Payment>()
  readonly #cashReceipts = new Map<string, CashReceipt>()
  readonly #responses = new Map<string, StoredResponse>()
  readonly #notices = new Map<string, Notice>()
  readonly #noticeIds = new Map<string, Set<string>>()
  readonly #due = new Set<string>()
  readonly #settling = new Set<string>()
  readonly #targets = new Map<string, WebhookTarget>()
  #noticeModes = new Map<string, NoticeMode>()
  #journal: JournalEntry[] = []
  #faults: readonly Fault[] = []
  #settings: Settings = defaultSettings
  #lastSequence = firstSequence()

  constructor(path: string) {
    this.#log = new EventLog(path)
    for (const line of this.#log.read()) this.#apply(lineSchema.parse(line))
  }

  /** Written first, then true: all of these events or, after a kill, none. */
  record(...events: readonly PortOneEvent[]): void {
    if (events.length === 0) return
    this.#log.append(events)
    this.#apply(events)
  }

  get payments(): readonly Payment[] {
    return [...this.#payments.values()]
  }
  get journal(): readonly JournalEntry[] {
    return this.#journal
  }
  get notices(): readonly Notice[] {
    return [...this.#notices.values()]
  }
  get faults(): readonly Fault[] {
    return this.#faults
  }
  get settings(): Settings {
    return this.#settings
  }
  get noticeModes(): ReadonlyMap<string, NoticeMode> {
    return this.#noticeModes
  }

  payment(storeId: string, paymentId: string): Payment | undefined {
    return this.#payments.get(keyOf(storeId, paymentId))
  }

  /** The control API names payments without their store, and keeps ids unique over all of them. */
  paymentAnywhere(paymentId: string): Payment | undefined {
    return this.#paymentsById.get(paymentId)
  }

  cashReceipt(storeId: string, paymentId: string): CashReceipt | undefined {
    return this.#cashReceipts.get(keyOf(storeId, paymentId))
  }

  response(key: string): StoredResponse | undefined {
    return this.#responses.get(key)
  }

  notice(id: string): Notice | undefined {
    return this.#notices.get(id)
  }

  noticesOf(payment: Payment): readonly Notice[] {
    const ids = this.#noticeIds.get(keyOf(payment.storeId, payment.id)) ?? new Set()
    return [...ids].flatMap((id) => this.#notices.get(id) ?? [])
  }

  /** Notices to be sent, oldest first. */
  get dueNotices(): readonly Notice[] {
    return [...this.#due].flatMap((id) => this.#notices.get(id) ?? [])
  }

  /** Payments with an asynchronous cancel still open. */
  get settling(): readonly Payment[] {
    return [...this.#settling].flatMap((key) => this.#payments.get(key) ?? [])
  }

  target(storeId: string): WebhookTarget | undefined {
    return this.#targets.get(storeId)
  }

  /** For the next trno. */
  nextSequence(): number {
    return this.#lastSequence + 1
  }

  clear(): void {
    this.#log.clear()
    this.#payments.clear()
    this.#paymentsById.clear()
    this.#cashReceipts.clear()
    this.#responses.clear()
    this.#notices.clear()
    this.#noticeIds.clear()
    this.#due.clear()
    this.#settling.clear()
    this.#targets.clear()
    this.#noticeModes = new Map()
    this.#journal = []
    this.#faults = []
    this.#settings = defaultSettings
    this.#lastSequence = firstSequence()
  }

  close(): void {
    this.#log.close()
  }

  #apply(events: readonly PortOneEvent[]): void {
    for (const event of events) this.#applyOne(event)
  }

  #applyOne(event: PortOneEvent): void {
    switch (event.kind) {
      case 'payment':
        return this.#applyPayment(event.payment)
      case 'cash-receipt':
        this.#cashReceipts.set(keyOf(event.receipt.storeId, event.receipt.paymentId), event.receipt)
        return
      case 'response-stored':
        this.#responses.set(event.response.key, event.response)
        return
      case 'journal':
        this.#journal.push(event.entry)
        return
      case 'notice':
        return this.#applyNotice(event.notice)
      case 'notice-modes':
        this.#noticeModes = new Map(event.modes)
        return
      case 'webhook-target':
        this.#targets.set(event.storeId, event.target)
        return
      case 'faults':
        this.#faults = event.faults
        return
      case 'settings':
        this.#settings = event.settings
        return
    }
  }

  #applyPayment(payment: Payment): void {
    const key = keyOf(payment.storeId, payment.id)
    this.#payments.set(key, payment)
    toggle(
      this.#settling,
      key,
      payment.cancellations.some((one) => one.status === 'REQUESTED'),
    )
    this.#paymentsById.set(payment.id, payment)
    const issued = payment.cancellations.at(-1)?.pgCancellationId ?? payment.pgTxId
    if (issued !== undefined) this.#lastSequence = Math.max(this.#lastSequence, sequenceOf(issued))
  }

  #applyNotice(notice: Notice): void {
    this.#notices.set(notice.id, notice)
    toggle(this.#due, notice.id, notice.state === 'due')
    const key = keyOf(notice.storeId, notice.payment)
    this.#noticeIds.set(key, (this.#noticeIds.get(key) ?? new Set()).add(notice.id))
  }
}
