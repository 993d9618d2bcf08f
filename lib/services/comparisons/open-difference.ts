import 'server-only'
import { DomainError } from '#lib/domain/problem.ts'
import type { Permission } from '#lib/policy/permissions.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, type Transaction } from '#lib/server/db.ts'
import type { Difference } from '#prisma/client/client.ts'

/** Fails with: difference.not_found, permission.missing. */
export async function openDifference(context: Context, id: string, permission: Permission): Promise<Difference> {
  const missing = new DomainError('difference.not_found')
  const one = await db.difference.findUnique({ where: { id } })
  if (!one) throw missing
  authorize(context, permission, one.storeId, missing)
  return one
}

/** Whoever else works on it waits. */
export async function lockDifference(tx: Transaction, id: string): Promise<Difference> {
  await tx.$queryRaw`SELECT 1 FROM "Difference" WHERE id = ${id}::uuid FOR UPDATE`
  return tx.difference.findUniqueOrThrow({ where: { id } })
}
