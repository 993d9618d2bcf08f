import { join } from 'node:path'
import { z } from 'zod'
import type { SandboxClock } from '../clock.ts'
import { ControlError, readInput } from '../control-error.ts'
import { faultKinds, type Fault } from '../faults.ts'
import type { Gateway } from '../gateway.ts'
import { listen, stop } from '../http.ts'
import type { JournalEntry } from '../journal.ts'
import type { Json, JsonObject } from '../json.ts'
import type { NoticeMode } from '../notice-mode.ts'
import { cancellable, leftAtPg } from './amounts.ts'
import { AsyncCancels } from './async-cancels.ts'
import { deposit, moveEscrow, windowReceipt } from './change-payment.ts'
import { newPayment } from './create-payment.ts'
import { stores } from './merchant.ts'
import { newNotice, type Notice } from './notice.ts'
import { outsideCancel } from './outside-cancel.ts'
import type { Payment } from './payment.ts'
import { operations } from './routes.ts'
import { PortOneServer } from './server.ts'
import { settingsSchema } from './settings.ts'
import { PortOneState, type PortOneEvent } from './state.ts'
import { WebhookSender } from './webhook-sender.ts'

const settleSchema = z.strictObject({ succeeds: z.boolean().optional() })
const targetSchema = z.strictObject({
  storeId: z.enum(stores.map((store) => store.storeId)).optional(),
  url: z.url({ protocol: /^https?$/ }).nullable(),
  secrets: z
    .array(z.string().regex(/^(whsec_)?[A-Za-z0-9+/]+=*$/, 'not whsec_ and base64'))
    .min(1)
    .max(2)
    .optional(),
})

/** The PortOne stand-in: its wire, its state, its webhooks, and what the control API may do to it. */
export class PortOne implements Gateway {
  readonly name = 'portone'
  readonly operations = operations.map((operation) => operation.name)
  readonly faultKinds = faultKinds.filter((kind) => !kind.endsWith('-answer'))
  readonly #clock: SandboxClock
  readonly #state: PortOneState
  readonly #webhooks: WebhookSender
  readonly #asyncCancels: AsyncCancels
  readonly #server: PortOneServer

  constructor(clock: SandboxClock, dataDir: string, webhookUrl: string | null) {
    this.#clock = clock
    this.#state = new PortOneState(join(dataDir, 'sandbox', 'portone.jsonl'))
    this.#webhooks = new WebhookSender(this.#state, webhookUrl)
    this.#asyncCancels = new AsyncCancels(this.#state, clock, () => this.#afterwards())
    this.#server = new PortOneServer(this.#state, clock, () => this.#afterwards())
  }

