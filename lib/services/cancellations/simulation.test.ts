// Whatever clerks, workers, crashes, the gateway and others do in whatever order: the sums hold after every step, no intent
// moves money twice, and in the end nothing is left open but what nobody can know.
import { createHmac, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { isOpen, isOut } from '#lib/domain/cancellation.ts'
import { fromDate, HOUR_MS, instant, MINUTE_MS, plus, SECOND_MS, toIso, type Instant } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { db } from '#lib/server/db.ts'
import { seal } from '#lib/server/crypto.ts'
import { env } from '#lib/server/env.ts'
import { log } from '#lib/server/log.ts'
import type { Context, Person } from '#lib/server/context.ts'
import {
  accountOf,
  contextOf,
  control,
  invariantsOf,
  newPayment,
  newWorld,
  person,
  sheetFor,
  systemContext,
  type Made,
  type World,
} from '#lib/testing/world.ts'
import type { Attempt } from '#prisma/client/client.ts'
import { apiSecret, defaultWebhookSecret, stores } from '#sandbox/portone/merchant.ts'
import { applyNotice } from '../notices/apply-notice.ts'
import { receiveNotice } from '../notices/receive-notice.ts'
import { pollFeed } from '../payments/poll-feed.ts'
import { readAtGateway } from '../payments/read-at-gateway.ts'
import { recordOutcome, type Heard } from './record-outcome.ts'
import { requestCancellation, type RequestCancellation } from './request-cancellation.ts'
import { claimSending, sendCancellation, talkInTime, type Claim } from './send-cancellation.ts'
import { sweepCancellations } from './sweep-cancellations.ts'
import { withdrawCancellation } from './withdraw-cancellation.ts'

const RUNS = 40
const RECEIVED = 10_000
const REPLAY_MS = 2 * HOUR_MS

const cancelFaults = [
  'reply-lost',
  'request-lost',
  'html-502',
  'empty-body',
  'error-though-done',
  'async',
  'async-fail',
  'slow',
  'late',
] as const
const inquireFaults = ['html-502', 'reply-lost', 'empty-body'] as const
const waits = [SECOND_MS, 20 * SECOND_MS, 95 * SECOND_MS, 6 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS]

/** What one of those involved does next. */
type Step =
  /** Opens a sheet and, if wanted, goes on at once: submits it, has it sent, or is stopped with the permission to send it. */
  | {
      readonly kind: 'open'
      readonly clerk: number
      readonly tenths: number
      readonly taxFree: 'least' | 'most'
      readonly next: 'nothing' | 'submit' | 'send' | 'claim' | 'talk'
    }
  | { readonly kind: 'submit'; readonly clerk: number; readonly changed: boolean }
  | { readonly kind: 'send' | 'withdraw' | 'claim' | 'talk' | 'record'; readonly which: number }
  | { readonly kind: 'sweep' | 'read' | 'feed' | 'notice' | 'settle' }
  | { readonly kind: 'wait'; readonly ms: number; readonly sweeps: boolean }
  | { readonly kind: 'cancelFault'; readonly fault: (typeof cancelFaults)[number] }
  | { readonly kind: 'inquireFault'; readonly fault: (typeof inquireFaults)[number] }
  /** The secret in our settings is right or wrong; the payment gateway takes one partial cancel or nine. */
  | { readonly kind: 'secret' | 'limit'; readonly right: boolean }
  | { readonly kind: 'outside'; readonly where: 'portone-console' | 'pg-admin'; readonly tenths: number }

const constant = fc.constant
const clerk = fc.constantFrom(0, 1)
const which = fc.nat({ max: 2 })
const tenths = fc.constantFrom(1, 3, 6, 10)
const is = <Kind extends string>(kind: Kind) => constant(kind)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 16,
    arbitrary: fc.record({
      kind: is('open'),
      clerk,
      tenths,
      taxFree: fc.constantFrom<('least' | 'most')[]>('least', 'most'),
      next: fc.constantFrom<('nothing' | 'submit' | 'send' | 'claim' | 'talk')[]>(
        'nothing',
        'submit',
        'send',
        'claim',
        'talk',
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: is('submit'),
      clerk,
      changed: fc.oneof({ weight: 5, arbitrary: constant(false) }, { weight: 1, arbitrary: constant(true) }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: is('send'), which }) },
  { weight: 1, arbitrary: fc.record({ kind: is('withdraw'), which }) },
  { weight: 2, arbitrary: fc.record({ kind: is('claim'), which }) },
  { weight: 3, arbitrary: fc.record({ kind: is('talk'), which }) },
  { weight: 3, arbitrary: fc.record({ kind: is('record'), which }) },
  { weight: 5, arbitrary: fc.record({ kind: is('sweep') }) },
  { weight: 1, arbitrary: fc.record({ kind: is('read') }) },
  { weight: 1, arbitrary: fc.record({ kind: is('feed') }) },
  { weight: 1, arbitrary: fc.record({ kind: is('notice') }) },
  { weight: 1, arbitrary: fc.record({ kind: is('settle') }) },
  {
    weight: 10,
    arbitrary: fc.record({ kind: is('wait'), ms: fc.constantFrom(...waits), sweeps: fc.boolean() }),
  },
  { weight: 8, arbitrary: fc.record({ kind: is('cancelFault'), fault: fc.constantFrom(...cancelFaults) }) },
  { weight: 2, arbitrary: fc.record({ kind: is('inquireFault'), fault: fc.constantFrom(...inquireFaults) }) },
  { weight: 2, arbitrary: fc.record({ kind: is('secret'), right: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: is('limit'), right: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: is('outside'),
      where: fc.constantFrom<('portone-console' | 'pg-admin')[]>('portone-console', 'pg-admin'),
      tenths: fc.constantFrom(1, 3),
    }),
  },
)
/** Each turn is one step, or several at once. */
const turns = fc.noBias(
  fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.tuple(step) },
      { weight: 1, arbitrary: fc.array(step, { minLength: 2, maxLength: 4, size: 'max' }) },
    ),
    { minLength: 4, maxLength: 15, size: 'max' },
  ),
)

