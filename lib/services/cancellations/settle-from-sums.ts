import 'server-only'
import { fromDate, MINUTE_MS, plus, type Instant } from '#lib/domain/kst.ts'
import { minor, type Minor } from '#lib/domain/money.ts'
import type { GatewayCancellation, GatewaySums } from '#lib/domain/payment.ts'
import type { Connector } from '#lib/gateways/connector.ts'
import type { Context } from '#lib/server/context.ts'
import type { Transaction } from '#lib/server/db.ts'
import type { Cancellation, Payment } from '#prisma/client/client.ts'
import { openTask } from '../payments/open-task.ts'
import { appendRefund, closeCancellation } from './close-cancellation.ts'
import { seenAfterPeople } from './people-decided.ts'
import { recordOutside } from './record-outside.ts'

/**
 * What the balance said of the intent that is out. `absent`: the sums tell all there is, and it is not among it. `settled`: it
 * ended. `unsaid`: nothing can be concluded.
 */
export type Settled = 'absent' | 'settled' | 'unsaid'

export type SumsView = {
  readonly payment: Payment
  readonly connector: Connector
  readonly sums: GatewaySums
  readonly readAt: Instant
}

/** A reading this much younger than the last refund must know of it. */
const LAG_MS = 10 * MINUTE_MS

/**
 * Settles by the balance alone: what went back by the gateway's record, less what we know of, is ours where it is exactly
 * what our one open intent asked and did not go before that was sent; less than that is another's; more is held until the
 * intent has ended.
 */
export async function settleFromSums(tx: Transaction, context: Context, view: SumsView): Promise<Settled> {
  const { payment } = view
  const out = await tx.cancellation.findFirst({
    where: { paymentId: payment.id, state: { in: ['SENDING', 'ACCEPTED', 'UNCONFIRMED'] } },
  })
  if (out?.kind === 'CLOSE') return settleClosing(tx, context, view, out)
  const left = leftIn(view)
  if (payment.paidAt === null || left === null) return 'unsaid'
  // What the gateway counts after a deposit was taken back is not known.
  if (out && (await wasReversed(tx, payment))) return 'unsaid'
  const gone = Number(payment.received) - left - Number(payment.refunded)
  if (gone < 0) return tellFewer(tx, context, view, -gone)
  if (gone > 0) return out ? settleBeside(tx, context, view, { out, gone }) : settleOther(tx, context, view, gone)
  await noteSeen(tx, context, view)
  return 'absent'
}

/** STSR says that nothing was cancelled, also where no amount is told; of a virtual account it may mean its issue. */
const leftIn = ({ payment, sums }: SumsView): Minor | null =>
  sums.left ?? (sums.status === 'PAID' && payment.method !== 'VIRTUAL_ACCOUNT' ? minor(payment.received) : null)

const wasReversed = async (tx: Transaction, { id }: Payment): Promise<boolean> =>
  (await tx.deposit.count({ where: { paymentId: id, kind: 'reversal', state: 'APPLIED' } })) > 0

async function settleOther(tx: Transaction, context: Context, view: SumsView, gone: number): Promise<Settled> {
  await tellOther(tx, context, view.payment, { ...told(view, gone), ...split(view.payment, gone) })
  return 'absent'
}

/** Something went back that we do not know of, while an intent of ours is out. */
async function settleBeside(
  tx: Transaction,
  context: Context,
  view: SumsView,
  { out, gone }: { readonly out: Cancellation; readonly gone: number },
): Promise<Settled> {
  // Its answer may still come, and may say that this was another's.
  if (out.state === 'SENDING') return 'unsaid'
  const refusal = await refusalOf(tx, view, out)
  if (refusal !== null) {
    await settleOther(tx, context, view, gone)
    await closeRefused(tx, context, out, refusal)
    return 'settled'
  }
  // Read before it was sent: says nothing of it.
  if (out.sendingSince !== null && view.readAt < fromDate(out.sendingSince)) return 'unsaid'
  if (gone < Number(out.amount)) return settleOther(tx, context, view, gone)
  if (gone > Number(out.amount) || wentBefore(view, out)) return hold(tx, context, view, gone)
  await settleOurs(tx, context, view, out)
  return 'settled'
}

/** Two clocks may differ by so much. */
const CLOCKS_MS = 2 * MINUTE_MS
/** What went back last went before ours was sent. */
const wentBefore = ({ sums }: SumsView, { sendingSince }: Cancellation): boolean =>
  sums.cancelledAt !== null && sendingSince !== null && plus(sums.cancelledAt, CLOCKS_MS) < fromDate(sendingSince)

/** The cancel after which so much had gone in all: that only ever grows, so it names the cancel. */
const told = ({ payment, sums, readAt }: SumsView, gone: number) => ({
  id: `${sums.paymentId}/${Number(payment.refunded) + gone}`,
  status: 'succeeded' as const,
  requestedAt: sums.cancelledAt ?? readAt,
  cancelledAt: sums.cancelledAt ?? readAt,
  reason: '',
})

/** How much of another's cancel was tax-free is not said: what must have been, and no more. */
export function split(payment: Payment, gone: number): { readonly amount: Minor; readonly taxFree: Minor } {
  const taxableLeft = payment.received - payment.receivedTaxFree - (payment.refunded - payment.refundedTaxFree)
  return { amount: minor(gone), taxFree: minor(Math.max(0, gone - Number(taxableLeft))) }
}

