import 'server-only'
import { fromDate, type Instant } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { hasSlip, slipPrints } from '#lib/domain/payment.ts'
import type { PublicReceipt } from '#lib/domain/views.ts'
import { refundWhen } from '#lib/policy/refund-when.ts'
import { db } from '#lib/server/db.ts'
import { itemOf, withNames } from '../payments/payment-item.ts'
import { readToken } from './receipt-link.ts'

/** What a link shows without signing in; null, always the same, for one that is forged, ended, taken back or never was. */
export async function openReceipt(token: string, now: Instant): Promise<PublicReceipt | null> {
  const named = readToken(token)
  if (!named || named.expiresAt <= now) return null
  const link = await db.receiptLink.findUnique({ where: { id: named.id } })
  if (!link || link.revokedAt !== null || fromDate(link.expiresAt) <= now) return null
  const row = await db.payment.findUniqueOrThrow({
    where: { id: link.paymentId },
    include: { ...withNames, channel: { include: { account: true } }, refunds: { orderBy: { refundedAt: 'asc' } } },
  })
  await db.receiptLink.update({ where: { id: link.id }, data: { opened: { increment: 1 } } })
  const { store, orderName, method, methodFacts, currency, amount, received, left, status, open } = itemOf(row)
  return {
    store: store.name,
    orderName,
    method,
    currency,
    amount,
    received,
    left,
    status,
    card: methodFacts.card
      ? { issuer: methodFacts.card.issuer ?? null, number: methodFacts.card.number ?? null }
      : null,
    paidAt: row.paidAt === null ? null : fromDate(row.paidAt),
    refunds: row.refunds.map((refund) => ({
      amount: minor(refund.amount),
      at: fromDate(refund.refundedAt),
      when: refundWhen(method, { captured: null, checkCard: null }, refund.partial),
    })),
    refunding: open,
    slip: hasSlip(method, row.pg) ? safeUrl(row.receiptUrl) : null,
    gateway: row.channel.account.gateway,
    slipPrints: slipPrints(row.pg),
    test: row.environment !== 'live' || row.testStore,
    expiresAt: named.expiresAt,
  }
}

const safeUrl = (text: string | null): string | null =>
  text !== null && /^https?:\/\/[^\s"'<>]+$/.test(text) ? text : null
