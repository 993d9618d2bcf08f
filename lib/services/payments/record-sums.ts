import 'server-only'
import { fromDate, toDate, type Instant } from '#lib/domain/kst.ts'
import type { GatewayPayment, GatewaySums } from '#lib/domain/payment.ts'
import { minor } from '#lib/domain/money.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { Context } from '#lib/server/context.ts'
import { lockPayment, toJson, type Transaction } from '#lib/server/db.ts'
import type { Payment } from '#prisma/client/client.ts'
import type { OpenAccount } from '../accounts/open-account.ts'
import { withdrawChangedApproval } from '../cancellations/approval.ts'
import { settleFromSums, type Settled } from '../cancellations/settle-from-sums.ts'
import { raiseTasks } from '../tasks/raise-tasks.ts'
import { openTask } from './open-task.ts'
import { withdrawTooLarge } from '../cancellations/withdraw-too-large.ts'
import { recordPayment } from './record-payment.ts'

/**
 * Takes over what a gateway tells that keeps no list of cancels: makes the payment known where it is not, and settles by the
 * balance. Fails with: payment.at_other_store, payment.channel_unknown, payment.not_recordable.
 */
export async function recordSums(
  tx: Transaction,
  context: Context,
  account: OpenAccount,
  sums: GatewaySums,
  readAt: Instant,
): Promise<{ readonly paymentId: string; readonly settled: Settled }> {
  const paymentId = await knownPayment(tx, context, account, sums, readAt)
  await lockPayment(tx, paymentId)
  const payment = await tx.payment.findUniqueOrThrow({ where: { id: paymentId } })
  const settled = differs(payment, sums) ? await tellDifference(tx, context, payment, sums) : await settle()
  await keepRecord(tx, payment, sums, readAt)
  await withdrawTooLarge(tx, context, paymentId)
  await withdrawChangedApproval(tx, context, paymentId)
  await raiseTasks(tx, context, paymentId)
  return { paymentId, settled }

  function settle() {
    return settleFromSums(tx, context, { payment, connector: account.connector, sums, readAt })
  }
}

/** Of a virtual account the sums do not say whether it was paid: its amount is compared once it was. */
const differs = ({ amount, received, paidAt, method }: Payment, { total }: GatewaySums): boolean =>
  total !== null && Number(method === 'VIRTUAL_ACCOUNT' && paidAt !== null ? received : amount) !== total

async function tellDifference(
  tx: Transaction,
  context: Context,
  payment: Payment,
  sums: GatewaySums,
): Promise<Settled> {
  const gateway = sums.total ?? 0
  await openTask(tx, {
    storeId: payment.storeId,
    paymentId: payment.id,
    kind: 'amount_differs',
    key: `record:${gateway}`,
    dueAt: context.now(),
    facts: { ours: Number(payment.amount), gateway },
  })
  return 'unsaid'
}

async function knownPayment(
  tx: Transaction,
  context: Context,
  account: OpenAccount,
  sums: GatewaySums,
  readAt: Instant,
): Promise<string> {
  const channel = account.connector.channelOf?.(account.call.credentials)
  if (!channel) throw new DomainError('payment.channel_unknown', { channel: '', mid: '' })
  const number = { pg: channel.pg, mid: channel.mid, pgTxId: sums.paymentId }
  const known = await tx.payment.findUnique({ where: { pg_mid_pgTxId: number } })
  if (known && known.storeId !== account.storeId)
    throw new DomainError('payment.at_other_store', { store: account.connector.storeKeyOf(account.call.credentials) })
  if (known) return known.id
  const record = newRecord(account, channel, sums)
  if (!record) throw new DomainError('payment.not_recordable', { status: sums.status })
  return recordPayment(tx, context, account, record, readAt)
}

/** A payment that only its gateway knows. Of a virtual account these sums do not say whether anybody paid into it. */
function newRecord(
  { call, connector }: OpenAccount,
  channel: { readonly key: string; readonly pg: string; readonly mid: string },
  sums: GatewaySums,
): GatewayPayment | null {
  const { method, total, approvedAt } = sums
  if (method === null || total === null || approvedAt === null || method === 'VIRTUAL_ACCOUNT') return null
  return {
    paymentId: sums.paymentId,
    transactionId: null,
    orderNumber: sums.orderNumber,
    storeKey: connector.storeKeyOf(call.credentials),
    channelKey: channel.key,
    channelType: null,
    pg: channel.pg,
    mid: channel.mid,
    pgTxId: sums.paymentId,
    status: 'PAID',
    method,
    methodFacts: sums.methodFacts,
    approvalNumber: sums.approvalNumber,
    currency: 'KRW',
    total,
    taxFree: minor(0),
    discount: minor(0),
    paid: total,
    cancelled: minor(0),
    cancelledTaxFree: minor(0),
    orderName: sums.orderNumber ?? '',
    requestedAt: approvedAt,
    approvedAt,
    paidAt: approvedAt,
    receiptUrl: null,
    escrow: null,
    cashReceipt: null,
    cancellations: [],
    personal: {},
  }
}

/** The gateway's own words, to be shown beside ours. An older reading that arrives late leaves what a newer one said. */
async function keepRecord(tx: Transaction, payment: Payment, sums: GatewaySums, readAt: Instant): Promise<void> {
  if (payment.gatewayReadAt !== null && fromDate(payment.gatewayReadAt) > readAt) return
  const paid = sums.total ?? minor(payment.received)
  const says = sums.total !== null && payment.method !== 'VIRTUAL_ACCOUNT' && !differs(payment, sums)
  const proves = says && payment.source !== 'gateway'
  await tx.payment.update({
    where: { id: payment.id },
    data: {
      ...(proves && { source: 'gateway' }),
      gatewayReadAt: toDate(readAt),
      gatewayRecord: toJson({
        status: sums.status,
        total: paid,
        taxFree: null,
        paid,
        cancelled: sums.left === null ? null : paid - sums.left,
        cancelledTaxFree: null,
        cancellations: null,
      }),
    },
  })
}
