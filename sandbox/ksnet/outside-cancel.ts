import { z } from 'zod'
import { toIso, type Instant } from '#lib/domain/kst.ts'
import { realNow } from '../clock.ts'
import { ControlError, readInput } from '../control-error.ts'
import { left } from './payment.ts'
import type { KsnetEvent, KsnetState } from './state.ts'

const inputSchema = z.strictObject({
  payment: z.string(),
  amount: z.number().int().positive(),
  taxFree: z.number().int().nonnegative().default(0),
  where: z.enum(['ksnet-admin']).default('ksnet-admin'),
})

/** What a person cancels in KSNET's admin: KSNET knows it, and tells nobody. */
export function outsideCancel(state: KsnetState, input: unknown, now: Instant): readonly KsnetEvent[] {
  const { payment: trno, amount } = readInput(inputSchema, input)
  const payment = state.payment(trno)
  if (!payment) throw new ControlError(`payment: no payment ${trno}`)
  if (amount > left(payment)) throw new ControlError(`amount: only ${left(payment)} is left`)
  const cancels = [...payment.cancels, { amount, at: now, by: 'ksnet-admin' as const }]
  const entry = {
    at: toIso(realNow()),
    clock: toIso(now),
    gateway: 'ksnet',
    operation: 'outside-cancel',
    payment: trno,
    effect: 'executed' as const,
    status: null,
    amount,
  }
  return [
    { kind: 'payment', payment: { ...payment, cancels } },
    { kind: 'journal', entry },
  ]
}
