import 'server-only'
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { toDate, type Instant } from '#lib/domain/kst.ts'
import { hideCardNumbers } from '#lib/domain/mask.ts'
import { minor } from '#lib/domain/money.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { CANCEL_RULES_VERSION, openingTime, type Judgement } from '#lib/policy/cancel-rules.ts'
import type { CancelFacts } from '#lib/policy/cancel-facts.ts'
import { proofState, type ProofState } from '#lib/policy/account-proof.ts'
import { isAtLeast } from '#lib/policy/approval.ts'
import { paysIntoAccount } from '#lib/policy/cancelling/virtual-accounts.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context, type Person } from '#lib/server/context.ts'
import { keyedHash } from '#lib/server/crypto.ts'
import { db, lockPayment, transaction, type Transaction } from '#lib/server/db.ts'
import { enqueue, queueReady } from '#lib/server/queue.ts'
import { requireFreshSignIn } from '#lib/server/step-up.ts'
import { proofOf } from '../account-checks/check-view.ts'
import { accountHash, maskedText, RefundAccount, sealAccount } from '../account-checks/refund-account.ts'
import { balanceOf, left, leftTaxFree } from '../payments/balance.ts'
import { refuseStopped } from '../stores/refuse-stopped.ts'
import { typedText } from '../typed-text.ts'
import { reasonsFor, snapshotOf, writeApproval } from './approval.ts'
import { refuseOverDayLimit } from './day-limit.ts'
import { judge, withChannel, type Asked, type PaymentWithChannel } from './judge-cancellation.ts'
import { lastDecidedNotDone } from './people-decided.ts'

const AMOUNT_MAX = 9_999_999_999_999
const amount = z.int().min(0).max(AMOUNT_MAX)

export const RequestCancellation = z
  .object({
    /** Made by the browser when the sheet opened; kept over retries. */
    id: z.uuid(),
    paymentId: z.uuid(),
    kind: z.enum(['CANCEL', 'CLOSE']).default('CANCEL'),
    amount,
    taxFree: amount,
    // It goes to the gateway and stays on record.
    reason: typedText(100)
      .min(1)
      .refine((text) => hideCardNumbers(text) === text),
    /** What the sheet showed as left. */
    remainder: amount,
    remainderTaxFree: amount,
    /** Where only the hour forbids it now: send it as soon as the hour allows. */
    later: z.boolean().default(false),
    /** The account as it stands on the sheet, and the check it is proven by. */
    account: RefundAccount.extend({ checkId: z.uuid() }).optional(),
  })
  .refine(({ kind, amount: asked }) => (kind === 'CLOSE' ? asked === 0 : asked > 0), { path: ['amount'] })
export type RequestCancellation = z.input<typeof RequestCancellation>
type Wish = z.infer<typeof RequestCancellation>

/**
 * Commit 1: judges with everything open counted in and writes the intent (READY, SCHEDULED or AWAITING_APPROVAL), its job and
 * its audit row. Same id and input: the same answer. Fails with: payment.not_found, permission.missing, request.reused_id,
 * session.step_up, sending.stopped, cancellation.open, cancellation.stale, cancellation.refused, cancellation.day_limit.
 */
export async function requestCancellation(context: Context, given: RequestCancellation): Promise<{ id: string }> {
  const input = RequestCancellation.parse(given)
  const missing = new DomainError('payment.not_found')
  const seen = await db.payment.findUnique({ where: { id: input.paymentId }, select: { storeId: true } })
  if (!seen) throw missing
  authorize(context, 'cancellation.request', seen.storeId, missing)
  const { actor } = context
  if (actor.kind !== 'person') throw new DomainError('permission.missing', { permission: 'cancellation.request' })
  const inputHash = keyedHash(JSON.stringify({ ...input, by: actor.id }))
  await queueReady()
  return transaction(async (tx) => {
    await lockPayment(tx, input.paymentId)
    const earlier = await tx.cancellation.findUnique({ where: { id: input.id } })
    if (earlier) {
      if (earlier.inputHash !== inputHash) throw new DomainError('request.reused_id')
      return { id: earlier.id }
    }
    const payment = await tx.payment.findUniqueOrThrow({ where: { id: input.paymentId }, include: withChannel })
    await refuseStopped(payment.store)
    refuseStale(payment, input)
    const { stepUpAbove } = payment.store
    const limit = stepUpAbove === null ? null : Number(stepUpAbove)
    if (input.kind === 'CANCEL' && isAtLeast({ amount: input.amount, currency: payment.currency }, limit))
      requireFreshSignIn(context)
    if (input.kind === 'CANCEL') await refuseOverDayLimit(tx, context, actor, payment, input.amount)
    await writeIntent(tx, context, payment, input, inputHash, actor)
    return { id: input.id }
  })
}

