import type { Server } from 'node:http'
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
import type { NoticeQueue } from '../notice-queue.ts'
import { operationNames } from './call.ts'
import { changes } from './change-payment.ts'
import { newPayment } from './create-payment.ts'
import { Desk } from './desk.ts'
import { sites } from './merchant.ts'
import { moduleServer } from './module-server.ts'
import { noticeQueue } from './notice-sender.ts'
import type { Notice } from './notice.ts'
import { outsideCancel } from './outside-cancel.ts'
import { cancelled, left, received, type Payment } from './payment.ts'
import { restServer } from './rest-server.ts'
import { settingsSchema } from './settings.ts'
import { KcpState, type KcpEvent } from './state.ts'

/** KCP's program, as a stand-in. */
export const modulePath = join(import.meta.dirname, 'pp_cli')

const targetSchema = z.strictObject({
  siteCd: z.enum(sites.map((site) => site.siteCd)).optional(),
  url: z.url({ protocol: /^https?$/ }).nullable(),
})

/** The KCP stand-in: both its ways, its state, its notices, and what the control API may do to it. */
export class Kcp implements Gateway {
  readonly name = 'kcp'
  readonly operations = operationNames
  readonly faultKinds = faultKinds.filter((kind) => !/^async|-answer$/.test(kind))
  readonly #clock: SandboxClock
  readonly #state: KcpState
  readonly #notices: NoticeQueue<Notice>
  readonly #desk: Desk
  readonly #rest: Server
  readonly #module: Server

  constructor(clock: SandboxClock, dataDir: string) {
    this.#clock = clock
    this.#state = new KcpState(join(dataDir, 'sandbox', 'kcp.jsonl'))
    this.#notices = noticeQueue(this.#state)
    this.#desk = new Desk(this.#state, clock, () => this.#notices.dispatch())
    this.#rest = restServer(this.#state, clock, this.#desk)
    this.#module = moduleServer(this.#state, clock, this.#desk)
  }

  /** Takes up what a former run left unfinished, once the ports are ours. */
  async listen(ports: { http: number; module: number }): Promise<{ http: number; module: number }> {
    const http = await listen(this.#rest, ports.http)
    const below = await listen(this.#module, ports.module)
    this.#notices.dispatch()
    return { http, module: below }
  }

  async close(): Promise<void> {
    this.#desk.letGo()
    this.#notices.close()
    await stop(this.#rest)
    await stop(this.#module)
    this.#state.close()
  }

  readonly changes = Object.fromEntries(
    Object.entries(changes).map(([name, change]) => [
      name,
      (tno: string, input: unknown) => this.#change(tno, change(this.#find(tno), input, this.#clock.now())),
    ]),
  )

  hasPayment(payment: string): boolean {
    return this.#state.payment(payment) !== undefined
  }

  createPayment(input: unknown): JsonObject {
    const events = newPayment(this.#state, input, this.#clock.now())
    return this.#change(events.find((event) => event.kind === 'payment')?.payment.tno ?? '', events)
  }

  showPayment(payment: string): JsonObject {
    return summary(this.#find(payment))
  }

  outsideCancel(input: unknown): JsonObject {
    const events = outsideCancel(this.#state, input, this.#clock.now())
    return this.#change(events.find((event) => event.kind === 'payment')?.payment.tno ?? '', events)
  }

  notices(): readonly JsonObject[] {
    return this.#state.notices.map((notice) => ({ gateway: 'kcp', ...notice }))
  }

  setNoticeMode(payment: string, mode: NoticeMode): void {
    this.#notices.setMode(payment, mode)
  }

  sendNoticeAgain(payment: string): JsonObject {
    const last = this.#state.notices.findLast((notice) => notice.payment === payment)
    if (!last) throw new ControlError(`payment: ${payment} has no notice`)
    const again: Notice = { ...last, state: 'due' }
    this.#state.record({ kind: 'notice', notice: again })
    this.#notices.enqueue(again, 1)
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
    return sites.map(({ siteCd }) => ({ siteCd, url: this.#state.target(siteCd) ?? null }))
  }

  setWebhookTarget(input: unknown): void {
    const { siteCd, url } = readInput(targetSchema, input)
    const named = sites.filter((site) => siteCd === undefined || site.siteCd === siteCd)
    this.#state.record(...named.map((site) => ({ kind: 'notice-target' as const, siteCd: site.siteCd, url })))
  }

  reset(): void {
    this.#desk.letGo()
    this.#state.clear()
  }

  #change(tno: string, events: readonly KcpEvent[]): JsonObject {
    this.#state.record(...events)
    this.#notices.dispatch()
    return summary(this.#find(tno))
  }

  #find(tno: string): Payment {
    const payment = this.#state.payment(tno)
    if (!payment) throw new ControlError(`payment: no payment ${tno}`)
    return payment
  }
}

/** The truth; `approval` is what the shop's server was answered. */
const summary = (payment: Payment): JsonObject => ({
  gateway: 'kcp',
  paymentId: payment.tno,
  tno: payment.tno,
  siteCd: payment.siteCd,
  orderNo: payment.orderNo,
  orderName: payment.orderName,
  buyer: payment.buyer,
  method: payment.method,
  status: payment.status,
  amount: payment.amount,
  taxFree: payment.taxFree,
  received: received(payment),
  cancelled: cancelled(payment),
  left: left(payment),
  escrow: payment.escrow ?? null,
  accountNumber: payment.approval['account'],
  approvalNumber: payment.approval['app_no'],
  approval: payment.approval,
})
