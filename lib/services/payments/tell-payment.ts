import 'server-only'
import { DAY_MS, plus } from '#lib/domain/kst.ts'
import type { GatewayPayment, PaymentSource } from '#lib/domain/payment.ts'
import { minor } from '#lib/domain/money.ts'
import { DomainError, type Facts } from '#lib/domain/problem.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { db, transaction, type Transaction } from '#lib/server/db.ts'
import { hasTurn } from '#lib/server/rate-limit.ts'
import type { Payment } from '#prisma/client/client.ts'
import { openAccount, type OpenAccount } from '../accounts/open-account.ts'
import type { Teller } from '../tokens/authenticate-token.ts'
import { openTask } from './open-task.ts'
import { byCard, recordPayment, saysTheSame } from './record-payment.ts'

type Fields = Readonly<Record<string, string>>
export type Taken =
  | { readonly kind: 'recorded' | 'known'; readonly paymentId: string }
  | { readonly kind: 'differs'; readonly paymentId: string; readonly ours: number; readonly told: number }

/** Who tells, and by which token or file. */
type By = { readonly source: Extract<PaymentSource, 'shop' | 'file'>; readonly facts: Facts }

/**
 * What a shop's server tells of a payment, in its gateway's field names, which `read` gets out of the body. The same twice
 * changes nothing.
 * Fails with: account.not_found, telling.unreadable, telling.not_approved, payment.differs, payment.at_other_store,
 * payment.channel_unknown (known already, in another environment).
 */
export async function tellPayment(
  context: Context,
  { storeId, tokenId }: Teller,
  read: () => Fields,
): Promise<{ readonly id: string; readonly tno: string; readonly state: 'recorded' | 'known' }> {
  try {
    const fields = read()
    const account = await accountMeant(storeId, fields)
    const told = account.connector.readApproval?.(fields, account.call.credentials)
    if (!told) throw new DomainError('account.not_found')
    if (told.kind === 'unreadable') throw new DomainError('telling.unreadable', { field: told.field })
    if (told.kind === 'not_approved') throw new DomainError('telling.not_approved', { result: told.code })
    if (told.payment.approvedAt > plus(context.now(), DAY_MS))
      throw new DomainError('telling.unreadable', { field: 'app_time' in fields ? 'app_time' : 'trddt' })
    const by = { source: 'shop', facts: { token: tokenId } } as const
    const taken = await takePayment(context, account, told.payment, by, told.taxFreeSaid)
    if (taken.kind === 'differs') throw new DomainError('payment.differs', { ours: taken.ours, told: taken.told })
    return { id: taken.paymentId, tno: told.payment.paymentId, state: taken.kind }
  } catch (error) {
    if (error instanceof DomainError) await recordRefusal(context, { storeId, tokenId }, error)
    throw error
  }
}

/**
 * The store's account that is meant, of several for one merchant a live one before a test's, then the oldest: where the answer holds the merchant, the one whose
 * number stands in it, else the one that the shop names or the only one there is. Another store's is none.
 * Fails with: account.not_found, telling.unreadable (the field in which the merchant is to be named).
 */
async function accountMeant(storeId: string, fields: Fields): Promise<OpenAccount> {
  const rows = await db.gatewayAccount.findMany({
    where: { storeId },
    orderBy: [{ environment: 'desc' }, { createdAt: 'asc' }, { id: 'asc' }],
  })
  const accounts = rows.map(openAccount).filter(({ connector }) => connector.readApproval !== undefined)
  const values = new Set(Object.values(fields).map((value) => value.trim()))
  const named = accounts.find(
    ({ connector, call }) => connector.approvalForm === undefined && values.has(connector.storeKeyOf(call.credentials)),
  )
  if (named) return named
  const formed = accounts.filter(({ connector }) => connector.approvalForm?.known.every((name) => name in fields))
  return onlyMerchant(formed, fields)
}

function onlyMerchant(accounts: readonly OpenAccount[], fields: Fields): OpenAccount {
  const [first] = accounts
  const fieldsOfMerchant = first?.connector.approvalForm?.merchant ?? []
  const said = fieldsOfMerchant.map((name) => fields[name]?.trim() ?? '').find((value) => value !== '')
  const merchantOf = ({ connector, call }: OpenAccount) => connector.storeKeyOf(call.credentials)
  const meant = said === undefined ? first : accounts.find((account) => merchantOf(account) === said)
  if (!meant) throw new DomainError('account.not_found')
  if (said === undefined && accounts.some((account) => merchantOf(account) !== merchantOf(meant)))
    throw new DomainError('telling.unreadable', { field: fieldsOfMerchant[0] ?? '' })
  return meant
}

