import 'server-only'
import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { fromDate, instant, SECOND_MS, toDate, type Instant } from '#lib/domain/kst.ts'
import type { ReceiptLinksView } from '#lib/domain/views.ts'
import { whoMay } from '#lib/policy/permissions.ts'
import { permitted, type Context } from '#lib/server/context.ts'
import { keyedHash } from '#lib/server/crypto.ts'
import { db } from '#lib/server/db.ts'
import { env } from '#lib/server/env.ts'
import type { Payment } from '#prisma/client/client.ts'
import { namesOf } from '../people/names.ts'

/** `id.expiry.signature`: what it opens and until when, which nobody but this installation can write. */
const signature = (id: string, seconds: number) => keyedHash(JSON.stringify(['ReceiptLink', id, seconds]))

export function receiptToken(id: string, expiresAt: Instant): string {
  const seconds = Math.floor(expiresAt / SECOND_MS)
  return `${Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')}.${seconds.toString(36)}.${signature(id, seconds)}`
}
export const receiptUrl = (id: string, expiresAt: Instant) => `${env.publicUrl}/r/${receiptToken(id, expiresAt)}`

/** What a token names; null where it was not written here. The signatures are compared in constant time. */
export function readToken(token: string): { readonly id: string; readonly expiresAt: Instant } | null {
  const parts = /^([\w-]{22})\.([0-9a-z]{1,8})\.([\w-]{43})$/.exec(token)
  if (!parts) return null
  const [, packed = '', expiry = '', given = ''] = parts
  const hex = Buffer.from(packed, 'base64url').toString('hex')
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  const seconds = Number.parseInt(expiry, 36)
  const expected = Buffer.from(signature(id, seconds))
  const same = timingSafeEqual(expected, Buffer.from(given))
  return same && z.uuid().safeParse(id).success ? { id, expiresAt: instant(seconds * SECOND_MS) } : null
}

const LINKS_MAX = 20

/** The links of a payment that still open; their addresses only for who may make one. */
export async function receiptLinksOf(context: Context, payment: Payment): Promise<ReceiptLinksView> {
  const may = permitted(context.actor, 'receipt.share', payment.storeId)
  const rows = may
    ? await db.receiptLink.findMany({
        where: { paymentId: payment.id, revokedAt: null, expiresAt: { gt: toDate(context.now()) } },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: LINKS_MAX,
      })
    : []
  const names = await namesOf(rows.map((row) => row.createdById))
  return {
    links: rows.map((row) => ({
      id: row.id,
      url: receiptUrl(row.id, fromDate(row.expiresAt)),
      createdBy: names.get(row.createdById) ?? '',
      createdAt: fromDate(row.createdAt),
      expiresAt: fromDate(row.expiresAt),
      opened: row.opened,
    })),
    may,
    whoMay: whoMay('receipt.share').join(', '),
  }
}
