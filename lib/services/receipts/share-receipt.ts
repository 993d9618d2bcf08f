import 'server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { DAY_MS, instant, plus, SECOND_MS, toDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, transaction } from '#lib/server/db.ts'
import { receiptUrl } from './receipt-link.ts'

export const ShareReceipt = z.object({ paymentId: z.uuid(), days: z.int().min(1).max(30) })
export const RevokeReceipt = z.object({ id: z.uuid() })

/** Makes an address by which a buyer sees the masked facts of a payment, for so many days. Fails with: payment.not_found, permission.missing. */
export async function shareReceipt(
  context: Context,
  { paymentId, days }: z.infer<typeof ShareReceipt>,
): Promise<{ id: string; url: string }> {
  const missing = new DomainError('payment.not_found')
  const payment = await db.payment.findUnique({ where: { id: paymentId }, select: { storeId: true } })
  if (!payment) throw missing
  authorize(context, 'receipt.share', payment.storeId, missing)
  const { actor } = context
  if (actor.kind !== 'person') throw new DomainError('permission.missing', { permission: 'receipt.share' })
  const id = randomUUID()
  const now = context.now()
  // Whole seconds: the address says it in seconds.
  const expiresAt = instant(Math.floor(plus(now, days * DAY_MS) / SECOND_MS) * SECOND_MS)
  await transaction(async (tx) => {
    await tx.receiptLink.create({
      data: {
        id,
        storeId: payment.storeId,
        paymentId,
        createdById: actor.id,
        createdAt: toDate(now),
        expiresAt: toDate(expiresAt),
      },
    })
    await audit(tx, context, {
      action: 'receipt.share',
      outcome: 'done',
      storeId: payment.storeId,
      subject: { type: 'payment', id: paymentId },
      facts: { link: id, days },
    })
  })
  return { id, url: receiptUrl(id, expiresAt) }
}

/** Ends a link. One that has ended stays so. Fails with: receipt.not_found, permission.missing. */
export async function revokeReceipt(context: Context, { id }: z.infer<typeof RevokeReceipt>): Promise<{ id: string }> {
  const missing = new DomainError('receipt.not_found')
  const link = await db.receiptLink.findUnique({ where: { id } })
  if (!link) throw missing
  authorize(context, 'receipt.share', link.storeId, missing)
  await transaction(async (tx) => {
    const { count } = await tx.receiptLink.updateMany({
      where: { id, revokedAt: null },
      data: { revokedAt: toDate(context.now()) },
    })
    if (count === 0) return
    await audit(tx, context, {
      action: 'receipt.share',
      outcome: 'done',
      storeId: link.storeId,
      subject: { type: 'payment', id: link.paymentId },
      facts: { link: id, revoked: true },
    })
  })
  return { id }
}
