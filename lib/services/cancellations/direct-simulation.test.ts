// Whatever clerks, workers, lost answers and people in the gateway's own admin do in whatever order, at KCP and at KSNET: the sums
// hold after every step, no intent moves money twice, and in the end our sums are the gateway's; at KSNET, which nobody can ask,
// those of the cancels that went through us, once people have said what became of the unknown ones.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { isOpen } from '#lib/domain/cancellation.ts'
import { HOUR_MS, MINUTE_MS, plus, SECOND_MS, toIso, type Instant } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { db } from '#lib/server/db.ts'
import { newKcpPayment, newKcpWorld } from '#lib/testing/kcp-world.ts'
import { newKsnetPayment, newKsnetWorld } from '#lib/testing/ksnet-world.ts'
import {
  accountOf,
  contextOf,
  control,
  invariantsOf,
  nextNoon,
  person,
  sheetFor,
  systemContext,
  type Made,
  type World,
} from '#lib/testing/world.ts'
import { uploadEvidence } from '../evidence/evidence.ts'
import { readAtGateway } from '../payments/read-at-gateway.ts'
import { recordOutcome } from './record-outcome.ts'
import { requestCancellation } from './request-cancellation.ts'
import { decideResolution, proposeResolution } from './resolve-cancellation.ts'
import { claimSending, sendCancellation, talk } from './send-cancellation.ts'
import { sweepCancellations } from './sweep-cancellations.ts'
import { withdrawCancellation } from './withdraw-cancellation.ts'

const RUNS = 25
const RECEIVED = 10_000
const faults = ['reply-lost', 'request-lost', 'html-502', 'empty-body', 'error-though-done'] as const
const ways = [
  { gateway: 'kcp', mode: 'module', asked: true, begin: () => newKcpWorld('module'), pay: newKcpPayment },
  { gateway: 'kcp', mode: 'rest', asked: true, begin: () => newKcpWorld('rest'), pay: newKcpPayment },
  { gateway: 'ksnet', mode: 'socket', asked: false, begin: () => newKsnetWorld('socket'), pay: newKsnetPayment },
  { gateway: 'ksnet', mode: 'rest', asked: false, begin: () => newKsnetWorld('rest'), pay: newKsnetPayment },
] as const
type Way = (typeof ways)[number]
const waits = [SECOND_MS, 2 * MINUTE_MS, 12 * MINUTE_MS, HOUR_MS] as const

type Step =
  /** `unheard`: the process dies with the answer in its hand. */
  | { readonly kind: 'cancel'; readonly tenths: number; readonly end: 'sent' | 'unsent' | 'claimed' | 'unheard' }
  | { readonly kind: 'fault'; readonly fault: (typeof faults)[number]; readonly operation: 'cancel' | 'inquire' }
  | { readonly kind: 'outside'; readonly tenths: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'read' | 'withdraw' | 'people' }

const tenths = fc.integer({ min: 1, max: 10 })
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('cancel' as const),
        tenths,
        end: fc.constantFrom(
          'sent' as const,
          'sent' as const,
          'unsent' as const,
          'claimed' as const,
          'unheard' as const,
        ),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('fault' as const),
        fault: fc.constantFrom(...faults),
        operation: fc.constantFrom('cancel' as const, 'cancel' as const, 'inquire' as const),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('outside' as const), tenths }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(...waits) }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constantFrom('read' as const, 'withdraw' as const, 'people' as const) }),
    },
  ),
  { minLength: 3, maxLength: 14 },
)

const entries = z.array(z.object({ operation: z.string(), effect: z.string(), amount: z.number().optional() }))
const truth = z.object({ left: z.number(), cancelled: z.number() })

const unlessRefused = (error: unknown): void => {
  if (!(error instanceof DomainError || error instanceof z.ZodError)) throw error
}

