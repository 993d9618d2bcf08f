import 'server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { fromDate, plus, toDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { ALONE_AFTER_MS } from '#lib/policy/closable.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, lockPayment, transaction } from '#lib/server/db.ts'
import { requireFreshSignIn } from '#lib/server/step-up.ts'
import { accountHash, maskedText, RefundAccount, sealAccount } from './refund-account.ts'
import { refuseUnsayable } from './refuse-unsayable.ts'
import { provedByPeople, whoChecks } from './who-checks.ts'

export const ProposeAccountProof = RefundAccount.extend({ paymentId: z.uuid(), evidenceId: z.uuid() })

/**
 * Rule ACCOUNT-WHO: one person with a copy of the bankbook; a second one must confirm. Fails with: payment.not_found,
 * permission.missing, evidence.not_found, account_check.gateway_can, account_check.unsayable.
 */
export async function proposeAccountProof(
  context: Context,
  { paymentId, evidenceId, ...account }: z.infer<typeof ProposeAccountProof>,
): Promise<{ id: string }> {
  const missing = new DomainError('payment.not_found')
  const include = { channel: { include: { account: true } } } as const
  const payment = await db.payment.findUnique({ where: { id: paymentId }, include })
  if (!payment) throw missing
  authorize(context, 'account_check.create', payment.storeId, missing)
  const { actor } = context
  if (actor.kind !== 'person') throw new DomainError('permission.missing', { permission: 'account_check.create' })
  if (!provedByPeople(await whoChecks(payment))) throw new DomainError('account_check.gateway_can')
  refuseUnsayable([payment.channel.account], account)
  const evidence = await db.evidence.findUnique({ where: { id: evidenceId } })
  if (evidence?.storeId !== payment.storeId) throw new DomainError('evidence.not_found')
  const id = randomUUID()
  await transaction(async (tx) => {
    await tx.accountCheck.create({
      data: {
        id,
        storeId: payment.storeId,
        paymentId,
        by: 'people',
        result: 'AWAITING',
        bank: account.bank,
        account: sealAccount(account, ['AccountCheck', id, 'account']),
        masked: maskedText(account),
        hash: accountHash(paymentId, account),
        checkedById: actor.id,
        checkedAt: toDate(context.now()),
        evidenceId,
      },
    })
    await audit(tx, context, {
      action: 'account_check.create',
      outcome: 'done',
      storeId: payment.storeId,
      subject: { type: 'payment', id: paymentId },
      facts: { check: id, by: 'people', bank: account.bank, result: 'AWAITING', evidence: evidenceId },
    })
  })
  return { id }
}

export const ConfirmAccountProof = z.object({ checkId: z.uuid(), agree: z.boolean() })

/**
 * The second person. Per store one alone, a day later. Fails with: account_check.not_found, permission.missing,
 * session.step_up, account_check.own, account_check.decided.
 */
export async function confirmAccountProof(
  context: Context,
  input: z.infer<typeof ConfirmAccountProof>,
): Promise<{ id: string }> {
  const missing = new DomainError('account_check.not_found')
  const seen = await db.accountCheck.findUnique({ where: { id: input.checkId } })
  if (!seen) throw missing
  authorize(context, 'account_check.confirm', seen.storeId, missing)
  requireFreshSignIn(context)
  const { actor } = context
  if (actor.kind !== 'person') throw new DomainError('permission.missing', { permission: 'account_check.confirm' })
  await transaction(async (tx) => {
    await lockPayment(tx, seen.paymentId)
    const check = await tx.accountCheck.findUniqueOrThrow({
      where: { id: input.checkId },
      include: { payment: { include: { store: true } } },
    })
    if (check.result !== 'AWAITING') throw new DomainError('account_check.decided')
    const alone = check.checkedById === actor.id
    const aloneFrom = plus(fromDate(check.checkedAt), ALONE_AFTER_MS)
    if (alone && input.agree && (!check.payment.store.oneAfterDay || context.now() < aloneFrom))
      throw new DomainError('account_check.own')
    const result = input.agree ? 'MATCHED' : 'REJECTED'
    await tx.accountCheck.update({
      where: { id: check.id },
      data: { result, confirmedById: actor.id, confirmedAt: toDate(context.now()), alone },
    })
    await audit(tx, context, {
      action: 'account_check.confirm',
      outcome: 'done',
      storeId: check.storeId,
      subject: { type: 'payment', id: check.paymentId },
      facts: { check: check.id, result, alone },
    })
  })
  return { id: input.checkId }
}
