import 'server-only'
import { z } from 'zod'
import { DomainError } from '#lib/domain/problem.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { db, transaction } from '#lib/server/db.ts'
import { hashPassword } from '#lib/server/password.ts'

export const CreateFirstOwner = z.object({
  email: z.email().trim().toLowerCase().max(200),
  name: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .regex(/^[^\p{Cc}]+$/u),
  password: z.string().min(10).max(200),
})

/** A new installation has nobody yet; whoever opens it first becomes its owner. */
export const needsFirstOwner = async (): Promise<boolean> => (await db.user.count()) === 0

/** Fails with: setup.done. */
export async function createFirstOwner(
  context: Context,
  input: z.infer<typeof CreateFirstOwner>,
): Promise<{ id: string }> {
  // A hash is costly, and anybody may ask; the count under the lock decides.
  if (!(await needsFirstOwner())) throw new DomainError('setup.done')
  const passwordHash = await hashPassword(input.password)
  return transaction(async (tx) => {
    await tx.$executeRaw`LOCK TABLE "User" IN EXCLUSIVE MODE`
    if ((await tx.user.count()) > 0) throw new DomainError('setup.done')
    const user = await tx.user.create({ data: { email: input.email, name: input.name, passwordHash, owner: true } })
    await audit(tx, context, {
      action: 'setup.first_owner',
      outcome: 'done',
      subject: { type: 'user', id: user.id },
      facts: { email: input.email },
    })
    return { id: user.id }
  })
}
