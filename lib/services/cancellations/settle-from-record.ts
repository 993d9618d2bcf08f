import 'server-only'
import { isOut, isUnsent } from '#lib/domain/cancellation.ts'
import type { GatewayCancellation, GatewayPayment } from '#lib/domain/payment.ts'
import type { Connector } from '#lib/gateways/connector.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import type { Transaction } from '#lib/server/db.ts'
import type { Cancellation } from '#prisma/client/client.ts'
import { openTask } from '../payments/open-task.ts'
import { appendRefund, closeCancellation } from './close-cancellation.ts'
import { decidedByNumber, seenAfterPeople } from './people-decided.ts'
import { recordOutside, type PaymentAt } from './record-outside.ts'
import { outOf, toldByFile } from './settle-from-file.ts'

type RecordView = PaymentAt & {
  readonly connector: Connector
  readonly record: GatewayPayment
}

/** Each cancel in the gateway's record becomes a fact once: bound to our intent where it carries its mark, else an outside cancel. */
export async function settleFromRecord(tx: Transaction, context: Context, view: RecordView): Promise<void> {
  await settleClosing(tx, context, view)
  const { paidAt } = await tx.payment.findUniqueOrThrow({ where: { id: view.paymentId } })
  // A cancellation of a payment that was never paid moves no money.
  if (paidAt === null && view.record.paidAt === null) return
  const refunds = await tx.refund.findMany({ where: { paymentId: view.paymentId }, include: { seen: true } })
  const seen = new Set(
    refunds.flatMap((refund) => [refund, ...refund.seen]).map((refund) => refund.gatewayCancellationId),
  )
  for (const told of view.record.cancellations) {
    if (seen.has(told.id)) continue
    // Read anew each time: the one before may have settled it.
    const ours = await tx.cancellation.findMany({ where: { paymentId: view.paymentId } })
    const mine = ours.find((one) => isMine(one, told, view)) ?? (await decidedByNumber(tx, ours, told))
    const settles = mine !== undefined && (isOut(mine.state) || mine.state === 'DONE')
    if (!settles && (await toldByFile(tx, context, view, told))) continue
    if (mine) await settleMine(tx, context, view, mine, told)
    else if (told.status === 'succeeded' && !(await held(tx, context, view, told)))
      await recordOutside(tx, context, view, told)
  }
}

/**
 * A payment is cancelled by one way and may be read by another, which never heard of that cancel. Told to cancel what is cancelled
 * already, KSNET answers "O": so what that record calls its own may be ours, and where no so much is left it can be nothing else.
 * Somebody looks at it; nothing is counted twice.
 */
async function held(
  tx: Transaction,
  context: Context,
  { paymentId, storeId, channelId }: RecordView,
  told: GatewayCancellation,
): Promise<boolean> {
  const payment = await tx.payment.findUniqueOrThrow({ where: { id: paymentId } })
  if (payment.channelId === channelId) return false
  const out = await outOf(tx, paymentId)
  if (payment.refunded + (out?.amount ?? 0n) + BigInt(told.amount) <= payment.received) return false
  await openTask(tx, {
    storeId,
    paymentId,
    kind: 'outside_cancel',
    key: `held:${told.id}`,
    dueAt: context.now(),
    facts: { amount: told.amount, trigger: told.trigger ?? null },
  })
  return true
}

/** Closing an account is known by the account's own state: closed, or paid into meanwhile. */
async function settleClosing(tx: Transaction, context: Context, view: RecordView): Promise<void> {
  const { record } = view
  if (record.status === 'ISSUED') return
  const closing = await tx.cancellation.findFirst({
    where: { paymentId: view.paymentId, kind: 'CLOSE' },
    orderBy: { requestedAt: 'desc' },
  })
  if (!closing || !isOut(closing.state)) return
  if (record.status === 'CLOSED') {
    await closeCancellation(tx, context, closing, {
      state: 'DONE',
      gatewayCancellationId: `close:${record.paymentId}`,
      approvalNumber: null,
      evidence: { by: 'record', status: record.status },
    })
  } else if (closing.state !== 'SENDING') {
    const evidence = { by: 'record', status: record.status }
    await closeCancellation(tx, context, closing, { state: 'DECLINED', code: 'PAID', message: null, evidence })
  }
}

const isMine = (one: Cancellation, told: GatewayCancellation, view: RecordView): boolean =>
  one.gatewayCancellationId === told.id || (view.connector.owns?.(told, one.token) ?? false)

async function settleMine(
  tx: Transaction,
  context: Context,
  view: RecordView,
  mine: Cancellation,
  told: GatewayCancellation,
): Promise<void> {
  const same = Number(mine.amount) === told.amount && Number(mine.taxFree) === told.taxFree
  if (told.status === 'succeeded' && (await seenAfterPeople(tx, context, mine, told))) return
  if (told.status === 'succeeded' && (!isOut(mine.state) || !same)) {
    // The gateway did what we hold for refused, or did another amount: recorded as it is, and a person looks at it.
    await appendRefund(tx, context, view, told, null)
    await openTask(tx, {
      storeId: view.storeId,
      paymentId: view.paymentId,
      kind: 'declined_but_done',
      key: told.id,
      dueAt: context.now(),
      facts: { amount: told.amount, state: mine.state },
    })
    if (isUnsent(mine.state))
      await closeCancellation(tx, context, mine, {
        state: 'WITHDRAWN',
        cause: 'outside_cancel',
        evidence: { by: 'record', cancellation: told.id },
      })
    return
  }
  if (!isOut(mine.state) || !same) return
  if (told.status === 'succeeded') {
    await appendRefund(tx, context, view, told, mine.id)
    await closeCancellation(tx, context, mine, {
      state: 'DONE',
      gatewayCancellationId: told.id,
      approvalNumber: told.approvalNumber ?? null,
      evidence: { by: 'record', cancellation: told.id },
    })
  } else if (told.status === 'requested' && mine.state !== 'ACCEPTED') {
    await tx.cancellation.update({
      where: { id: mine.id },
      data: { state: 'ACCEPTED', gatewayCancellationId: told.id },
    })
    await audit(tx, context, {
      action: 'cancellation.outcome',
      outcome: 'done',
      storeId: view.storeId,
      subject: { type: 'payment', id: view.paymentId },
      facts: { cancellation: mine.id, state: 'ACCEPTED', evidence: { by: 'record', cancellation: told.id } },
    })
  } else if (told.status === 'failed' && mine.state === 'ACCEPTED' && mine.gatewayCancellationId === told.id) {
    // Only the very one that the gateway took for later can fail later; after a lost answer a FAILED entry proves nothing.
    await closeCancellation(tx, context, mine, {
      state: 'DECLINED',
      code: 'FAILED',
      message: null,
      evidence: { by: 'record', cancellation: told.id },
    })
  }
}
