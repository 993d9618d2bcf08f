import type { Server as HttpServer } from 'node:http'
import type { Server as TcpServer, Socket } from 'node:net'
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
import { changes } from './change-payment.ts'
import { newPayment } from './create-payment.ts'
import { Desk, operationNames } from './desk.ts'
import { httpServer } from './http-server.ts'
import { merchants } from './merchant.ts'
import { noticeQueue } from './notice-sender.ts'
import type { Notice } from './notice.ts'
import { outsideCancel } from './outside-cancel.ts'
import { cancelled, left, received, type Payment } from './payment.ts'
import { settingsSchema } from './settings.ts'
import { KsnetState, type KsnetEvent } from './state.ts'
import { tcpServer } from './tcp-server.ts'

const targetSchema = z.strictObject({
  mid: z.enum(merchants.map((merchant) => merchant.mid)).optional(),
  url: z
    .url({ protocol: /^(https?|tcp)$/ })
    .refine((url) => !url.startsWith('tcp:') || /^tcp:\/\/[^/:]+:\d+$/.test(url), 'tcp://host:port')
    .nullable(),
})

/** The KSNET stand-in: socket, web and REST, its state, its notices, and what the control API may do to it. */
export class Ksnet implements Gateway {
  readonly name = 'ksnet'
  readonly operations = operationNames
  readonly faultKinds = faultKinds.filter((kind) => !kind.startsWith('async'))
  readonly #clock: SandboxClock
  readonly #state: KsnetState
  readonly #notices: NoticeQueue<Notice>
  readonly #desk: Desk
  readonly #http: HttpServer
  readonly #tcp: TcpServer
  readonly #connections = new Set<Socket>()

  constructor(clock: SandboxClock, dataDir: string) {
    this.#clock = clock
    this.#state = new KsnetState(join(dataDir, 'sandbox', 'ksnet.jsonl'))
    this.#notices = noticeQueue(this.#state)
    this.#desk = new Desk(this.#state, clock, () => this.#notices.dispatch())
    this.#http = httpServer(this.#state, clock, this.#desk)
    this.#tcp = tcpServer(this.#state, clock, this.#desk)
    this.#tcp.on('connection', (socket) => {
      this.#connections.add(socket)
      socket.once('close', () => this.#connections.delete(socket))
    })
  }

  /** Takes up what a former run left unfinished, once the ports are ours. */
  async listen(ports: { http: number; tcp: number }): Promise<{ http: number; tcp: number }> {
    const http = await listen(this.#http, ports.http)
    const tcp = await listen(this.#tcp, ports.tcp)
    this.#notices.dispatch()
    return { http, tcp }
  }

  async close(): Promise<void> {
    this.#desk.letGo()
    this.#notices.close()
    await stop(this.#http)
    for (const socket of this.#connections) socket.destroy()
    await new Promise<void>((resolve) => {
      this.#tcp.close(() => resolve())
    })
    this.#state.close()
  }

  readonly changes = Object.fromEntries(
    Object.entries(changes).map(([name, change]) => [
      name,
      (trno: string, input: unknown) =>
        this.#change(trno, change(this.#state, this.#find(trno), input, this.#clock.now())),
    ]),
  )

  hasPayment(payment: string): boolean {
    return this.#state.payment(payment) !== undefined
  }

  createPayment(input: unknown): JsonObject {
    const { id, events } = newPayment(this.#state, input, this.#clock.now())
    this.#state.record(...events)
    this.#notices.dispatch()
    const payment = this.#state.payment(id)
    return payment ? this.#summary(payment) : { gateway: 'ksnet', status: 'AUTHENTICATED', commConId: id }
  }

  showPayment(payment: string): JsonObject {
    return this.#summary(this.#find(payment))
  }

  outsideCancel(input: unknown): JsonObject {
    const events = outsideCancel(this.#state, input, this.#clock.now())
    return this.#change(events.find((event) => event.kind === 'payment')?.payment.trno ?? '', events)
  }

  notices(): readonly JsonObject[] {
    return this.#state.notices.map((notice) => ({ gateway: 'ksnet', ...notice }))
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
    return merchants.map(({ mid }) => ({ mid, url: this.#state.target(mid) ?? null }))
  }

  setWebhookTarget(input: unknown): void {
    const { mid, url } = readInput(targetSchema, input)
    const named = merchants.filter((merchant) => mid === undefined || merchant.mid === mid)
    this.#state.record(...named.map((merchant) => ({ kind: 'notice-target' as const, mid: merchant.mid, url })))
  }

  reset(): void {
    this.#desk.letGo()
    this.#state.clear()
  }

  #change(trno: string, events: readonly KsnetEvent[]): JsonObject {
    this.#state.record(...events)
    this.#notices.dispatch()
    return this.#summary(this.#find(trno))
  }

  #summary(payment: Payment): JsonObject {
    const receipts = this.#state.receiptsOf(payment.trno)
    const cashReceipts = receipts.map((one) => ({ trno: one.trno, isCancelled: one.cancelledAt !== null }))
    return { ...summary(payment), cashReceipts }
  }

  #find(trno: string): Payment {
    const payment = this.#state.payment(trno)
    if (!payment) throw new ControlError(`payment: no payment ${trno}`)
    return payment
  }
}

/** The truth; `approval` is what the shop's server was answered. */
const summary = (payment: Payment): JsonObject => ({
  gateway: 'ksnet',
  paymentId: payment.trno,
  trno: payment.trno,
  mid: payment.mid,
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
  escrow: payment.escrow,
  accountNumber: payment.accountNo === '' ? undefined : payment.accountNo,
  approvalNumber: payment.approvalNo === '' ? undefined : payment.approvalNo,
  commConId: payment.commConId,
  approval: payment.approval,
})