type Held = { readonly claim: Claim; heard: Promise<Heard> | null }

/** One payment, and all that happens to it. */
class Run {
  readonly #world: World
  readonly #payment: Made
  readonly #clerks: readonly Person[]
  readonly #sheets: (RequestCancellation | null)[] = [null, null]
  readonly #taken = new Set<string>()
  readonly #held: Held[] = []
  #clock: Instant = instant(Date.now())

  private constructor(world: World, payment: Made, clerks: readonly Person[]) {
    this.#world = world
    this.#payment = payment
    this.#clerks = clerks
  }

  static async begin(taxFree: number): Promise<Run> {
    await control('/reset', {})
    vi.mocked(log.error).mockClear()
    await db.$executeRaw`UPDATE "Cancellation" SET "nextAskAt" = NULL WHERE "nextAskAt" IS NOT NULL`
    const world = await newWorld()
    const clerks = [world.operator, await person(world.storeId, 'OPERATOR')]
    const wish = { amount: RECEIVED, taxFree }
    // After a reset the sandbox may give a number of the PG's that an earlier run had; the next one is free.
    return new Run(world, await newPayment(world, wish).catch(() => newPayment(world, wish)), clerks)
  }

  /** Says what does not hold afterwards. */
  async take(steps: readonly Step[]): Promise<string[]> {
    const results = await Promise.allSettled(steps.map((each) => this.#step(each)))
    const thrown = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []))
    return [...thrown, ...(await this.#broken())]
  }

  /** Faults are over, and time goes on until everything that can be known is known. */
  async end(): Promise<string[]> {
    await control('/faults', undefined, 'DELETE')
    await control('/settings', { gateway: 'portone', maxPartialCancels: 9 })
    await this.#secret(true)
    await this.#settle()
    const lost = await this.#neverAskedInTime()
    for (let minutes = 1; minutes <= 512; minutes *= 2) {
      for (let turn = 0; turn < 3; turn += 1) {
        await this.#wait(minutes * MINUTE_MS)
        await this.#sweep()
      }
    }
    await readAtGateway(this.#system(), await accountOf(this.#world), this.#payment.paymentId)
    return [...(await this.#broken()), ...(await this.#unfinished(lost))]
  }

  #system = (): Context => ({ ...systemContext(), now: () => this.#clock })
  #clerk(index: number): Context {
    const someone = this.#clerks[index]
    if (!someone) throw new Error(`no clerk ${index}`)
    return { ...contextOf(someone), now: () => this.#clock }
  }

  async #step(now: Step): Promise<unknown> {
    switch (now.kind) {
      case 'open':
        return this.#open(now)
      case 'submit':
        return this.#submit(now.clerk, now.changed)
      case 'send':
        return this.#withIntent(now.which, (id) => sendCancellation(this.#system(), id))
      case 'withdraw':
        return this.#withIntent(now.which, (id) =>
          unless(['cancellation.not_withdrawable'], withdrawCancellation(this.#clerk(0), { id })),
        )
      case 'claim':
        return this.#withIntent(now.which, (id) => this.#claim(id))
      case 'talk':
        return this.#talk(now.which)
      case 'record':
        return this.#record(now.which)
      case 'sweep':
        return sweepCancellations(this.#system())
      case 'read':
        return readAtGateway(this.#system(), await accountOf(this.#world), this.#payment.paymentId)
      case 'feed':
        return pollFeed(this.#system(), this.#world.accountId)
      case 'notice':
        return this.#notice()
      case 'settle':
        return this.#settle()
      case 'wait':
        await this.#wait(now.ms)
        return now.sweeps ? this.#sweep() : undefined
      case 'cancelFault':
        return this.#fault('cancel', now.fault)
      case 'inquireFault':
        return this.#fault('inquire', now.fault)
      case 'secret':
        return this.#secret(now.right)
      case 'limit':
        return control('/settings', { gateway: 'portone', maxPartialCancels: now.right ? 9 : 1 })
      case 'outside':
        return this.#outside(now.where, now.tenths)
    }
  }

  async #open({ clerk: index, tenths, taxFree: part, next }: Extract<Step, { kind: 'open' }>): Promise<void> {
    const shown = await sheetFor(this.#payment, 1)
    const amount = Math.floor((shown.remainder * tenths) / 10)
    if (amount === 0) return
    const taxable = shown.remainder - shown.remainderTaxFree
    const taxFree = part === 'least' ? Math.max(0, amount - taxable) : Math.min(amount, shown.remainderTaxFree)
    this.#sheets[index] = { ...shown, amount, taxFree }
    if (next === 'nothing') return
    await this.#submit(index, false)
    if (next === 'send') await sendCancellation(this.#system(), shown.id)
    if (next === 'claim' || next === 'talk') await this.#claim(shown.id)
    if (next === 'talk') await this.#talk(0)
  }

  async #submit(index: number, changed: boolean): Promise<void> {
    const sheet = this.#sheets[index]
    if (!sheet) return
    const known = this.#taken.has(sheet.id)
    const wish = changed ? { ...sheet, amount: sheet.amount + 1 } : sheet
    const refusals = ['request.reused_id', 'cancellation.open', 'cancellation.stale', 'cancellation.refused'] as const
    const made = await unless(known && !changed ? [] : refusals, requestCancellation(this.#clerk(index), wish))
    if (!made) return
    if (made.id !== sheet.id || (known && changed)) throw new Error(`${sheet.id} was answered ${made.id}`)
    this.#sheets[index] = wish
    this.#taken.add(sheet.id)
  }

  /** The newest, the one before it, or the one before that. */
  async #withIntent(which: number, run: (id: string) => Promise<unknown>): Promise<void> {
    const id = [...this.#taken].at(-1 - which)
    if (id !== undefined) await run(id)
  }

  /** A process that took the permission to talk and was then stopped, for a while or for ever. */
  async #claim(id: string): Promise<void> {
    const claim = await claimSending(this.#system(), id)
    if (claim) this.#held.push({ claim, heard: null })
  }

  async #talk(which: number): Promise<void> {
    const held = this.#held.filter((one) => one.heard === null).at(-1 - which)
    if (!held) return
    held.heard = talkInTime(this.#system(), held.claim)
    await held.heard
  }

  async #record(which: number): Promise<void> {
    const held = this.#held.filter((one) => one.heard !== null).at(-1 - which)
    if (held?.heard) await recordOutcome(this.#system(), held.claim, await held.heard)
  }

  async #notice(): Promise<void> {
    const id = `msg_${randomUUID()}`
    const timestamp = String(Math.floor(Date.now() / 1000))
    const data = { storeId: stores[0]?.storeId, paymentId: this.#payment.paymentId, transactionId: 't' }
    const body = JSON.stringify({ type: 'Transaction.PartialCancelled', timestamp: toIso(this.#clock), data })
    const signature = createHmac('sha256', Buffer.from(defaultWebhookSecret.slice('whsec_'.length), 'base64'))
      .update(`${id}.${timestamp}.${body}`)
      .digest('base64')
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
    await receiveNotice(this.#system(), { accountId: this.#world.accountId, body, headers })
    const stored = await db.notice.findFirstOrThrow({ where: { messageId: id } })
    await applyNotice(this.#system(), stored.id)
  }

  async #wait(ms: number): Promise<void> {
    this.#clock = plus(this.#clock, ms)
    await control('/clock', { now: toIso(this.#clock) })
  }

  /** Ends what is asynchronous; with nothing to end it is refused. */
  async #settle(): Promise<void> {
    await control(`/payments/${this.#payment.paymentId}/settle`, {}).catch(() => undefined)
  }

  async #sweep(): Promise<void> {
    while ((await sweepCancellations(this.#system())) > 0);
  }

  async #fault(operation: 'cancel' | 'inquire', fault: string): Promise<void> {
    const ms = fault.startsWith('async') ? 12 * HOUR_MS : 40
    await control('/faults', { gateway: 'portone', operation, fault, ms })
  }

  async #secret(right: boolean): Promise<void> {
    const id = this.#world.accountId
    const { secrets } = await db.gatewayAccount.findUniqueOrThrow({ where: { id } })
    const changed = seal(right ? apiSecret : 'another-api-secret', ['GatewayAccount', id, 'apiSecret'])
    const data = { secrets: { ...z.record(z.string(), z.string()).parse(secrets), apiSecret: changed } }
    await db.gatewayAccount.update({ where: { id }, data })
  }

  async #outside(where: string, tenths: number): Promise<void> {
    const payment = this.#payment.paymentId
    const told = outsideView.parse(await control(`/payments/${payment}`))
    const amount = Math.floor((told.leftAtPg * tenths) / 10)
    // What the gateway itself refuses, such as more than the taxable part that is left, is no cancel.
    if (amount > 0) await control('/outside-cancel', { payment, amount, where }).catch(() => undefined)
  }

  async #broken(): Promise<string[]> {
    const payment = await db.payment.findUniqueOrThrow({
      where: { id: this.#payment.id },
      include: { refunds: true, cancellations: { include: { attempts: true } } },
    })
    const told = await toldBy(this.#payment.paymentId)
    const broken = [
      ...(await invariantsOf(payment.id)),
      ...vi.mocked(log.error).mock.calls.map((call) => JSON.stringify(call)),
    ]
    const say = (wrong: boolean, text: string) => wrong && broken.push(text)
    say(payment.refunded > payment.received || payment.refundedTaxFree > payment.receivedTaxFree, 'over-refund')
    for (const refund of payment.refunds) {
      const fact = told.find((one) => one.id === refund.gatewayCancellationId)
      say(fact?.status !== 'SUCCEEDED' || BigInt(fact.totalAmount) !== refund.amount, `refund ${refund.id} is no fact`)
    }
    for (const one of payment.cancellations) {
      const made = told.filter((fact) => fact.reason.includes(`[${one.token}]`) && fact.status !== 'FAILED')
      const sent = one.attempts.filter((attempt) => attempt.outcome !== 'not_sent')
      say(!replayedInTime(sent), `${one.id} was sent again out of time`)
      say(made.length > 1, `${one.id} made ${made.length} times`)
      say(sent.length > 2, `${one.id} sent ${sent.length} times`)
      say(made.length > 0 && one.state !== 'DONE' && !isOut(one.state), `${one.id} is ${one.state}, and was made`)
      say(one.state === 'DONE' && made[0]?.totalAmount !== Number(one.amount), `${one.id} is DONE, and was not made`)
      say(!isOpen(one.state) && !(await hasAudit(one.id)), `${one.id} ended without an audit row`)
    }
    const attempts = payment.cancellations.reduce((count, one) => count + one.attempts.length, 0)
    return [...broken, ...(await brokenJournal(this.#payment.paymentId, attempts))]
  }

  /** Intents of which the next question comes only when a replay is no longer safe. */
  async #neverAskedInTime(): Promise<Set<string>> {
    const rows = await db.cancellation.findMany({
      where: { paymentId: this.#payment.id },
      include: { attempts: { orderBy: { number: 'asc' } } },
    })
    const late = rows.filter(({ state, settleBy, nextAskAt, attempts }) => {
      const first = attempts.find((attempt) => attempt.outcome !== 'not_sent')
      if (!isOut(state) || !first || !settleBy) return false
      const asks = Math.max(settleBy.getTime(), nextAskAt?.getTime() ?? 0, this.#clock)
      // The steps of `end` are minutes apart.
      return asks + 10 * MINUTE_MS >= fromDate(first.startedAt) + REPLAY_MS
    })
    return new Set(late.map((one) => one.id))
  }

  async #unfinished(lost: ReadonlySet<string>): Promise<string[]> {
    const payment = await db.payment.findUniqueOrThrow({
      where: { id: this.#payment.id },
      include: { cancellations: { include: { attempts: true } } },
    })
    const told = await toldBy(this.#payment.paymentId)
    const succeeded = told.filter((one) => one.status === 'SUCCEEDED')
    const sum = succeeded.reduce((total, one) => total + one.totalAmount, 0)
    const broken = Number(payment.refunded) === sum ? [] : [`refunded ${payment.refunded}, PortOne says ${sum}`]
    for (const one of payment.cancellations.filter(({ state }) => isOpen(state))) {
      const sent = one.attempts.filter((attempt) => attempt.outcome !== 'not_sent').length
      const replayed = sent === 2
      const tooLarge =
        payment.refunded + one.amount > payment.received ||
        payment.refundedTaxFree + one.taxFree > payment.receivedTaxFree ||
        payment.refunded - payment.refundedTaxFree + one.amount - one.taxFree >
          payment.received - payment.receivedTaxFree
      const unknowable = one.state === 'UNCONFIRMED' && (replayed || lost.has(one.id) || tooLarge)
      if (!unknowable) broken.push(`${one.id} is still ${one.state}: ${one.cause}, sent ${sent} times`)
    }
    return broken
  }
}

/** Not before an answer can no longer come, not after the key may be forgotten. */
function replayedInTime(sent: readonly Attempt[]): boolean {
  const [first, second] = sent.toSorted((a, b) => a.number - b.number)
  if (!first || !second) return true
  return second.startedAt >= first.settleBy && second.startedAt.getTime() < first.startedAt.getTime() + REPLAY_MS
}

const outsideView = z.object({ leftAtPg: z.number() })
const told = z.object({ id: z.string(), status: z.string(), totalAmount: z.number(), reason: z.string() })
const listed = z.object({ items: z.array(z.object({ id: z.string(), cancellations: z.array(told).optional() })) })

/** What PortOne itself knows, by an operation that no fault strikes. */
async function toldBy(paymentId: string): Promise<readonly z.infer<typeof told>[]> {
  const filter = { until: '2100-01-01T00:00:00Z', from: '2000-01-01T00:00:00Z' }
  const query = encodeURIComponent(JSON.stringify({ filter, page: { number: 0, size: 10 } }))
  const answer = await fetch(`http://127.0.0.1:${env.sandbox.portonePort}/payments?requestBody=${query}`, {
    headers: { Authorization: `PortOne ${apiSecret}` },
  })
  const { items } = listed.parse(await answer.json())
  return items.find((item) => item.id === paymentId)?.cancellations ?? []
}

const entries = z.array(
  z.object({
    operation: z.string(),
    effect: z.string(),
    status: z.number().nullable(),
    idempotencyKey: z.string().optional(),
  }),
)

async function brokenJournal(paymentId: string, attempts: number): Promise<string[]> {
  const journal = entries.parse(await control(`/journal?gateway=portone&payment=${encodeURIComponent(paymentId)}`))
  const cancels = journal.filter((entry) => entry.operation === 'cancel')
  // An asynchronous end is no request.
  const asked = cancels.filter((entry) => entry.status !== null || entry.effect === 'none').length
  const keys = cancels.flatMap(({ effect, idempotencyKey }) =>
    (effect === 'executed' || effect === 'accepted') && idempotencyKey !== undefined ? [idempotencyKey] : [],
  )
  return [
    ...(asked > attempts ? [`asked ${asked} times with ${attempts} attempts`] : []),
    ...(new Set(keys).size === keys.length ? [] : [`a key executed twice: ${keys.join()}`]),
  ]
}

const ends = ['cancellation.outcome', 'cancellation.withdraw']
async function hasAudit(id: string): Promise<boolean> {
  return (
    (await db.auditEntry.count({ where: { action: { in: ends }, facts: { path: ['cancellation'], equals: id } } })) > 0
  )
}

/** Null where it was refused with one of these; any other error ends the run. */
async function unless<Value>(codes: readonly string[], run: Promise<Value>): Promise<Value | null> {
  try {
    return await run
  } catch (error) {
    if (error instanceof DomainError && codes.includes(error.code)) return null
    throw error
  }
}

describe('a cancellation, whatever happens', () => {
  // What a sweep logs as broken would otherwise go unseen.
  beforeEach(() => {
    vi.spyOn(log, 'error')
  })

  it('is made at most once, and comes to an end that is true', { timeout: 60_000 + RUNS * 10_000 }, async () => {
    const taxFree = fc.constantFrom(0, 4_000)
    const property = fc.asyncProperty(taxFree, turns, async (part, all) => {
      const run = await Run.begin(part)
      for (const steps of all) expect(await run.take(steps)).toEqual([])
      expect(await run.end()).toEqual([])
    })
    await fc.assert(property, {
      numRuns: RUNS,
      interruptAfterTimeLimit: 60_000 + RUNS * 8_000,
    })
  })
})
