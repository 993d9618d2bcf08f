import 'server-only'
import { plus, toDate, type Instant } from '#lib/domain/kst.ts'
import { hideCardNumbers, maskName } from '#lib/domain/mask.ts'
import { paymentSources, type GatewayPayment, type PaymentSource, type ReferenceKind } from '#lib/domain/payment.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { partialLimitOf } from '#lib/policy/cancelling/parts.ts'
import { isTestStore } from '#lib/policy/test-stores.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { seal } from '#lib/server/crypto.ts'
import { env } from '#lib/server/env.ts'
import { lockPayment, toJson, type Transaction } from '#lib/server/db.ts'
import type { Payment } from '#prisma/client/client.ts'
import type { OpenAccount } from '../accounts/open-account.ts'
import { withdrawChangedApproval } from '../cancellations/approval.ts'
import { settleFromRecord } from '../cancellations/settle-from-record.ts'
import { withdrawTooLarge } from '../cancellations/withdraw-too-large.ts'
import { hasNewerReceipt } from '../cash-receipts/receipt-facts.ts'
import { matchDeposits } from '../deposits/match-deposits.ts'
import { raiseTasks } from '../tasks/raise-tasks.ts'
import { openTask } from './open-task.ts'
import { indexPerson } from './person-keys.ts'

/**
 * Takes over what a gateway says of a payment: creates it or brings it up to date, appends the refunds it tells of,
 * settles our own cancellations found in it. The same record twice changes nothing. What another source says (`source`) makes
 * a payment known and completes one that only worse sources told of, but never counts as a reading of the gateway.
 * Fails with: payment.at_other_store, payment.channel_unknown, payment.differs.
 */
export async function recordPayment(
  tx: Transaction,
  context: Context,
  account: OpenAccount,
  record: GatewayPayment,
  readAt: Instant,
  source: PaymentSource = 'gateway',
): Promise<string> {
  const channel = await channelOf(tx, account, record)
  const paymentId = await lockedPayment(tx, context, account, channel, record, source)
  await attachReferences(tx, account, channel.id, paymentId, record)
  if (source !== 'gateway') {
    await completeFacts(tx, account, paymentId, record, source)
    await matchDeposits(tx, context, paymentId)
    await raiseTasks(tx, context, paymentId)
    return paymentId
  }
  await updateFacts(tx, context, account, paymentId, record, readAt)
  await settleFromRecord(tx, context, {
    paymentId,
    storeId: account.storeId,
    channelId: channel.id,
    connector: account.connector,
    record,
  })
  await withdrawTooLarge(tx, context, paymentId)
  await withdrawChangedApproval(tx, context, paymentId)
  await raiseTasks(tx, context, paymentId)
  return paymentId
}

type ChannelRow = { readonly id: string; readonly key: string; readonly mid: string }

async function channelOf(tx: Transaction, account: OpenAccount, record: GatewayPayment): Promise<ChannelRow> {
  if (record.storeKey !== account.connector.storeKeyOf(account.call.credentials))
    throw new DomainError('payment.at_other_store', { store: record.storeKey })
  const liveness = account.environment === 'sandbox' ? null : account.environment === 'live' ? 'LIVE' : 'TEST'
  const channel =
    record.channelKey === null
      ? null
      : await tx.channel.findUnique({ where: { accountId_key: { accountId: account.id, key: record.channelKey } } })
  const strange = liveness !== null && record.channelType !== null && liveness !== record.channelType
  if (!channel || strange)
    throw new DomainError('payment.channel_unknown', { channel: record.channelKey ?? '', mid: record.mid })
  return channel
}

/**
 * One payment is one row, however many see it first: the advisory locks order those who would create it. Two, since one of
 * them may see it before it has a number of the payment gateway's; always in this order.
 */
async function lockedPayment(
  tx: Transaction,
  context: Context,
  account: OpenAccount,
  channel: ChannelRow,
  record: GatewayPayment,
  source: PaymentSource,
): Promise<string> {
  await orderByNumbers(tx, channel.id, record)
  const known =
    (
      await tx.reference.findFirst({
        where: { channelId: channel.id, kind: account.connector.addressedBy, value: record.paymentId },
        include: { payment: true },
      })
    )?.payment ??
    (record.pgTxId === null
      ? null
      : await tx.payment.findUnique({
          where: { pg_mid_pgTxId: { pg: record.pg, mid: record.mid, pgTxId: record.pgTxId } },
        }))
  if (known && known.storeId !== account.storeId)
    throw new DomainError('payment.at_other_store', { store: record.storeKey })
  // What a test tells is never of a payment with real money, nor the other way round.
  if (known && known.environment !== account.environment)
    throw new DomainError('payment.channel_unknown', { channel: channel.key, mid: record.mid })
  if (known) {
    await lockPayment(tx, known.id)
    return known.id
  }
  const created = await tx.payment.create({
    data: { ...newPayment(account, channel, record), storeId: account.storeId, source },
  })
  await audit(tx, context, {
    action: 'payment.recorded',
    outcome: 'done',
    storeId: account.storeId,
    subject: { type: 'payment', id: created.id },
    facts: { status: record.status, received: record.paidAt === null ? 0 : record.paid, source },
  })
  return created.id
}