/** Kept, so that a shop's mistake can be seen here; only so many, since nothing is ever removed from there. */
async function recordRefusal(context: Context, { storeId, tokenId }: Teller, problem: DomainError): Promise<void> {
  if (!(await hasTurn('failure', tokenId))) return
  await transaction((tx) =>
    audit(tx, context, {
      action: 'payment.told',
      outcome: 'failed',
      storeId,
      subject: { type: 'token', id: tokenId },
      facts: { code: problem.code, ...problem.facts },
    }),
  )
}

/**
 * Takes over what somebody else than the gateway says. What is known stays as it is; where it says otherwise nothing changes and
 * a task is raised. Fails with: payment.at_other_store, payment.channel_unknown.
 */
export async function takePayment(
  context: Context,
  account: OpenAccount,
  payment: GatewayPayment,
  by: By,
  taxFreeSaid = true,
): Promise<Taken> {
  try {
    return await transaction(async (tx) => {
      // Whoever tells the same meanwhile waits, so that one of them recorded it and the others found it known.
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`told/${numberOf(payment).join('/')}`}, 0))`
      const known = await knownPayment(tx, payment)
      const record = known ? asKnown(payment, known, taxFreeSaid) : payment
      const paymentId = await recordPayment(tx, context, account, record, context.now(), by.source)
      const { source } = await tx.payment.findUniqueOrThrow({ where: { id: paymentId }, select: { source: true } })
      // Also who vouched for one that only worse sources had told of: it can be refunded from now on.
      if (known?.source !== source)
        await audit(tx, context, {
          action: 'payment.told',
          outcome: 'done',
          storeId: account.storeId,
          subject: { type: 'payment', id: paymentId },
          facts: { source: by.source, ...(known && { before: known.source }), ...by.facts },
        })
      return { kind: known ? 'known' : 'recorded', paymentId }
    })
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'payment.differs') throw error
    return transaction((tx) => tellDifference(tx, context, payment, by.source))
  }
}

const numberOf = ({ pg, mid, pgTxId, paymentId }: GatewayPayment) => [pg, mid, pgTxId ?? paymentId] as const

async function knownPayment(tx: Transaction, payment: GatewayPayment): Promise<Payment | null> {
  const [pg, mid, pgTxId] = numberOf(payment)
  return tx.payment.findUnique({ where: { pg_mid_pgTxId: { pg, mid, pgTxId } } })
}

/** Which wallet stood before a card, and how much is free of tax, not everybody says: there is no contradiction in that. */
function asKnown(payment: GatewayPayment, known: Payment, taxFreeSaid: boolean): GatewayPayment {
  const sameCard = byCard.has(payment.method) && byCard.has(known.method)
  return {
    ...payment,
    ...(sameCard && { method: known.method }),
    ...(!taxFreeSaid && { taxFree: minor(known.taxFree) }),
  }
}

/** Whether it says otherwise than what is known. A notice alone knew neither order nor amount for sure. */
export function contradicts(known: Payment, payment: GatewayPayment, taxFreeSaid: boolean): boolean {
  const record = asKnown(payment, known, taxFreeSaid)
  return known.source === 'notice' ? known.method !== record.method : !saysTheSame(known, record)
}

async function tellDifference(
  tx: Transaction,
  context: Context,
  payment: GatewayPayment,
  source: PaymentSource,
): Promise<Taken> {
  const known = await knownPayment(tx, payment)
  if (!known) throw new Error('what differed is gone')
  const facts = { ours: Number(known.amount), told: payment.total }
  await openTask(tx, {
    storeId: known.storeId,
    paymentId: known.id,
    kind: 'amount_differs',
    key: `${source}:${payment.total}:${payment.taxFree}:${payment.method}`,
    dueAt: context.now(),
    facts: { ours: facts.ours, [source]: facts.told },
  })
  return { kind: 'differs', paymentId: known.id, ...facts }
}
