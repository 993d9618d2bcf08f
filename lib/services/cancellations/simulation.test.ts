// Whatever clerks, their second persons, workers, crashes, the gateway and others do in whatever order: the sums hold after every
// step, no intent moves money twice, without the agreed person or into another account, and in the end nothing is left open but
// what nobody can know.
import { createHmac, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { isOpen, isOut } from '#lib/domain/cancellation.ts'
import {
  DAY_MS,
  fromDate,
  HOUR_MS,
  instant,
  kstDate,
  MINUTE_MS,
  plus,
  SECOND_MS,
  startOfDay,
  toIso,
  type Instant,
} from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { db } from '#lib/server/db.ts'
import { seal, unseal } from '#lib/server/crypto.ts'
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
import type { Approval, Attempt, Cancellation } from '#prisma/client/client.ts'
import { apiSecret, defaultWebhookSecret, stores } from '#sandbox/portone/merchant.ts'
import { checkAccount } from '../account-checks/check-account.ts'
import { openSealedAccount } from '../account-checks/refund-account.ts'
import { uploadEvidence } from '../evidence/evidence.ts'
import { applyNotice } from '../notices/apply-notice.ts'
import { receiveNotice } from '../notices/receive-notice.ts'
import { pollFeed } from '../payments/poll-feed.ts'
import { readAtGateway } from '../payments/read-at-gateway.ts'
import { resumeSending, stopSending } from '../stores/manage-stores.ts'
import { approveCancellation, rejectCancellation } from './approve-cancellation.ts'
import { recordOutcome, type Heard } from './record-outcome.ts'
import { requestCancellation, type RequestCancellation } from './request-cancellation.ts'
import { decideResolution, proposeResolution } from './resolve-cancellation.ts'
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
const closeFaults = ['reply-lost', 'request-lost', 'html-502', 'empty-body', 'error-though-done'] as const
const losses = ['reply-lost', 'request-lost'] as const
const inquireFaults = ['html-502', 'reply-lost', 'empty-body'] as const
/** What stands on the sheet: an account that is checked just now, the last check with its account, with another one, or none. */
const proofs = ['fresh', 'fresh', 'fresh', 'reused', 'edited', 'none'] as const
const nexts = ['nothing', 'submit', 'send', 'agree', 'agree', 'claim', 'talk'] as const
const HONG = { bank: '88', number: '110123456789', holder: '홍길동' } as const
const OTHER = { ...HONG, number: '110222333444', holder: '홍길순' } as const
const PNG = Buffer.from('89504e470d0a1a0a00', 'hex').toString('base64')

/** A payment, its store's rules, and the hour at which it begins. */
type Shape = {
  readonly of: 'card' | 'deposit' | 'issued'
  readonly taxFree: number
  readonly above: number | null
  readonly hour: number
  readonly closesAs: 'CANCELLED' | 'FAILED'
}
const shapes: fc.Arbitrary<Shape> = fc.record({
  of: fc.oneof(
    { weight: 4, arbitrary: fc.constant<'card'>('card') },
    { weight: 3, arbitrary: fc.constant<'deposit'>('deposit') },
    { weight: 2, arbitrary: fc.constant<'issued'>('issued') },
  ),
  taxFree: fc.constantFrom(0, 4_000),
  above: fc.constantFrom(null, null, 1, 3_000),
  hour: fc.constantFrom(5.9, 14, 14, 22.9, 23.5),
  closesAs: fc.constantFrom<('CANCELLED' | 'FAILED')[]>('CANCELLED', 'FAILED'),
})

const waits = [SECOND_MS, 20 * SECOND_MS, 95 * SECOND_MS, 6 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS]

/** What one of those involved does next. */
type Step =
  /** Opens a sheet and, if wanted, goes on at once: submits it, has it agreed to and sent, or is stopped with the permission. */
  | {
      readonly kind: 'open'
      readonly clerk: number
      readonly tenths: number
      readonly taxFree: 'least' | 'most'
      readonly next: (typeof nexts)[number]
      readonly proof: (typeof proofs)[number]
      readonly later: boolean
    }
  | { readonly kind: 'close'; readonly clerk: number; readonly next: (typeof nexts)[number] }
  | { readonly kind: 'closeFault'; readonly fault: (typeof closeFaults)[number] }
  | { readonly kind: 'deposit' | 'stop' | 'resume' | 'morning' | 'evening' | 'twoSweeps' }
  | {
      readonly kind: 'decide'
      readonly by: number
      readonly which: number
      readonly agree: boolean
      readonly twice: boolean
    }
  /** Two people say what became of an intent that asking does not settle; they may be wrong. */
  | {
      readonly kind: 'people'
      readonly right: boolean
      readonly agree: boolean
      readonly fault: (typeof losses)[number]
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
    weight: 30,
    arbitrary: fc.record({
      kind: is('open'),
      clerk,
      tenths,
      taxFree: fc.constantFrom<('least' | 'most')[]>('least', 'most'),
      next: fc.constantFrom(...nexts),
      proof: fc.constantFrom(...proofs),
      later: fc.boolean(),
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
  { weight: 4, arbitrary: fc.record({ kind: is('close'), clerk, next: fc.constantFrom(...nexts) }) },
  { weight: 2, arbitrary: fc.record({ kind: is('closeFault'), fault: fc.constantFrom(...closeFaults) }) },
  { weight: 2, arbitrary: fc.record({ kind: is('deposit') }) },
  { weight: 1, arbitrary: fc.record({ kind: is('stop') }) },
  { weight: 3, arbitrary: fc.record({ kind: is('resume') }) },
  { weight: 3, arbitrary: fc.record({ kind: is('morning') }) },
  { weight: 1, arbitrary: fc.record({ kind: is('evening') }) },
  { weight: 3, arbitrary: fc.record({ kind: is('twoSweeps') }) },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: is('decide'),
      by: fc.constantFrom(1, 2),
      which: fc.constantFrom(0, 0, 1),
      agree: fc.constantFrom(true, true, true, false),
      twice: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: is('people'),
      fault: fc.constantFrom(...losses),
      right: fc.constantFrom(true, true, false),
      agree: fc.constantFrom(true, true, true, false),
    }),
  },
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
    { minLength: 5, maxLength: 18, size: 'max' },
  ),
)

