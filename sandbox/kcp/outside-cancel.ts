import { z } from 'zod'
import { toIso, type Instant } from '#lib/domain/kst.ts'
import { realNow } from '../clock.ts'
import { ControlError, readInput } from '../control-error.ts'
import { withCancel } from './cancelling.ts'
import { left } from './payment.ts'
import type { KcpEvent, KcpState } from './state.ts'

const inputSchema = z.strictObject({
  payment: z.string(),
  amount: z.number().int().positive(),
  taxFree: z.number().int().nonnegative().default(0),
  where: z.enum(['kcp-admin']).default('kcp-admin'),
})

/** What a person cancels in KCP's admin: KCP knows it, and tells nobody. */
export function outsideCancel(state: KcpState, input: unknown, now: Instant): readonly KcpEvent[] {
  const { payment: tno, amount, taxFree } = readInput(inputSchema, input)
  const payment = state.payment(tno)
  if (!payment) throw new ControlError(`payment: no payment ${tno}`)
  if (amount > left(payment)) throw new ControlError(`amount: only ${left(payment)} is left`)
  const after = withCancel(payment, {
    amount,
    taxFree,
    at: now,
    modType: amount < left(payment) || payment.cancels.length > 0 ? 'STPC' : 'STSC',
    by: 'kcp-admin',
    payout: 'none',
  })
  const entry = {
    at: toIso(realNow()),
    clock: toIso(now),
    gateway: 'kcp',
    operation: 'outside-cancel',
    payment: tno,
    effect: 'executed' as const,
    status: null,
    amount,
  }
  return [
    { kind: 'payment', payment: after },
    { kind: 'journal', entry },
  ]
}
