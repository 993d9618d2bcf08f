import 'server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { toDate } from '#lib/domain/kst.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { AccountCheckView } from '#lib/domain/views.ts'
import type { HolderAnswer } from '#lib/gateways/connector.ts'
import { ask } from '#lib/gateways/exchange.ts'
import { sameHolder } from '#lib/policy/account-proof.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, transaction } from '#lib/server/db.ts'
import { countAccountCheck } from '#lib/server/rate-limit.ts'
import { openAccount } from '../accounts/open-account.ts'
import { namesOf } from '../people/names.ts'
import { checkView } from './check-view.ts'
import { accountHash, maskedText, RefundAccount, sealAccount } from './refund-account.ts'

export const CheckAccount = RefundAccount.extend({ paymentId: z.uuid() })

/**
 * Asks the gateway who holds an account, and keeps the answer as a proof bound to this payment. Reads only: no money moves.
 * Fails with: payment.not_found, permission.missing, account_check.too_many, gateway.unreachable (nothing was learnt).
 */
export async function checkAccount(
  context: Context,
  { paymentId, ...account }: z.infer<typeof CheckAccount>,
): Promise<AccountCheckView> {
  const missing = new DomainError('payment.not_found')
  const payment = await db.payment.findUnique({
    where: { id: paymentId },
    include: { store: true, channel: { include: { account: true } } },
  })
  if (!payment) throw missing
  authorize(context, 'account_check.create', payment.storeId, missing)
  const { actor } = context
  if (actor.kind !== 'person') throw new DomainError('permission.missing', { permission: 'account_check.create' })
  const gatewayAccount = openAccount(payment.channel.account)
  const { holder } = gatewayAccount.connector.operations
  if (!holder) throw new DomainError('gateway.refused', { code: 'no holder look-up' })
  const hash = accountHash(paymentId, account)
  await countAccountCheck(actor.id, `${account.bank}/${account.number}`)
  const { outcome } = await ask(gatewayAccount.connector, holder, account, gatewayAccount.call)
  const { result, code } = learnt(outcome, account.holder)
  const id = randomUUID()
  const row = await transaction(async (tx) => {
    await audit(tx, context, {
      action: 'account_check.create',
      outcome: 'done',
      storeId: payment.storeId,
      subject: { type: 'payment', id: paymentId },
      facts: { check: id, by: 'gateway', bank: account.bank, result, code },
    })
    const check = await tx.accountCheck.create({
      data: {
        id,
        storeId: payment.storeId,
        paymentId,
        by: 'gateway',
        result,
        code,
        bank: account.bank,
        account: sealAccount(account, ['AccountCheck', id, 'account']),
        masked: maskedText(account),
        hash,
        checkedById: actor.id,
        checkedAt: toDate(context.now()),
      },
    })
    // After the row that waits for the payment: what is sending holds the payment and waits for the store's settings.
    const reached = outcome.kind === 'done' || outcome.kind === 'declined'
    if (reached) {
      const isOff = outcome.kind === 'declined' && outcome.reason === 'not_contracted'
      const holderCheck = isOff ? 'not_enabled' : 'available'
      await tx.gatewayAccount.update({ where: { id: payment.channel.accountId }, data: { holderCheck } })
    }
    return check
  })
  const viewer = { personId: actor.id, oneAfterDay: payment.store.oneAfterDay, now: context.now() }
  return checkView(row, await namesOf([actor.id]), viewer)
}

/** Only a name that is the same proves anything; no answer proves neither. */
function learnt(outcome: Outcome<HolderAnswer>, asked: string): { result: string; code: string | null } {
  switch (outcome.kind) {
    case 'done':
      return { result: sameHolder(asked, outcome.value.holder) ? 'MATCHED' : 'DIFFERENT', code: null }
    case 'declined':
      return { result: 'REFUSED', code: outcome.code }
    case 'pending':
    case 'not_sent':
    case 'unknown':
      return { result: 'UNKNOWN', code: null }
  }
}
