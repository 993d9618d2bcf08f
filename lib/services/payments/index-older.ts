import 'server-only'
import { db, lockPayment, transaction } from '#lib/server/db.ts'
import { methodFacts } from './payment-item.ts'
import { indexPerson } from './person-keys.ts'
import { personalOf } from './personal.ts'

const BATCH = 200

/** Payments taken over before persons were indexed; looked through once at each start, and found with nothing left to do. */
export async function indexOlder(stopping: AbortSignal): Promise<void> {
  for (let after: string | null = null; !stopping.aborted;) {
    const rows: { id: string }[] = await db.payment.findMany({
      where: { personalSealed: { not: null }, personKeys: { none: {} }, ...(after !== null && { id: { gt: after } }) },
      select: { id: true },
      orderBy: { id: 'asc' },
      take: BATCH,
    })
    for (const { id } of rows) await indexOne(id)
    after = rows.at(-1)?.id ?? null
    if (after === null) return
  }
}

/** Locked, so that a reading of the same payment at the same moment is not undone by what was stored before it. */
const indexOne = (id: string) =>
  transaction(async (tx) => {
    await lockPayment(tx, id)
    const payment = await tx.payment.findUniqueOrThrow({ where: { id } })
    const personal = personalOf(payment)
    if (personal !== null)
      await indexPerson(tx, payment, { personal, methodFacts: methodFacts.parse(payment.methodFacts) })
  })
