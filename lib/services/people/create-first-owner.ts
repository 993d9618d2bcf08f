import 'server-only'
import { z } from 'zod'
import { DomainError } from '#lib/domain/problem.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { db, transaction } from '#lib/server/db.ts'
import { hashPassword } from '#lib/server/password.ts'
import { countSignInTry } from '#lib/server/rate-limit.ts'
import { setupCodeFits, forgetSetupCode } from '#lib/server/setup-code.ts'
import { Password } from './invitations.ts'

export const CreateFirstOwner = z.object({
  email: z.email().trim().toLowerCase().max(200),
  name: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .regex(/^[^\p{Cc}]+$/u),
  password: Password,
  code: z.string().trim().max(100),
})

/** A new installation has nobody yet. */
export const needsFirstOwner = async (): Promise<boolean> => (await db.user.count()) === 0

/** Whoever has the code that the launcher printed. Fails with: setup.done, setup.wrong_code, session.blocked. */
export async function createFirstOwner(
  context: Context,
  input: z.infer<typeof CreateFirstOwner>,
  address: string,
): Promise<{ id: string }> {
  // A hash is costly, and anybody may ask; the count under the lock decides.
  if (!(await needsFirstOwner())) throw new DomainError('setup.done')
  await countSignInTry('setup', address)
  if (!setupCodeFits(input.code)) throw new DomainError('setup.wrong_code')
  const passwordHash = await hashPassword(input.password)
  const made = await transaction(async (tx) => {
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
  forgetSetupCode()
  return made
}