class Run {
  readonly way: Way
  readonly world: World
  readonly payment: Made
  clock: Instant
  constructor(way: Way, world: World, payment: Made, clock: Instant) {
    this.way = way
    this.world = world
    this.payment = payment
    this.clock = clock
  }
  system = () => ({ ...systemContext(), now: () => this.clock })

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'cancel':
        return this.cancel(step.tenths, step.end)
      case 'fault': {
        // The account of a lost cancel is what is tried here, not a gateway that never answers again.
        const { operation, fault } = step
        if (operation === 'cancel' || this.way.asked)
          await control('/faults', { gateway: this.way.gateway, operation, fault, times: 1 })
        return
      }
      case 'outside': {
        const { left } = truth.parse(await control(`/payments/${this.payment.paymentId}`))
        const amount = Math.min(left, (RECEIVED / 10) * step.tenths)
        if (amount > 0) await control('/outside-cancel', { payment: this.payment.paymentId, amount })
        return
      }
      case 'wait':
        return this.wait(step.ms)
      case 'read':
        if (this.way.asked) await readAtGateway(this.system(), await accountOf(this.world), this.payment.paymentId)
        return
      case 'withdraw':
        return this.withdraw()
      case 'people':
        // Not before an answer can no longer come.
        if (!this.way.asked) await this.peopleSay().catch(unlessRefused)
        return
    }
  }

  async wait(ms: number): Promise<void> {
    this.clock = plus(this.clock, ms)
    await control('/clock', { now: toIso(this.clock) })
    while ((await sweepCancellations(this.system())) > 0);
  }

  private async cancel(tenthsAsked: number, end: Extract<Step, { kind: 'cancel' }>['end']): Promise<void> {
    const sheet = await sheetFor(this.payment, Math.max(1, Math.floor((RECEIVED * tenthsAsked) / 10)))
    const amount = Math.min(sheet.amount, sheet.remainder)
    try {
      await requestCancellation({ ...contextOf(this.world.operator), now: () => this.clock }, { ...sheet, amount })
    } catch (error) {
      return unlessRefused(error)
    }
    if (end === 'unsent') return
    if (end === 'sent') return sendCancellation(this.system(), sheet.id)
    const claim = await claimSending(this.system(), sheet.id)
    if (!claim || end === 'claimed') return
    const heard = await talk(claim)
    if (heard.outcome.kind === 'not_sent') await recordOutcome(this.system(), claim, heard)
  }

  private async withdraw(): Promise<void> {
    const open = await db.cancellation.findFirst({ where: { paymentId: this.payment.id, state: 'READY' } })
    if (open) await withdrawCancellation({ ...contextOf(this.world.operator), now: () => this.clock }, { id: open.id })
  }

  /** How often money went back through us. */
  private async executed(): Promise<number> {
    const journal = entries.parse(
      await control(`/journal?gateway=${this.way.gateway}&payment=${this.payment.paymentId}`),
    )
    return journal.filter((one) => one.operation === 'cancel' && one.effect === 'executed').length
  }

  /** What must hold after every step; what does not. */
  async broken(): Promise<string[]> {
    const { cancelled } = truth.parse(await control(`/payments/${this.payment.paymentId}`))
    const executed = await this.executed()
    const attempts = await db.attempt.findMany({ where: { cancellation: { paymentId: this.payment.id } } })
    const sent = attempts.filter((one) => one.outcome !== 'not_sent')
    const { refunded } = await db.payment.findUniqueOrThrow({ where: { id: this.payment.id } })
    return [
      ...(await invariantsOf(this.payment.id)),
      ...(cancelled > RECEIVED ? [`${cancelled} went back`] : []),
      ...(new Set(sent.map((one) => one.cancellationId)).size < sent.length
        ? ['sent again what may have been sent']
        : []),
      ...(executed > sent.length ? [`${executed} executed of ${sent.length} sent`] : []),
      ...(Number(refunded) > cancelled ? [`${refunded} called refunded, ${cancelled} at the gateway`] : []),
    ]
  }

  /** Two people say of what is unknown what is true. One at most is open, so what was executed beyond the known ones is it. */
  private async peopleSay(): Promise<void> {
    const open = await db.cancellation.findFirst({ where: { paymentId: this.payment.id, state: 'UNCONFIRMED' } })
    if (!open) return
    const done = await db.cancellation.count({ where: { paymentId: this.payment.id, state: 'DONE' } })
    const happened = (await this.executed()) > done
    const { storeId } = this.world
    const who = async () => ({ ...contextOf(await person(storeId, 'MANAGER')), now: () => this.clock })
    const [first, second] = [await who(), await who()]
    const letter = { paymentId: this.payment.id, name: '회신.png', data: 'iVBORw0KGgo=' }
    const { id: evidenceId } = await uploadEvidence(first, letter)
    const evidence = { kind: 'agent' as const, agent: '상담원', spokenAt: this.clock, evidenceId }
    const { id } = await proposeResolution(first, { cancellationId: open.id, happened, evidence, note: '확인' })
    await decideResolution(second, { id, agree: true })
  }

  /** With a gateway that answers again, or people who know, what can be known is known, and the sums are the gateway's. */
  async brokenInTheEnd(): Promise<string[]> {
    await control('/faults', undefined, 'DELETE')
    for (let turn = 0; turn < 5; turn += 1) await this.wait(40 * MINUTE_MS)
    return this.way.asked ? this.brokenWhereAsked() : this.brokenWherePeopleSay()
  }

  private async brokenWherePeopleSay(): Promise<string[]> {
    await this.peopleSay()
    const of = { where: { paymentId: this.payment.id } }
    const open = (await db.cancellation.findMany(of)).filter((one) => isOpen(one.state))
    const done = await db.cancellation.findMany({ where: { ...of.where, state: 'DONE' } })
    const { refunded } = await db.payment.findUniqueOrThrow({ where: { id: this.payment.id } })
    const ours = done.reduce((sum, one) => sum + one.amount, 0n)
    const executed = await this.executed()
    return [
      ...(await this.broken()),
      ...open
        .filter((one) => one.state !== 'AWAITING_APPROVAL' && one.state !== 'READY')
        .map((one) => `left open: ${one.state}`),
      ...(executed !== done.length ? [`${executed} executed, ${done.length} called done`] : []),
      ...(refunded !== ours ? [`${refunded} refunded, ${ours} of ours`] : []),
    ]
  }

  private async brokenWhereAsked(): Promise<string[]> {
    await readAtGateway(this.system(), await accountOf(this.world), this.payment.paymentId)
    const of = { where: { paymentId: this.payment.id } }
    const open = (await db.cancellation.findMany(of)).filter((one) => isOpen(one.state))
    const { refunded } = await db.payment.findUniqueOrThrow({ where: { id: this.payment.id } })
    const { cancelled } = truth.parse(await control(`/payments/${this.payment.paymentId}`))
    const tasks = await db.task.findMany(of)
    const strange = await db.refund.count({ where: { paymentId: this.payment.id, cancellationId: null } })
    const told = tasks.some((task) => task.kind === 'outside_cancel' || task.kind === 'declined_but_done')
    // Ours and another's at once: held, and somebody was told.
    const held = open.every((one) => one.state === 'UNCONFIRMED') && tasks.some((task) => task.key.startsWith('held:'))
    return [
      ...(await this.broken()),
      ...(open.length === 0 && Number(refunded) !== cancelled ? [`${refunded} here, ${cancelled} there`] : []),
      ...(open.length > 0 && !held ? [`left open: ${open.map((one) => one.state).join()}`] : []),
      ...(strange > 0 && !told ? ['nobody was told of another’s cancel'] : []),
    ]
  }
}

it.each(ways)('by $gateway $mode the sums hold whatever happens', { timeout: 900_000 }, async (way) => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      await control('/reset', {})
      const clock = await nextNoon()
      const world = await way.begin()
      const run = new Run(way, world, await way.pay(world, { amount: RECEIVED }), clock)
      for (const step of taken) {
        await run.take(step)
        expect(await run.broken()).toEqual([])
      }
      expect(await run.brokenInTheEnd()).toEqual([])
    }),
    { numRuns: RUNS },
  )
})
