import 'server-only'
import type { PaymentItem } from '#lib/domain/views.ts'
import { visibleStores, type Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { itemOf, withNames } from '../payments/payment-item.ts'

const FOUND_MAX = 20

/** The payments with this trno, tno or payment id that the person may see; another's are not there. */
export async function findReceipt(person: Person, number: string): Promise<readonly PaymentItem[]> {
  const stores = visibleStores(person)
  const rows = await db.payment.findMany({
    where: {
      references: { some: { value: number, kind: { in: ['TRNO', 'TNO', 'PAYMENT_ID'] } } },
      ...(stores && { storeId: { in: [...stores] } }),
    },
    include: withNames,
    orderBy: [{ approvedAt: 'desc' }, { id: 'desc' }],
    take: FOUND_MAX,
  })
  return rows.map(itemOf)
}
