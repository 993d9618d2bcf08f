import 'server-only'
import { toDate } from '#lib/domain/kst.ts'
import { maskAccount } from '#lib/domain/mask.ts'
import { minor } from '#lib/domain/money.ts'
import type { GatewayPayment } from '#lib/domain/payment.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { UnsignedNotice } from '#lib/gateways/connector.ts'
import type { Context } from '#lib/server/context.ts'
import { lockPayment, transaction, type Transaction } from '#lib/server/db.ts'
import type { Notice, Payment } from '#prisma/client/client.ts'
import type { OpenAccount } from '../accounts/open-account.ts'
import { isVouched } from '../deposits/deposit-facts.ts'
import { recordDeposit, type Money } from '../deposits/record-deposit.ts'
import { orderByNumbers, recordPayment } from '../payments/record-payment.ts'
import { applyFact } from './apply-fact.ts'
import { readStored } from './stored-notice.ts'
import { waitingFor } from './waiting-notices.ts'

type End = { readonly state: 'APPLIED' | 'IGNORED'; readonly result: string }
const ignored = (result: string): End => ({ state: 'IGNORED', result })

/** Makes of a stored notice what follows from it, in one transaction with the notice's own end, so exactly once. */
export async function applyUnsigned(context: Context, account: OpenAccount, noticeId: string): Promise<void> {
  try {
    await inTransaction(noticeId, context, (tx, notice) => apply(tx, context, account, notice))
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    await inTransaction(noticeId, context, async () => ignored(error.code))
  }
}

async function inTransaction(
  id: string,
  context: Context,
  run: (tx: Transaction, notice: Notice) => Promise<End>,
): Promise<void> {
  await transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "Notice" WHERE id = ${id}::uuid FOR UPDATE`
    const notice = await tx.notice.findUniqueOrThrow({ where: { id } })
    if (notice.state !== 'STORED') return
    const end = await run(tx, notice)
    await tx.notice.update({ where: { id }, data: { ...end, appliedAt: toDate(context.now()) } })
  })
}

async function apply(tx: Transaction, context: Context, account: OpenAccount, notice: Notice): Promise<End> {
  const told = readStored(account.connector, notice)
  if (!told) return ignored('not understood')
  const known = await knownPayment(tx, account, told)
  if (known && known.storeId !== account.storeId) return ignored('another store')
  const { event } = told
  if (event.kind !== 'deposit' && event.kind !== 'reversal') {
    // Told again when the payment becomes known.
    if (!known || !isVouched(known)) return ignored(waitingFor(channelOf(account), told.paymentId))
    await lockPayment(tx, known.id)
    await applyFact(tx, context, known.id, told)
    return { state: 'APPLIED', result: known.id }
  }
  if (known && known.method !== 'VIRTUAL_ACCOUNT') return ignored('no virtual account')
  const paymentId =
    known?.id ?? (await recordPayment(tx, context, account, newRecord(account, told, event), context.now(), 'notice'))
  await lockPayment(tx, paymentId)
  await recordDeposit(tx, context, {
    accountId: account.id,
    noticeId: notice.id,
    key: told.key,
    paymentId,
    money: event,
  })
  return { state: 'APPLIED', result: paymentId }
}

function channelOf({ connector, call }: OpenAccount) {
  const channel = connector.channelOf?.(call.credentials)
  if (!channel) throw new DomainError('payment.channel_unknown', { channel: '', mid: '' })
  return channel
}

/** Whoever records it meanwhile is waited for: so it is known now, or its recording finds the notice. */
async function knownPayment(tx: Transaction, account: OpenAccount, told: UnsignedNotice): Promise<Payment | null> {
  const { key, pg, mid } = channelOf(account)
  const channel = await tx.channel.findUnique({ where: { accountId_key: { accountId: account.id, key } } })
  if (!channel) throw new DomainError('payment.channel_unknown', { channel: key, mid })
  await orderByNumbers(tx, channel.id, { paymentId: told.paymentId, pg, mid, pgTxId: told.paymentId })
  return tx.payment.findUnique({ where: { pg_mid_pgTxId: { pg, mid, pgTxId: told.paymentId } } })
}

/** A payment of which nobody but this notice ever told. What was ordered is not known: the amount is the deposit's. */
function newRecord(account: OpenAccount, told: UnsignedNotice, money: Money): GatewayPayment {
  const channel = channelOf(account)
  return {
    paymentId: told.paymentId,
    transactionId: null,
    orderNumber: told.orderNumber,
    storeKey: told.storeKey,
    channelKey: channel.key,
    channelType: null,
    pg: channel.pg,
    mid: channel.mid,
    pgTxId: told.paymentId,
    status: 'ISSUED',
    method: 'VIRTUAL_ACCOUNT',
    methodFacts:
      money.account === null
        ? {}
        : { virtualAccount: { bank: money.bank ?? undefined, account: maskAccount(money.account) } },
    approvalNumber: null,
    currency: 'KRW',
    total: money.amount,
    taxFree: minor(0),
    discount: minor(0),
    paid: minor(0),
    cancelled: minor(0),
    cancelledTaxFree: minor(0),
    orderName: told.orderNumber ?? '',
    requestedAt: money.at,
    approvedAt: money.at,
    paidAt: null,
    receiptUrl: null,
    escrow: null,
    cashReceipt: null,
    cancellations: [],
    personal: { name: money.depositor ?? undefined, account: money.account ?? undefined },
  }
}