type Held = { readonly claim: Claim; heard: Promise<Heard> | null }

/** One payment, and all that happens to it. */
class Run {
  readonly #world: World
  readonly #payment: Made
  readonly #clerks: readonly Person[]
  readonly #shape: Shape
  readonly #sheets: (RequestCancellation | null)[] = [null, null]
  #proof: { checkId: string; account: typeof HONG | typeof OTHER } | null = null
  readonly #taken = new Set<string>()
  readonly #held: Held[] = []
  #clock: Instant

  private constructor(world: World, payment: Made, clerks: readonly Person[], shape: Shape, clock: Instant) {
    this.#shape = shape
    this.#clock = clock
    this.#world = world
    this.#payment = payment
    this.#clerks = clerks
  }

  static async begin(shape: Shape): Promise<Run> {
    await control('/reset', {})
    await control('/settings', { gateway: 'portone', platform: true, vaCloseStatus: shape.closesAs })
    vi.mocked(log.error).mockClear()
    await db.rateLimiterFlexible.deleteMany()
    await db.$executeRaw`UPDATE "Cancellation" SET "nextAskAt" = NULL WHERE "nextAskAt" IS NOT NULL`
    const world = await newWorld()
    await db.channel.update({ where: { id: world.channelId }, data: { contract: { vaRefund: true } } })
    const approvalAbove = shape.above === null ? null : BigInt(shape.above)
    await db.store.update({ where: { id: world.storeId }, data: { approvalAbove } })
    // An operator, and two who may agree to what another asked.
    const clerks = [world.operator, await person(world.storeId, 'MANAGER'), await person(world.storeId, 'MANAGER')]
    // Not before the machine's time, by which the payment is read first.
    const clock = plus(startOfDay(kstDate(instant(Date.now()))), DAY_MS + shape.hour * HOUR_MS)
    await control('/clock', { now: toIso(clock) })
    const isAccount = shape.of !== 'card'
    const wish = {
      amount: RECEIVED,
      ...(isAccount
        ? { method: 'VIRTUAL_ACCOUNT', status: shape.of === 'deposit' ? 'PAID' : 'VIRTUAL_ACCOUNT_ISSUED' }
        : { taxFree: shape.taxFree }),
    }
    // After a reset the sandbox may give a number of the PG's that an earlier run had; the next one is free.
    const payment = await newPayment(world, wish).catch(() => newPayment(world, wish))
    return new Run(world, payment, clerks, shape, clock)
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
    await resumeSending(this.#clerk(1), { storeId: this.#world.storeId })
    await this.#settle()
    // What waits for the morning is sent before the steps grow long.
    const waits = { paymentId: this.#payment.id, state: 'SCHEDULED' as const }
    if ((await db.cancellation.count({ where: waits })) > 0) {
      await this.#until(6)
      await this.#sweep()
    }
    const lost = await this.#neverAskedInTime()
    for (let minutes = 1; minutes <= 512; minutes *= 2) {
      for (let turn = 0; turn < 3; turn += 1) {
        await this.#wait(minutes * MINUTE_MS)
        await this.#sweep()
      }
    }
    // Nobody agrees any more.
    await this.#wait(73 * HOUR_MS)
    await this.#sweep()
    await readAtGateway(this.#system(), await accountOf(this.#world), this.#payment.paymentId)
    return [...(await this.#broken()), ...(await this.#unfinished(lost))]
  }

  /** No two moments are the same, so that what came first can be told. */
  #tick = (): Instant => (this.#clock = plus(this.#clock, 1))
  #system = (): Context => ({ ...systemContext(), now: this.#tick })
  #clerk(index: number): Context {
    const someone = this.#clerks[index]
    if (!someone) throw new Error(`no clerk ${index}`)
    return { ...contextOf(someone), now: this.#tick }
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
      case 'close':
        return this.#close(now.clerk, now.next)
      case 'closeFault':
        return this.#fault('close', now.fault)
      case 'deposit':
        // Where nothing can be paid in it is refused.
        return control(`/payments/${this.#payment.paymentId}/deposit`, { late: true }).catch(() => undefined)
      case 'stop':
        return stopSending(this.#clerk(1), { storeId: this.#world.storeId, why: '점검' })
      case 'resume':
        return resumeSending(this.#clerk(2), { storeId: this.#world.storeId })
      case 'morning':
        return this.#until(6)
      case 'evening':
        return this.#until(23)
      case 'twoSweeps':
        return Promise.all([this.#sweep(), this.#sweep()])
      case 'decide':
        return this.#withIntent(now.which, (id) => this.#decide(id, now))
      case 'people':
        return this.#people(now)
    }
  }

  async #open(now: Extract<Step, { kind: 'open' }>): Promise<void> {
    const shown = await sheetFor(this.#payment, 1)
    const amount = Math.floor((shown.remainder * now.tenths) / 10)
    if (amount <= 0) return
    const taxable = shown.remainder - shown.remainderTaxFree
    const taxFree = now.taxFree === 'least' ? Math.max(0, amount - taxable) : Math.min(amount, shown.remainderTaxFree)
    const account = this.#shape.of === 'card' ? null : await this.#account(now.clerk, now.proof)
    this.#sheets[now.clerk] = { ...shown, amount, taxFree, later: now.later, ...(account && { account }) }
    await this.#goOn(shown.id, now.clerk, now.next)
  }

  async #close(clerk: number, next: (typeof nexts)[number]): Promise<void> {
    if (this.#shape.of !== 'issued') return
    const shown = await sheetFor(this.#payment, 0)
    this.#sheets[clerk] = { ...shown, kind: 'CLOSE' }
    await this.#goOn(shown.id, clerk, next)
  }

  async #goOn(id: string, clerk: number, next: (typeof nexts)[number]): Promise<void> {
    if (next === 'nothing') return
    await this.#submit(clerk, false)
    if (next === 'agree') await this.#decide(id, { by: 2, agree: true, twice: false })
    if (next === 'send' || next === 'agree') await sendCancellation(this.#system(), id)
    if (next === 'claim' || next === 'talk') await this.#claim(id)
    if (next === 'talk') await this.#talk(0)
  }

  async #account(clerk: number, proof: (typeof proofs)[number]) {
    if (proof === 'none') return null
    if (proof === 'fresh' || this.#proof === null) {
      const wish = { paymentId: this.#payment.id, ...HONG }
      const check = await unless(['account_check.too_many'], checkAccount(this.#clerk(clerk), wish))
      if (check) this.#proof = { checkId: check.id, account: HONG }
    }
    if (this.#proof === null) return null
    const { checkId, account } = this.#proof
    return { checkId, ...(proof === 'edited' ? OTHER : account) }
  }

  async #decide(
    id: string,
    { by, agree, twice }: Omit<Extract<Step, { kind: 'decide' }>, 'kind' | 'which'>,
  ): Promise<void> {
    const approval = await db.approval.findUnique({ where: { cancellationId: id } })
    if (!approval) return
    const decide = (context: Context) =>
      unless(
        ['cancellation.not_awaiting', 'cancellation.own_request', 'cancellation.snapshot_changed', 'sending.stopped'],
        agree
          ? approveCancellation(context, { id, snapshotHash: approval.snapshotHash })
          : rejectCancellation(context, { id, note: '확인 필요' }),
      )
    await Promise.all((twice ? [1, 2] : [by]).map((index) => decide(this.#clerk(index))))
  }

  /** Something is sent, and its answer never comes. */
  async #lose(fault: (typeof losses)[number]): Promise<void> {
    await this.#fault(this.#shape.of === 'issued' ? 'close' : 'cancel', fault)
    if (this.#shape.of === 'issued') return this.#close(0, 'send')
    const wish = { clerk: 0, tenths: 3, taxFree: 'least', proof: 'fresh', later: false } as const
    return this.#open({ kind: 'open', next: 'agree', ...wish })
  }

  async #people({ right, agree, fault }: Extract<Step, { kind: 'people' }>): Promise<void> {
    const stuck = { paymentId: this.#payment.id, state: 'UNCONFIRMED' as const }
    if ((await db.cancellation.count({ where: stuck })) === 0) await this.#lose(fault)
    const found = await db.cancellation.findFirst({ where: stuck })
    if (!found) return
    await this.#wait(MINUTE_MS)
    for (let times = found.asked; times < 3; times += 1) {
      await this.#fault('inquire', 'html-502')
      await this.#wait(HOUR_MS)
      await this.#sweep()
    }
    const one = await db.cancellation.findFirst({ where: stuck })
    if (!one) return
    const made = (await toldBy(this.#payment.paymentId)).some(
      (fact) => fact.reason.includes(`[${one.token}]`) && fact.status !== 'FAILED',
    )
    const happened = made === right
    const upload = { paymentId: this.#payment.id, name: '회신.png', data: PNG }
    const evidence = happened
      ? { kind: 'approval_number' as const, approvalNumber: one.token, again: one.token }
      : {
          kind: 'agent' as const,
          agent: '상담원',
          spokenAt: this.#clock,
          evidenceId: (await uploadEvidence(this.#clerk(1), upload)).id,
        }
    const refusals = ['cancellation.not_closable', 'resolution.decided'] as const
    const wish = { cancellationId: one.id, happened, evidence, note: '확인' }
    const proposed = await unless(refusals, proposeResolution(this.#clerk(1), wish))
    if (!proposed) return
    const alone = await unless(
      ['resolution.own_proposal', 'cancellation.not_closable', 'resolution.decided'],
      decideResolution(this.#clerk(1), { id: proposed.id, agree: true }),
    )
    if (alone) throw new Error('one person decided alone')
    await unless(refusals, decideResolution(this.#clerk(2), { id: proposed.id, agree }))
  }

  async #until(hour: number): Promise<void> {
    const today = plus(startOfDay(kstDate(this.#clock)), hour * HOUR_MS)
    await this.#wait((today > this.#clock ? today : plus(today, DAY_MS)) - this.#clock)
  }

  async #submit(index: number, changed: boolean): Promise<void> {
    const sheet = this.#sheets[index]
    if (!sheet) return
    const known = this.#taken.has(sheet.id)
    if (changed && sheet.kind === 'CLOSE') return
    const wish = changed ? { ...sheet, amount: sheet.amount + 1 } : sheet
    const refusals = [
      'request.reused_id',
      'cancellation.open',
      'cancellation.stale',
      'cancellation.refused',
      'sending.stopped',
    ] as const
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

  async #fault(operation: 'cancel' | 'inquire' | 'close', fault: string): Promise<void> {
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
      include: { refunds: true, cancellations: { include: { attempts: true, approval: true } } },
    })
    const told = await toldBy(this.#payment.paymentId)
    const broken = [
      ...(await invariantsOf(payment.id)),
      ...vi.mocked(log.error).mock.calls.map((call) => JSON.stringify(call)),
    ]
    const say = (wrong: boolean, text: string) => wrong && broken.push(text)
    const madeOf = ({ token }: Cancellation) =>
      told.filter((fact) => fact.reason.includes(`[${token}]`) && fact.status !== 'FAILED')
    const byPeople = await db.resolution.findMany({ where: { agreed: true, cancellation: { paymentId: payment.id } } })
    const decided = new Map(byPeople.map(({ cancellationId, happened }) => [cancellationId, happened]))
    // What people wrongly hold for refunded is in our sums and not in the gateway's.
    const wrongly = payment.cancellations.filter((one) => decided.get(one.id) === true && madeOf(one).length === 0)
    const wrong = wrongly.reduce((sum, one) => sum + one.amount, 0n)
    say(payment.refunded - wrong > payment.received, 'over-refund')
    say(wrong === 0n && payment.refundedTaxFree > payment.receivedTaxFree, 'over-refund of the tax-free part')
    for (const refund of payment.refunds) {
      if (refund.gatewayCancellationId === `people:${refund.cancellationId}`) continue
      const fact = told.find((one) => one.id === refund.gatewayCancellationId)
      say(fact?.status !== 'SUCCEEDED' || BigInt(fact.totalAmount) !== refund.amount, `refund ${refund.id} is no fact`)
    }
    for (const one of payment.cancellations) {
      const made = madeOf(one)
      const sent = one.attempts.filter((attempt) => attempt.outcome !== 'not_sent')
      const people = decided.get(one.id)
      const counted = payment.refunds.filter(
        (refund) => refund.cancellationId === one.id || made.some(({ id }) => id === refund.gatewayCancellationId),
      )
      say(counted.length > 1, `${one.id} is counted ${counted.length} times`)
      say(!replayedInTime(sent), `${one.id} was sent again out of time`)
      say(made.length > 1, `${one.id} made ${made.length} times`)
      say(sent.length > 2, `${one.id} sent ${sent.length} times`)
      say(
        made.length > 0 && one.state !== 'DONE' && !isOut(one.state) && people !== false,
        `${one.id} is ${one.state}, and was made`,
      )
      if (one.kind === 'CANCEL')
        say(
          one.state === 'DONE' && made[0]?.totalAmount !== Number(one.amount) && people !== true,
          `${one.id} is DONE, and was not made`,
        )
      else say(one.state === 'DONE' && payment.closedAt === null, `${one.id} is DONE, and nothing is closed`)
      say(!isOpen(one.state) && !(await hasAudit(one.id)), `${one.id} ended without an audit row`)
      say(!agreedTo(one, this.#shape.above), `${one.id} was sent without the second person`)
      say(isWaiting(one) && one.attempts.length > 0, `${one.id} is ${one.state}, and was sent`)
      if (this.#shape.of !== 'card' && one.kind === 'CANCEL') say(!(await intoChecked(one)), `${one.id}: other account`)
    }
    const attempts = payment.cancellations.flatMap((one) => one.attempts)
    return [
      ...broken,
      ...(await brokenJournal(this.#payment.paymentId, attempts)),
      ...(await sentWhileStopped(this.#world.storeId, attempts)),
    ]
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
      const asks = instant(Math.max(settleBy.getTime(), nextAskAt?.getTime() ?? 0, this.#clock))
      // The steps of `end` are minutes apart.
      const after = plus(asks, 10 * MINUTE_MS)
      const isClosed = this.#shape.of !== 'card' && (atNight(asks) || atNight(plus(asks, 35 * MINUTE_MS)))
      return isClosed || after >= fromDate(first.startedAt) + REPLAY_MS
    })
    return new Set(late.map((one) => one.id))
  }

  async #unfinished(lost: ReadonlySet<string>): Promise<string[]> {
    const payment = await db.payment.findUniqueOrThrow({
      where: { id: this.#payment.id },
      include: { cancellations: { include: { attempts: true } } },
    })
    const told = await toldBy(this.#payment.paymentId)
    // The entry of an account that was closed before anybody paid is no refund.
    const succeeded = payment.paidAt === null ? [] : told.filter((one) => one.status === 'SUCCEEDED')
    const people = await db.resolution.findMany({
      where: { agreed: true, happened: true, cancellation: { paymentId: payment.id, kind: 'CANCEL' } },
      include: { cancellation: true },
    })
    const wrong = people.filter(
      ({ cancellation: { token } }) => !succeeded.some((one) => one.reason.includes(`[${token}]`)),
    )
    const sum =
      succeeded.reduce((total, one) => total + one.totalAmount, 0) +
      wrong.reduce((total, { cancellation }) => total + Number(cancellation.amount), 0)
    const broken = Number(payment.refunded) === sum ? [] : [`refunded ${payment.refunded}, PortOne says ${sum}`]
    const unseen = people.filter(({ seenAt }) => seenAt === null).length
    if (unseen !== wrong.length)
      broken.push(`${unseen} of people's decisions were not seen, ${wrong.length} were wrong`)
    const { closedAt, paidAt, id: paymentId } = payment
    if (closedAt && paidAt && (await db.task.count({ where: { paymentId, kind: 'deposit_after_close' } })) === 0)
      broken.push('paid after closing, and nobody is told')
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

const isWaiting = ({ state }: Cancellation) =>
  state === 'AWAITING_APPROVAL' || state === 'SCHEDULED' || state === 'REJECTED'

/** What needs a second person is sent only after another than who asked agreed. */
function agreedTo(
  one: Cancellation & { attempts: readonly Attempt[]; approval: Approval | null },
  above: number | null,
) {
  const needed = one.kind === 'CANCEL' && (one.afterId !== null || (above !== null && one.amount >= above))
  if (one.attempts.length === 0) return !needed || one.approval !== null
  const { approval } = one
  if (approval === null) return !needed
  return approval.approved === true && approval.decidedById !== null && approval.decidedById !== one.requestedById
}

const sentBody = z.object({ body: z.string() })
const sentAccount = z.object({ refundAccount: z.object({ number: z.string(), holderName: z.string() }) })
/** The account in each message is the one in the check that the intent used up. */
async function intoChecked(one: Cancellation & { attempts: readonly Attempt[] }): Promise<boolean> {
  const check = await db.accountCheck.findUnique({ where: { cancellationId: one.id } })
  if (check?.result !== 'MATCHED' || check.paymentId !== one.paymentId || one.refundAccount === null) return false
  const checked = openSealedAccount(check.account, ['AccountCheck', check.id, 'account'])
  const asked = openSealedAccount(one.refundAccount, ['Cancellation', one.id, 'refundAccount'])
  const sent = one.attempts.map(({ wire }) => {
    const { body } = sentBody.parse(JSON.parse(unseal(wire, ['Attempt', one.id, 'wire'])))
    return sentAccount.parse(JSON.parse(body)).refundAccount
  })
  const isChecked = (number: string, holder: string) => number === checked.number && holder === checked.holder
  return isChecked(asked.number, asked.holder) && sent.every((to) => isChecked(to.number, to.holderName))
}

async function sentWhileStopped(storeId: string, attempts: readonly Attempt[]): Promise<string[]> {
  const where = { storeId, action: { in: ['sending.stop', 'sending.resume'] } }
  const switched = await db.auditEntry.findMany({ where, orderBy: { at: 'asc' } })
  return attempts.flatMap(({ id, startedAt }) =>
    switched.findLast((entry) => entry.at < startedAt)?.action === 'sending.stop' ? [`${id} while stopped`] : [],
  )
}

const atNight = (now: Instant): boolean => {
  const hour = (now - startOfDay(kstDate(now))) / HOUR_MS
  return hour < 6 || hour >= 23
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

async function brokenJournal(paymentId: string, attempts: readonly Attempt[]): Promise<string[]> {
  const journal = entries.parse(await control(`/journal?gateway=portone&payment=${encodeURIComponent(paymentId)}`))
  const orders = journal.filter((entry) => entry.operation === 'cancel' || entry.operation === 'close')
  // An asynchronous end is no request.
  const asked = orders.filter((entry) => entry.status !== null || entry.effect === 'none').length
  const keys = orders.flatMap(({ effect, idempotencyKey }) =>
    (effect === 'executed' || effect === 'accepted') && idempotencyKey !== undefined ? [idempotencyKey] : [],
  )
  const unasked = keys.filter((key) => !attempts.some((attempt) => key.includes(attempt.cancellationId)))
  return [
    ...(asked > attempts.length ? [`asked ${asked} times with ${attempts.length} attempts`] : []),
    ...(new Set(keys).size === keys.length ? [] : [`a key executed twice: ${keys.join()}`]),
    ...unasked.map((key) => `${key} was executed without an attempt`),
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
    const property = fc.asyncProperty(shapes, turns, async (shape, all) => {
      const run = await Run.begin(shape)
      for (const steps of all) expect(await run.take(steps)).toEqual([])
      expect(await run.end()).toEqual([])
    })
    await fc.assert(property, {
      numRuns: RUNS,
      interruptAfterTimeLimit: 60_000 + RUNS * 8_000,
    })
  })
})
