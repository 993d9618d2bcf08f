import 'server-only'
import { z } from 'zod'
import { minor } from '#lib/domain/money.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { PreviewView } from '#lib/domain/views.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { balanceOf, left, leftTaxFree } from '../payments/balance.ts'
import { reasonsFor } from './approval.ts'
import { judge, withChannel, type Asked } from './judge-cancellation.ts'
import { laterView } from './later.ts'
import { lastDecidedNotDone } from './people-decided.ts'
import { verdictView } from './verdict-view.ts'

const whole = z.coerce.number().int().min(0).max(9_999_999_999_999)
export const PreviewCancellation = z.object({
  paymentId: z.uuid(),
  amount: whole.optional(),
  taxFree: whole.optional(),
})

/** What the rules say of an amount before anything is written. Fails with: payment.not_found, permission.missing. */
export async function previewCancellation(
  context: Context,
  input: z.infer<typeof PreviewCancellation>,
): Promise<PreviewView> {
  const missing = new DomainError('payment.not_found')
  const payment = await db.payment.findUnique({ where: { id: input.paymentId }, include: withChannel })
  if (!payment) throw missing
  authorize(context, 'cancellation.request', payment.storeId, missing)
  const asked: Asked = {
    kind: 'CANCEL',
    amount: input.amount === undefined ? null : minor(input.amount),
    taxFree: input.taxFree === undefined ? null : minor(input.taxFree),
  }
  const { facts, judgement } = await judge(db, payment, asked, context.now(), null)
  const balance = balanceOf(payment)
  const [all, taxFree] = [left(balance), leftTaxFree(balance)]
  const amount = input.amount ?? all
  const { actor } = context
  const { stepUpAbove } = payment.store
  const afterPeople = (await lastDecidedNotDone(db, payment.id)) !== null
  return {
    verdicts: judgement.verdicts.map(verdictView),
    denial: judgement.denial && verdictView(judgement.denial),
    left: all,
    leftTaxFree: taxFree,
    taxFreeMin: minor(Math.max(0, amount - (all - taxFree))),
    taxFreeMax: minor(Math.min(amount, taxFree)),
    partialNumber: payment.partialLimit !== null && amount < balance.received ? facts.partials + 1 : null,
    later: await laterView(payment, asked, judgement),
    approval:
      actor.kind === 'person' ? reasonsFor(actor, payment, { ...asked, amount: minor(amount) }, afterPeople) : [],
    stepUp: stepUpAbove !== null && BigInt(amount) >= stepUpAbove,
  }
}