function refuseStale(payment: PaymentWithChannel, input: Wish): void {
  if (payment.openCount > 0) throw new DomainError('cancellation.open')
  const balance = balanceOf(payment)
  if (left(balance) !== input.remainder || leftTaxFree(balance) !== input.remainderTaxFree) {
    throw new DomainError('cancellation.stale', {
      shownAmount: input.remainder,
      leftAmount: left(balance),
      currency: payment.currency,
    })
  }
}

type Judged = { readonly facts: CancelFacts; readonly judgement: Judgement; readonly dueAt: Instant | null }

/** Judged now, and where only the hour forbids and it may wait, as of the time when it will be sent. */
async function judgeOrRefuse(
  tx: Transaction,
  payment: PaymentWithChannel,
  asked: Asked,
  now: Instant,
  later: boolean,
): Promise<Judged> {
  const today = await judge(tx, payment, asked, now, null)
  const opensAt = later ? openingTime(today.judgement) : null
  const then = opensAt === null ? today : await judge(tx, payment, asked, opensAt, null)
  const { denial } = then.judgement
  if (denial) {
    const { rule, reason, facts: said } = denial
    throw new DomainError('cancellation.refused', { ...said, rule, reason, currency: payment.currency })
  }
  return { ...today, dueAt: opensAt }
}

async function writeIntent(
  tx: Transaction,
  context: Context,
  payment: PaymentWithChannel,
  input: Wish,
  inputHash: string,
  actor: Person,
): Promise<void> {
  const now = context.now()
  const { account } = input
  const asked: Asked = {
    kind: input.kind,
    amount: minor(input.amount),
    taxFree: minor(input.taxFree),
    refundAccount: await proofOnSheet(tx, input, now),
  }
  const { facts, judgement, dueAt } = await judgeOrRefuse(tx, payment, asked, now, input.later)
  const afterPeople = await lastDecidedNotDone(tx, payment.id)
  const reasons = reasonsFor(actor, payment, asked, afterPeople !== null)
  const state = reasons.length > 0 ? 'AWAITING_APPROVAL' : dueAt === null ? 'READY' : 'SCHEDULED'
  // What goes back the way it came takes no account, whatever was sent along.
  const intoAccount = paysIntoAccount(facts) && facts.refundAccount === 'proven' && account !== undefined
  const hash = intoAccount ? accountHash(payment.id, account) : null
  await tx.cancellation.create({
    data: {
      id: input.id,
      paymentId: payment.id,
      storeId: payment.storeId,
      channelId: payment.channelId,
      kind: input.kind,
      state,
      amount: BigInt(input.amount),
      taxFree: BigInt(input.taxFree),
      partial: BigInt(input.amount) < payment.received,
      remainderShown: BigInt(input.remainder),
      remainderTaxFreeShown: BigInt(input.remainderTaxFree),
      reason: input.reason,
      token: `JP-${randomBytes(8).toString('hex')}`,
      inputHash,
      requestedById: actor.id,
      requestedAt: toDate(now),
      nextAskAt: state === 'READY' ? toDate(now) : null,
      dueAt: dueAt === null ? null : toDate(dueAt),
      afterId: afterPeople,
      ...(intoAccount && {
        refundAccount: sealAccount(RefundAccount.parse(account), ['Cancellation', input.id, 'refundAccount']),
        refundAccountMasked: maskedText(account),
        refundAccountHash: hash,
      }),
    },
  })
  if (intoAccount) await tx.accountCheck.update({ where: { id: account.checkId }, data: { cancellationId: input.id } })
  if (state === 'AWAITING_APPROVAL')
    await writeApproval(tx, context, input.id, reasons, snapshotOf(payment, asked, judgement, hash, null))
  await audit(tx, context, {
    action: 'cancellation.request',
    outcome: 'done',
    storeId: payment.storeId,
    subject: { type: 'payment', id: payment.id },
    facts: {
      cancellation: input.id,
      kind: input.kind,
      state,
      amount: input.amount,
      taxFree: input.taxFree,
      reason: input.reason,
      approval: reasons,
      check: account?.checkId ?? null,
      rules: CANCEL_RULES_VERSION,
      judged: facts,
      verdicts: judgement.verdicts,
    },
  })
  if (state === 'READY') await enqueue(tx, 'cancellation.send', { cancellationId: input.id })
}

/** What the check named on the sheet proves of the account that stands there now. */
async function proofOnSheet(tx: Transaction, input: Wish, now: Instant): Promise<ProofState> {
  const { account, paymentId } = input
  if (account === undefined) return 'none'
  const check = await tx.accountCheck.findUnique({ where: { id: account.checkId } })
  // A check of another payment has another hash, and is none of this one's.
  return proofState(check && proofOf(check), accountHash(paymentId, account), now, null)
}