  /** Takes up what a former run left unfinished, once the port is ours. */
  async listen(port: number): Promise<number> {
    const own = await listen(this.#server.http, port)
    this.#afterwards()
    return own
  }

  async close(): Promise<void> {
    this.#server.letGo()
    this.#webhooks.close()
    this.#asyncCancels.close()
    await stop(this.#server.http)
    this.#state.close()
  }

  readonly changes = {
    deposit: (payment: string, input: unknown) =>
      this.#change(payment, deposit(this.#find(payment), input, this.#clock.now())),
    escrow: (payment: string, input: unknown) =>
      this.#change(payment, moveEscrow(this.#find(payment), input, this.#clock.now())),
    settle: (payment: string, input: unknown) => this.#settle(payment, input),
  }

  hasPayment(payment: string): boolean {
    return this.#state.paymentAnywhere(payment) !== undefined
  }

  createPayment(input: unknown): JsonObject {
    const facts = { now: this.#clock.now(), sequence: this.#state.nextSequence(), settings: this.#state.settings }
    const { payment, skipWebhook } = newPayment(input, facts)
    if (this.hasPayment(payment.id)) throw new ControlError(`paymentId: ${payment.id} exists already`)
    const notices = skipWebhook ? [] : [newNotice(payment, { at: payment.statusChangedAt })]
    return this.#change(payment.id, [
      { kind: 'payment', payment },
      ...windowReceipt(payment),
      ...notices.map((notice) => ({ kind: 'notice' as const, notice })),
    ])
  }

  showPayment(payment: string): JsonObject {
    return summary(this.#find(payment))
  }

  outsideCancel(input: unknown): JsonObject {
    const events = outsideCancel(this.#state, this.#clock, input)
    const payment = events.find((event) => event.kind === 'payment')?.payment.id ?? ''
    return this.#change(payment, events)
  }

  notices(): readonly JsonObject[] {
    return this.#state.notices.map(noticeView)
  }

  setNoticeMode(payment: string, mode: NoticeMode): void {
    this.#webhooks.setMode(payment, mode)
  }

  sendNoticeAgain(payment: string): JsonObject {
    const last = this.#state.noticesOf(this.#find(payment)).at(-1)
    if (!last) throw new ControlError(`payment: ${payment} has no notice`)
    this.#webhooks.sendAgain(last)
    return { id: last.id }
  }

  faults(): readonly Fault[] {
    return this.#state.faults
  }

  setFaults(faults: readonly Fault[]): void {
    this.#state.record({ kind: 'faults', faults: [...faults] })
  }

  journal(): readonly JournalEntry[] {
    return this.#state.journal
  }

  settings(): JsonObject {
    return this.#state.settings
  }

  changeSettings(input: unknown): JsonObject {
    const change = readInput(z.record(z.string(), z.unknown()), input)
    const settings = readInput(settingsSchema, { ...this.#state.settings, ...change })
    this.#state.record({ kind: 'settings', settings })
    return settings
  }

  webhookTargets(): Json {
    return stores.map(({ storeId }) => ({ storeId, ...this.#webhooks.target(storeId) }))
  }

  setWebhookTarget(input: unknown): void {
    const { storeId, url, secrets } = readInput(targetSchema, input)
    const named = stores.filter((store) => storeId === undefined || store.storeId === storeId)
    for (const store of named) {
      const target = { url, secrets: secrets ?? this.#webhooks.target(store.storeId).secrets }
      this.#state.record({ kind: 'webhook-target', storeId: store.storeId, target })
    }
  }

  reset(): void {
    this.#server.letGo()
    this.#asyncCancels.close()
    this.#state.clear()
  }

  #settle(payment: string, input: unknown): JsonObject {
    const { succeeds } = readInput(settleSchema, input)
    const ended = this.#asyncCancels.settle(this.#find(payment), succeeds)
    if (ended === 0) throw new ControlError(`payment: ${payment} has no open asynchronous cancel`)
    return summary(this.#find(payment))
  }

  #change(payment: string, events: readonly PortOneEvent[]): JsonObject {
    this.#state.record(...events)
    this.#afterwards()
    return summary(this.#find(payment))
  }

  #find(id: string): Payment {
    const payment = this.#state.paymentAnywhere(id)
    if (!payment) throw new ControlError(`payment: no payment ${id}`)
    return payment
  }

  #afterwards(): void {
    this.#webhooks.dispatch()
    this.#asyncCancels.schedule()
  }
}

/** The truth, of which PortOne's wire shows a part. */
const summary = (payment: Payment): JsonObject => ({
  gateway: 'portone',
  paymentId: payment.id,
  transactionId: payment.transactionId,
  pgTxId: payment.pgTxId ?? null,
  storeId: payment.storeId,
  channelKey: payment.channelKey,
  status: payment.status,
  amount: payment.total,
  taxFree: payment.taxFree,
  approvalNumber: 'approvalNumber' in payment.method ? payment.method.approvalNumber : undefined,
  accountNumber: 'accountNumber' in payment.method ? payment.method.accountNumber : undefined,
  cancellable: payment.paidAt === undefined ? 0 : cancellable(payment),
  leftAtPg: payment.paidAt === undefined ? 0 : leftAtPg(payment),
})

const noticeView = ({ id, storeId, payment, type, state, trigger, attempts, body }: Notice): JsonObject => ({
  gateway: 'portone',
  id,
  storeId,
  payment,
  type,
  state,
  trigger,
  attempts,
  body,
})
