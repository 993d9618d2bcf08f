import { z } from 'zod'
import { kstDate, type KstDate } from '#lib/domain/kst.ts'
import { EventLog } from '../event-log.ts'
import { faultSchema, type Fault } from '../faults.ts'
import { journalEntrySchema, type JournalEntry } from '../journal.ts'
import { noticeModes, type NoticeMode } from '../notice-mode.ts'
import { noticeSchema, type Notice } from './notice.ts'
import { paymentSchema, receiptSchema, type Payment, type Receipt } from './payment.ts'
import { defaultSettings, settingsSchema, type Settings } from './settings.ts'
import { trnoFor, type TrnoKind } from './stamp.ts'
import { windowSchema, type Window } from './window.ts'

/** What can happen. A record is written whole each time it changes: what was said last holds. */
const eventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('payment'), payment: paymentSchema }),
  z.object({ kind: z.literal('receipt'), receipt: receiptSchema }),
  z.object({ kind: z.literal('window'), window: windowSchema }),
  z.object({ kind: z.literal('journal'), entry: journalEntrySchema }),
  z.object({ kind: z.literal('notice'), notice: noticeSchema }),
  z.object({ kind: z.literal('notice-modes'), modes: z.array(z.tuple([z.string(), z.enum(noticeModes)])) }),
  z.object({ kind: z.literal('notice-target'), mid: z.string(), url: z.string().nullable() }),
  z.object({ kind: z.literal('faults'), faults: z.array(faultSchema) }),
  z.object({ kind: z.literal('settings'), settings: settingsSchema }),
])
export type KsnetEvent = z.infer<typeof eventSchema>
const lineSchema = z.array(eventSchema)

export class KsnetState {
  readonly #log: EventLog
  readonly #payments = new Map<string, Payment>()
  readonly #byOrder = new Map<string, string>()
  readonly #receipts = new Map<string, Receipt>()
  readonly #windows = new Map<string, Window>()
  readonly #notices = new Map<string, Notice>()
  readonly #due = new Set<string>()
  readonly #targets = new Map<string, string | null>()
  #noticeModes = new Map<string, NoticeMode>()
  #journal: JournalEntry[] = []
  #faults: readonly Fault[] = []
  #settings: Settings = defaultSettings

  constructor(path: string) {
    this.#log = new EventLog(path)
    for (const line of this.#log.read()) for (const event of lineSchema.parse(line)) this.#apply(event)
  }

  /** Written first, then true: all of these events or, after a kill, none. */
  record(...events: readonly KsnetEvent[]): void {
    if (events.length === 0) return
    this.#log.append(events)
    for (const event of events) this.#apply(event)
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
  /** Notices to be sent, oldest first. */
  get dueNotices(): readonly Notice[] {
    return [...this.#due].flatMap((id) => this.#notices.get(id) ?? [])
  }

  payment(trno: string): Payment | undefined {
    return this.#payments.get(trno)
  }

  /** The last one of that order on that day; a shop may use an order number again. */
  paymentOfOrder(mid: string, orderNo: string, day: KstDate): Payment | undefined {
    return this.#payments.get(this.#byOrder.get(`${mid} ${day} ${orderNo}`) ?? '')
  }

  receipt(trno: string): Receipt | undefined {
    return this.#receipts.get(trno)
  }

  receiptsOf(payment: string): readonly Receipt[] {
    return [...this.#receipts.values()].filter((one) => one.payment === payment)
  }

  window(key: string): Window | undefined {
    return this.#windows.get(key)
  }

  notice(id: string): Notice | undefined {
    return this.#notices.get(id)
  }

  /** `undefined` where nobody said. */
  target(mid: string): string | null | undefined {
    return this.#targets.get(mid)
  }

  freeTrno(kind: TrnoKind, at: Payment['approvedAt']): string {
    const trno = trnoFor(kind, at)
    return this.#payments.has(trno) || this.#receipts.has(trno) ? this.freeTrno(kind, at) : trno
  }

  clear(): void {
    this.#log.clear()
    for (const map of [this.#payments, this.#byOrder, this.#receipts, this.#windows, this.#notices]) map.clear()
    this.#due.clear()
    this.#targets.clear()
    this.#noticeModes = new Map()
    this.#journal = []
    this.#faults = []
    this.#settings = defaultSettings
  }

  close(): void {
    this.#log.close()
  }

  #apply(event: KsnetEvent): void {
    switch (event.kind) {
      case 'payment': {
        const { payment } = event
        this.#payments.set(payment.trno, payment)
        this.#byOrder.set(`${payment.mid} ${kstDate(payment.approvedAt)} ${payment.orderNo}`, payment.trno)
        return
      }
      case 'receipt':
        this.#receipts.set(event.receipt.trno, event.receipt)
        return
      case 'window':
        this.#windows.set(event.window.key, event.window)
        return
      case 'journal':
        this.#journal.push(event.entry)
        return
      case 'notice':
        this.#notices.set(event.notice.id, event.notice)
        if (event.notice.state === 'due') this.#due.add(event.notice.id)
        else this.#due.delete(event.notice.id)
        return
      case 'notice-modes':
        this.#noticeModes = new Map(event.modes)
        return
      case 'notice-target':
        this.#targets.set(event.mid, event.url)
        return
      case 'faults':
        this.#faults = event.faults
        return
      case 'settings':
        this.#settings = event.settings
        return
    }
  }
}
