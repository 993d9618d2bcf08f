import 'server-only'
import { z } from 'zod'
import { instant, toDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { movesMoney } from '#lib/policy/permissions.ts'
import { audit } from '#lib/server/audit.ts'
import { authorizeOwner, type Context, type Person } from '#lib/server/context.ts'
import { db, transaction, type Transaction } from '#lib/server/db.ts'
import {
  forgetSecondFactor,
  hasSecondFactor,
  newSecret,
  openSecret,
  replaceRecoveryCodes,
  sealSecret,
  stepOf,
  uriOf,
} from '#lib/server/second-factor.ts'
import { requireFreshSignIn } from '#lib/server/step-up.ts'
import { selfOf } from './self.ts'

export const Nothing = z.object({})

/** Whether the installation asks a second factor of this person. */
export async function secondFactorRequired(person: Pick<Person, 'owner' | 'grants'>): Promise<boolean> {
  const installation = await db.installation.findUniqueOrThrow({ where: { id: 1 } })
  return installation.secondFactor && movesMoney(person)
}

/** Makes a secret to be put into an app; it counts once a code of it has come back. Fails with: session.step_up, request.invalid. */
export async function startSecondFactor(context: Context): Promise<{ secret: string; uri: string }> {
  const { id, email } = selfOf(context)
  requireFreshSignIn(context)
  const secret = newSecret()
  await transaction(async (tx) => {
    await lockWithout(tx, id)
    await tx.user.update({ where: { id }, data: { totp: sealSecret(secret, id), totpStep: null } })
  })
  return { secret, uri: uriOf(secret, email) }
}

export const ConfirmSecondFactor = z.object({ code: z.string().trim().max(40) })

/** Answers the recovery codes, this once. Fails with: session.step_up, session.wrong_code, request.invalid. */
export async function confirmSecondFactor(
  context: Context,
  { code }: z.infer<typeof ConfirmSecondFactor>,
): Promise<{ codes: string[] }> {
  const { id } = selfOf(context)
  requireFreshSignIn(context)
  return transaction(async (tx) => {
    const user = await lockWithout(tx, id)
    const now = instant(Date.now())
    const step = user.totp === null ? null : stepOf(openSecret(user.totp, id), code.replaceAll(/\s/g, ''), now)
    if (step === null) throw new DomainError('session.wrong_code')
    await tx.user.update({ where: { id }, data: { totpConfirmedAt: toDate(now), totpStep: step } })
    const codes = await replaceRecoveryCodes(tx, id)
    await record(tx, context, id, 'on')
    return { codes }
  })
}

/** The account, held, where it has no second factor yet. */
async function lockWithout(tx: Transaction, id: string) {
  await tx.$executeRaw`SELECT 1 FROM "User" WHERE id = ${id}::uuid FOR UPDATE`
  const user = await tx.user.findUniqueOrThrow({ where: { id } })
  if (hasSecondFactor(user)) throw new DomainError('request.invalid', { field: 'secondFactor' })
  return user
}

/** Fails with: session.step_up, request.invalid (where there is no second factor). */
export async function renewRecoveryCodes(context: Context): Promise<{ codes: string[] }> {
  const { id } = selfOf(context)
  requireFreshSignIn(context)
  return transaction(async (tx) => {
    const user = await tx.user.findUniqueOrThrow({ where: { id } })
    if (!hasSecondFactor(user)) throw new DomainError('request.invalid', { field: 'secondFactor' })
    const codes = await replaceRecoveryCodes(tx, id)
    await record(tx, context, id, 'codes')
    return { codes }
  })
}

/** Fails with: session.step_up, session.second_factor_needed. */
export async function turnOffSecondFactor(context: Context): Promise<{ id: string }> {
  const person = selfOf(context)
  requireFreshSignIn(context)
  if (await secondFactorRequired(person)) throw new DomainError('session.second_factor_needed')
  return transaction(async (tx) => {
    await forgetSecondFactor(tx, person.id)
    await record(tx, context, person.id, 'off')
    return { id: person.id }
  })
}

const record = (tx: Transaction, context: Context, id: string, change: string) =>
  audit(tx, context, {
    action: 'session.second_factor',
    outcome: 'done',
    subject: { type: 'user', id },
    facts: { change },
  })

export const RequireSecondFactor = z.object({ required: z.boolean() })

/** For the whole installation. Fails with: permission.missing, session.step_up. */
export async function requireSecondFactor(
  context: Context,
  { required }: z.infer<typeof RequireSecondFactor>,
): Promise<{ required: boolean }> {
  authorizeOwner(context, 'member.manage')
  requireFreshSignIn(context)
  return transaction(async (tx) => {
    await tx.installation.update({ where: { id: 1 }, data: { secondFactor: required } })
    await audit(tx, context, {
      action: 'session.second_factor',
      outcome: 'done',
      facts: { change: required ? 'required' : 'not_required' },
    })
    return { required }
  })
}
