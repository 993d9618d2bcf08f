import 'server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { toDate } from '#lib/domain/kst.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { AccountCheckView } from '#lib/domain/views.ts'
import type { BankAccount, HolderAnswer } from '#lib/gateways/connector.ts'
import { ask } from '#lib/gateways/exchange.ts'
import { sameHolder } from '#lib/policy/account-proof.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, transaction } from '#lib/server/db.ts'
import { countAccountCheck } from '#lib/server/rate-limit.ts'
import { openAccount } from '../accounts/open-account.ts'
import { namesOf } from '../people/names.ts'
import { checkView } from './check-view.ts'
import { refuseUnsayable } from './refuse-unsayable.ts'
import { whoChecks } from './who-checks.ts'
import { accountHash, maskedText, RefundAccount, sealAccount } from './refund-account.ts'

export const CheckAccount = RefundAccount.extend({ paymentId: z.uuid() })

/**
 * Asks a gateway who holds an account, and keeps the answer as a proof bound to this payment. Reads only: no money moves.
 * Fails with: payment.not_found, permission.missing, account_check.unsayable, account_check.too_many, gateway.refused (nobody
 * can be asked).
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
  const asks = await whoChecks(payment)
  const { connector, call } = openAccount(asks ?? payment.channel.account)
  const { holder } = connector.operations
  if (!asks || !holder) throw new DomainError('gateway.refused', { code: 'no holder look-up' })
  refuseUnsayable([payment.channel.account, asks], account)
  const hash = accountHash(paymentId, account)
  await countAccountCheck(actor.id, `${account.bank}/${account.number}`)
  const id = randomUUID()
  const question = { ...account, orderNumber: id.replaceAll('-', '') }
  const { outcome } = await ask(connector, holder, question, call)
  const { result, code, ...answer } = learnt(outcome, account)
  const row = await transaction(async (tx) => {
    await audit(tx, context, {
      action: 'account_check.create',
      outcome: 'done',
      storeId: payment.storeId,
      subject: { type: 'payment', id: paymentId },
      facts: {
        check: id,
        by: 'gateway',
        bank: account.bank,
        result,
        code,
        account: asks.id,
        reference: answer.reference,
      },
    })
    const check = await tx.accountCheck.create({
      data: {
        id,
        storeId: payment.storeId,
        paymentId,
        by: 'gateway',
        accountId: asks.id,
        result,
        code,
        ...answer,
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
      await tx.gatewayAccount.update({ where: { id: asks.id }, data: { holderCheck } })
    }
    return check
  })
  const viewer = { personId: actor.id, oneAfterDay: payment.store.oneAfterDay, now: context.now() }
  return checkView(row, { names: await namesOf([actor.id]), accounts: new Map([[asks.id, asks]]) }, viewer)
}

type Learnt = {
  readonly result: 'MATCHED' | 'DIFFERENT' | 'REFUSED' | 'UNKNOWN'
  readonly code: string | null
  readonly message: string | null
  readonly reference: string | null
  readonly referenceTime: string | null
}
const nothing = { code: null, message: null, reference: null, referenceTime: null }

/** Only a name that is the same, or that was confirmed, proves anything; no answer proves neither. */
function learnt(outcome: Outcome<HolderAnswer>, asked: BankAccount): Learnt {
  switch (outcome.kind) {
    case 'done':
      return learntFrom(outcome.value, asked)
    case 'declined':
      return { ...nothing, result: 'REFUSED', code: outcome.code, message: impersonal(outcome.message ?? '', asked) }
    case 'pending':
    case 'not_sent':
    case 'unknown':
      return { ...nothing, result: 'UNKNOWN' }
  }
}

/** ACCOUNT-TNO: the gateway's number and time of its answer stay with it. */
function learntFrom(answer: HolderAnswer, asked: BankAccount): Learnt {
  if (answer.kind === 'named')
    return { ...nothing, result: sameHolder(asked.holder, answer.holder) ? 'MATCHED' : 'DIFFERENT' }
  const { code, message, reference, time: referenceTime } = answer
  if (answer.kind === 'confirmed') return { ...nothing, result: 'MATCHED', reference, referenceTime }
  return { result: 'DIFFERENT', code, message: impersonal(message, asked), reference, referenceTime }
}

const MESSAGE_MAX = 100

/** Numbers, what stands in brackets and the name are left out: who else may hold the account is nobody's business. Null: nothing is left. */
function impersonal(message: string, { holder, number }: BankAccount): string | null {
  const left = message
    .replaceAll(holder, '')
    .replaceAll(number, '')
    .replace(/[([{<].*?(?:[)\]}>]|$)/g, '')
    .replace(/[\d*-]{4,}/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  return left === '' ? null : left.slice(0, MESSAGE_MAX)
}
