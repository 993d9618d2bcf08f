import 'server-only'
import { z } from 'zod'
import { toDate } from '#lib/domain/kst.ts'
import { hideCardNumbers } from '#lib/domain/mask.ts'
import { methods } from '#lib/domain/payment.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { transaction, type Transaction } from '#lib/server/db.ts'
import { requireFreshSignIn } from '#lib/server/step-up.ts'
import { typedText } from '../typed-text.ts'

const money = z.int().min(0).max(9_999_999_999_999).nullable()
export const UpdateStore = z.object({
  storeId: z.uuid(),
  name: typedText(60).min(1),
  approvalAbove: money,
  approvalMethods: z.array(z.enum(methods)).max(methods.length),
  approvalRoles: z.array(z.enum(['VIEWER', 'OPERATOR', 'MANAGER'])).max(3),
  stepUpAbove: money,
  personDayAmount: money,
  personDayCount: z.int().min(0).max(100_000).nullable(),
  oneAfterDay: z.boolean(),
  sendAtOnce: z.array(z.object({ accountId: z.uuid(), value: z.int().min(1).max(100) })).max(100),
})

const bigint = (value: number | null) => (value === null ? null : BigInt(value))

/** Fails with: store.not_found, permission.missing, session.step_up, account.not_found. */
export async function updateStore(context: Context, input: z.infer<typeof UpdateStore>): Promise<{ id: string }> {
  const missing = new DomainError('store.not_found')
  const { storeId, sendAtOnce, ...policy } = input
  authorize(context, 'store.manage', storeId, missing)
  requireFreshSignIn(context)
  await transaction(async (tx) => {
    await lockStore(tx, storeId, missing)
    await tx.store.update({
      where: { id: storeId },
      data: {
        ...policy,
        approvalMethods: [...new Set(policy.approvalMethods)],
        approvalRoles: [...new Set(policy.approvalRoles)],
        approvalAbove: bigint(policy.approvalAbove),
        stepUpAbove: bigint(policy.stepUpAbove),
        personDayAmount: bigint(policy.personDayAmount),
      },
    })
    for (const { accountId, value } of sendAtOnce) {
      const where = { id: accountId, storeId }
      const { count } = await tx.gatewayAccount.updateMany({ where, data: { sendAtOnce: value } })
      if (count === 0) throw new DomainError('account.not_found')
    }
    await audit(tx, context, {
      action: 'store.update',
      outcome: 'done',
      storeId,
      subject: { type: 'store', id: storeId },
      facts: { ...policy, sendAtOnce },
    })
  })
  return { id: storeId }
}

export const StopSending = z.object({ storeId: z.uuid(), why: typedText(200).min(1) })
/** Nothing is sent for the store from now on; what is on its way is still confirmed. Fails with: store.not_found, permission.missing. */
export async function stopSending(context: Context, input: z.infer<typeof StopSending>): Promise<{ id: string }> {
  const missing = new DomainError('store.not_found')
  authorize(context, 'sending.stop', input.storeId, missing)
  const { actor } = context
  if (actor.kind !== 'person') throw new DomainError('permission.missing', { permission: 'sending.stop' })
  await transaction(async (tx) => {
    await lockStore(tx, input.storeId, missing)
    await tx.store.update({
      where: { id: input.storeId },
      data: { stoppedAt: toDate(context.now()), stoppedById: actor.id, stoppedWhy: hideCardNumbers(input.why) },
    })
    await audit(tx, context, {
      action: 'sending.stop',
      outcome: 'done',
      storeId: input.storeId,
      subject: { type: 'store', id: input.storeId },
      facts: { why: input.why },
    })
  })
  return { id: input.storeId }
}

export const ResumeSending = z.object({ storeId: z.uuid() })
/** What waited is judged again and sent. Fails with: store.not_found, permission.missing, session.step_up. */
export async function resumeSending(context: Context, input: z.infer<typeof ResumeSending>): Promise<{ id: string }> {
  const missing = new DomainError('store.not_found')
  authorize(context, 'sending.stop', input.storeId, missing)
  requireFreshSignIn(context)
  await transaction(async (tx) => {
    await lockStore(tx, input.storeId, missing)
    await tx.store.update({
      where: { id: input.storeId },
      data: { stoppedAt: null, stoppedById: null, stoppedWhy: null },
    })
    await audit(tx, context, {
      action: 'sending.resume',
      outcome: 'done',
      storeId: input.storeId,
      subject: { type: 'store', id: input.storeId },
    })
  })
  return { id: input.storeId }
}

async function lockStore(tx: Transaction, storeId: string, missing: DomainError): Promise<void> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM "Store" WHERE id = ${storeId}::uuid FOR UPDATE`
  if (rows.length === 0) throw missing
}