type Numbers = Pick<GatewayPayment, 'paymentId' | 'pg' | 'mid' | 'pgTxId'>
/** Until the end of the transaction nobody else records the payment of these numbers. */
export async function orderByNumbers(tx: Transaction, channelId: string, numbers: Numbers): Promise<void> {
  await orderBy(tx, `${channelId}/${numbers.paymentId}`)
  if (numbers.pgTxId !== null) await orderBy(tx, `${numbers.pg}/${numbers.mid}/${numbers.pgTxId}`)
}

const orderBy = (tx: Transaction, name: string) =>
  tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`

function newPayment(account: OpenAccount, channel: ChannelRow, record: GatewayPayment) {
  return {
    channelId: channel.id,
    environment: account.environment,
    testStore: isTestStore(record.pg, record.mid),
    pg: record.pg,
    mid: record.mid,
    pgTxId: record.pgTxId,
    method: record.method,
    currency: record.currency,
    amount: BigInt(record.total),
    taxFree: BigInt(record.taxFree),
    discount: BigInt(record.discount),
    received: BigInt(received(record)),
    receivedTaxFree: BigInt(receivedTaxFree(record)),
    partialLimit: partialLimitOf(record.pg, record.method),
    orderName: hideCardNumbers(record.orderName),
    requestedAt: toDate(record.requestedAt),
    approvedAt: toDate(record.approvedAt),
    paidAt: record.paidAt === null ? null : toDate(record.paidAt),
    methodFacts: toJson(record.methodFacts),
  }
}

/** The base of every sum: what was paid, and nothing before it was. */
const received = (record: GatewayPayment): number => (record.paidAt === null ? 0 : record.paid)
const receivedTaxFree = (record: GatewayPayment): number =>
  record.paidAt === null ? 0 : Math.min(record.taxFree, record.paid)

async function attachReferences(
  tx: Transaction,
  { storeId, connector }: OpenAccount,
  channelId: string,
  paymentId: string,
  record: GatewayPayment,
): Promise<void> {
  const kindOfPgTxId: ReferenceKind = record.pg === 'KCP' ? 'TNO' : 'TRNO'
  const references: readonly (readonly [ReferenceKind, string | null | undefined])[] = [
    [connector.addressedBy, record.paymentId],
    ['TRANSACTION_ID', record.transactionId],
    ['ORDER_NUMBER', record.orderNumber],
    [kindOfPgTxId, record.pgTxId],
    ['APPROVAL_NUMBER', record.approvalNumber],
    ...record.cancellations.map((cancellation) => ['CANCEL_APPROVAL_NUMBER', cancellation.approvalNumber] as const),
  ]
  const data = references.flatMap(([kind, value]) => (value ? [{ paymentId, storeId, channelId, kind, value }] : []))
  await tx.reference.createMany({ data, skipDuplicates: true })
}

/** An older reading that arrives late leaves what a newer one said. Money facts are appended in any order. */
async function updateFacts(
  tx: Transaction,
  context: Context,
  account: OpenAccount,
  paymentId: string,
  record: GatewayPayment,
  readAt: Instant,
): Promise<void> {
  const payment = await tx.payment.findUniqueOrThrow({ where: { id: paymentId } })
  if (payment.gatewayReadAt !== null && payment.gatewayReadAt.getTime() > readAt) return
  if (receivedDiffers(payment, record)) {
    await openTask(tx, {
      storeId: payment.storeId,
      paymentId,
      kind: 'amount_differs',
      key: String(received(record)),
      dueAt: plus(context.now(), 0),
      facts: { ours: Number(payment.received), gateway: received(record) },
    })
  }
  const proven = await provenFacts(tx, context, payment, record)
  const deposited = payment.paidAt === null && record.paidAt !== null
  await tx.payment.update({
    where: { id: paymentId },
    data: {
      ...(deposited &&
        record.paidAt !== null && {
          paidAt: toDate(record.paidAt),
          approvedAt: toDate(record.approvedAt),
          received: BigInt(received(record)),
          receivedTaxFree: BigInt(receivedTaxFree(record)),
        }),
      ...proven,
      ...(payment.pgTxId === null && record.pgTxId !== null && { pgTxId: record.pgTxId }),
      ...(record.status === 'CLOSED' && payment.closedAt === null && { closedAt: toDate(context.now()) }),
      methodFacts: toJson(record.methodFacts),
      receiptUrl: record.receiptUrl ?? slipOf(account, record, record.paymentId),
      ...(record.escrow !== null && { escrow: toJson(record.escrow) }),
      ...(record.cashReceipt !== null &&
        !(await hasNewerReceipt(tx, paymentId, readAt)) && { cashReceipt: toJson(record.cashReceipt) }),
      buyerMasked: record.personal.name === undefined ? null : maskName(record.personal.name),
      personalSealed: seal(JSON.stringify(record.personal), ['Payment', paymentId, 'personal']),
      gatewayRecord: toJson(snapshot(record)),
      gatewayReadAt: toDate(readAt),
    },
  })
  await indexPerson(tx, payment, record)
  if (proven) await matchDeposits(tx, context, paymentId)
}

const receivedDiffers = (payment: Payment, record: GatewayPayment): boolean =>
  payment.paidAt !== null && record.paidAt !== null && Number(payment.received) !== received(record)

/** What others told of a payment is now the gateway's own word, where it says the same; where not, somebody looks at it. */
async function provenFacts(tx: Transaction, context: Context, payment: Payment, record: GatewayPayment) {
  if (payment.source === 'gateway') return null
  // A wallet is a card to one, and a wallet to the other.
  const sameWay = payment.method === record.method || [payment.method, record.method].every((one) => byCard.has(one))
  const alone = payment.source === 'notice' && payment.confirmedAt === null
  if (sameWay && (alone || saysTheSame(payment, { ...record, method: payment.method })))
    return {
      source: 'gateway',
      amount: BigInt(record.total),
      taxFree: BigInt(record.taxFree),
      orderName: hideCardNumbers(record.orderName),
    }
  // Said already where what was received differs too.
  if (receivedDiffers(payment, record)) return null
  await openTask(tx, {
    storeId: payment.storeId,
    paymentId: payment.id,
    kind: 'amount_differs',
    key: `record:${record.total}:${record.taxFree}`,
    dueAt: context.now(),
    facts: { ours: Number(payment.amount), gateway: record.total },
  })
  return null
}

export const byCard: ReadonlySet<string> = new Set(['CARD', 'EASY_PAY'])

const better = (source: string, than: string): boolean =>
  paymentSources.findIndex((one) => one === source) < paymentSources.findIndex((one) => one === than)

/** What is known already stays; only what a notice alone told is replaced, since it knew neither order nor method. */
async function completeFacts(
  tx: Transaction,
  account: OpenAccount,
  paymentId: string,
  record: GatewayPayment,
  source: PaymentSource,
): Promise<void> {
  const payment = await tx.payment.findUniqueOrThrow({ where: { id: paymentId } })
  if (payment.source === 'notice' ? payment.method !== record.method : !saysTheSame(payment, record))
    throw new DomainError('payment.differs', { ours: Number(payment.amount), told: record.total })
  const improves = better(source, payment.source)
  const first = payment.personalSealed === null
  if (!improves && !first) return
  await tx.payment.update({
    where: { id: paymentId },
    data: {
      ...(improves && {
        source,
        amount: BigInt(record.total),
        taxFree: BigInt(record.taxFree),
        orderName: hideCardNumbers(record.orderName),
        methodFacts: toJson(record.methodFacts),
      }),
      ...(payment.escrow === null && record.escrow !== null && { escrow: toJson(record.escrow) }),
      ...(payment.cashReceipt === null && record.cashReceipt !== null && { cashReceipt: withSlip(account, record) }),
      receiptUrl: record.receiptUrl ?? slipOf(account, record, record.paymentId),
      buyerMasked: record.personal.name === undefined ? null : maskName(record.personal.name),
      personalSealed: seal(JSON.stringify(record.personal), ['Payment', paymentId, 'personal']),
    },
  })
  await indexPerson(tx, payment, record)
}

export const saysTheSame = (payment: Payment, record: GatewayPayment): boolean =>
  Number(payment.amount) === record.total &&
  Number(payment.taxFree) === record.taxFree &&
  payment.method === record.method

const slipOf = (
  { connector, environment, call }: OpenAccount,
  record: GatewayPayment,
  reference: string,
): string | null =>
  connector.slip?.({
    environment,
    credentials: call.credentials,
    endpoint: environment === 'sandbox' ? `http://127.0.0.1:${env.sandbox.ksnetHttpPort}` : call.endpoint,
    method: record.method,
    reference,
    orderNumber: record.orderNumber ?? null,
    amount: record.total,
  }) ?? null

/** With the address of its own page, where the gateway has one by the receipt's number. */
function withSlip(account: OpenAccount, record: GatewayPayment) {
  const { reference } = record.cashReceipt ?? {}
  return toJson({
    ...record.cashReceipt,
    ...(reference !== undefined && { url: slipOf(account, record, reference) ?? undefined }),
  })
}

/** The gateway's own sums and cancels, to be shown beside ours. */
function snapshot(record: GatewayPayment) {
  return {
    status: record.status,
    total: record.total,
    taxFree: record.taxFree,
    paid: record.paid,
    cancelled: record.cancelled,
    cancelledTaxFree: record.cancelledTaxFree,
    cancellations: record.cancellations.map(
      ({ id, status, amount, taxFree, requestedAt, cancelledAt, approvalNumber, trigger }) => ({
        id,
        status,
        amount,
        taxFree,
        requestedAt,
        cancelledAt: cancelledAt ?? null,
        approvalNumber: approvalNumber ?? null,
        trigger: trigger ?? null,
      }),
    ),
  }
}