const placeOf = ({ id, storeId, channelId }: Payment) => ({ paymentId: id, storeId, channelId })

async function settleOurs(tx: Transaction, context: Context, view: SumsView, out: Cancellation): Promise<void> {
  const cancel = { ...told(view, Number(out.amount)), amount: minor(out.amount), taxFree: minor(out.taxFree) }
  await appendRefund(tx, context, placeOf(view.payment), cancel, out.id)
  await closeCancellation(tx, context, out, {
    state: 'DONE',
    gatewayCancellationId: cancel.id,
    approvalNumber: null,
    evidence: { by: 'balance', cancellation: cancel.id, left: view.sums.left },
  })
}

/**
 * Made elsewhere; or by a message of ours that was held for lost, which has the same amount and of which nobody can say more.
 * Recorded either way, and somebody looks at it.
 */
export async function tellOther(
  tx: Transaction,
  context: Context,
  payment: Payment,
  cancel: GatewayCancellation,
): Promise<void> {
  const lost = await tx.cancellation.findFirst({
    where: {
      paymentId: payment.id,
      state: 'DECLINED',
      amount: BigInt(cancel.amount),
      refunds: { none: {} },
      attempts: { some: { OR: [{ outcome: null }, { outcome: 'unknown' }] } },
    },
    orderBy: { closedAt: 'desc' },
  })
  if (!lost) return recordOutside(tx, context, placeOf(payment), cancel)
  await appendRefund(tx, context, placeOf(payment), cancel, null)
  await openTask(tx, {
    storeId: payment.storeId,
    paymentId: payment.id,
    kind: 'declined_but_done',
    key: cancel.id,
    dueAt: context.now(),
    facts: { amount: cancel.amount, state: lost.state },
  })
}

/** By which code the gateway refused ours as done before, so that what its balance shows was another's; null where it did not. */
async function refusalOf(tx: Transaction, { connector }: SumsView, out: Cancellation): Promise<string | null> {
  const attempts = await tx.attempt.findMany({ where: { cancellationId: out.id } })
  const sent = attempts.filter((attempt) => attempt.outcome !== 'not_sent')
  const cause = sent[0]?.cause ?? null
  return sent.length === 1 && cause !== null && connector.refusedUnlessFound.has(cause) ? cause : null
}

async function closeRefused(tx: Transaction, context: Context, out: Cancellation, code: string): Promise<void> {
  const evidence = { by: 'refusal and balance', code }
  await closeCancellation(tx, context, out, { state: 'DECLINED', code, message: null, evidence })
}

/** Ours and another's, or another's alone: which, is known only once ours has ended. */
async function hold(tx: Transaction, context: Context, { payment, sums }: SumsView, gone: number): Promise<Settled> {
  await openTask(tx, {
    storeId: payment.storeId,
    paymentId: payment.id,
    kind: 'outside_cancel',
    key: `held:${sums.left}`,
    dueAt: context.now(),
    facts: { amount: gone, trigger: null },
  })
  return 'unsaid'
}

/** The record knows less than we do: it lags, or somebody decided wrongly. */
async function tellFewer(
  tx: Transaction,
  context: Context,
  { payment, sums, readAt }: SumsView,
  missing: number,
): Promise<Settled> {
  const last = await tx.refund.findFirst({ where: { paymentId: payment.id }, orderBy: { seenAt: 'desc' } })
  if (last && readAt < plus(fromDate(last.seenAt), LAG_MS)) return 'unsaid'
  await openTask(tx, {
    storeId: payment.storeId,
    paymentId: payment.id,
    kind: 'amount_differs',
    key: `left:${sums.left}`,
    dueAt: context.now(),
    facts: { ours: Number(payment.refunded), gateway: Number(payment.refunded) - missing },
  })
  return 'unsaid'
}

/** What people decided did happen is in the balance now: noted beside their decision. */
async function noteSeen(tx: Transaction, context: Context, view: SumsView): Promise<void> {
  const decided = await tx.cancellation.findMany({
    where: {
      paymentId: view.payment.id,
      state: 'DONE',
      kind: 'CANCEL',
      resolutions: { some: { agreed: true, happened: true, gatewayCancellationId: null } },
    },
  })
  for (const one of decided)
    await seenAfterPeople(tx, context, one, {
      id: told(view, 0).id,
      amount: minor(one.amount),
      taxFree: minor(one.taxFree),
    })
}

/** A virtual account that nobody paid into, of which the record says cancelled, takes no deposit any more. */
async function settleClosing(
  tx: Transaction,
  context: Context,
  { payment, sums }: SumsView,
  out: Cancellation,
): Promise<Settled> {
  if (payment.paidAt !== null || sums.status !== 'REFUNDED') return sums.status === 'PAID' ? 'absent' : 'unsaid'
  await closeCancellation(tx, context, out, {
    state: 'DONE',
    gatewayCancellationId: `close:${sums.paymentId}`,
    approvalNumber: null,
    evidence: { by: 'record', status: sums.status },
  })
  return 'settled'
}
