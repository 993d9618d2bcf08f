import 'server-only'
import { fromDate } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import type { StaffView } from '#lib/domain/views.ts'
import { whoMay, type Permission } from '#lib/policy/permissions.ts'
import { permitted, type Context } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import type { Payment } from '#prisma/client/client.ts'
import { namesOf } from '../people/names.ts'
import { personalView } from './personal.ts'

const MEMOS_MAX = 200

/** What the staff keep beside what the gateway says: the buyer (masked), notes, money paid back by hand. */
export async function staffPart(context: Context, payment: Payment): Promise<StaffView> {
  // Ids are made in the order of time.
  const newest = { where: { paymentId: payment.id }, orderBy: { id: 'desc' }, take: MEMOS_MAX } as const
  const [memos, handRefunds] = await Promise.all([db.memo.findMany(newest), db.handRefund.findMany(newest)])
  const names = await namesOf([...memos, ...handRefunds].map((one) => one.byId))
  const may = (permission: Permission) => ({
    may: permitted(context.actor, permission, payment.storeId),
    who: whoMay(permission).join(', '),
  })
  return {
    personal: personalView(payment),
    memos: memos.map(({ id, at, byId, text }) => ({ id, at: fromDate(at), who: names.get(byId) ?? '', text })),
    handRefunds: handRefunds.map(({ id, at, byId, amount, paidOn, how, why }) => ({
      id,
      at: fromDate(at),
      who: names.get(byId) ?? '',
      amount: minor(amount),
      paidOn,
      how,
      why,
    })),
    reveal: may('personal.reveal'),
    note: may('payment.note'),
    byHand: may('refund.by_hand'),
  }
}
