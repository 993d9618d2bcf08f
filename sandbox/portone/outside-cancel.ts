import { z } from 'zod'
import type { SandboxClock } from '../clock.ts'
import { ControlError, readInput } from '../control-error.ts'
import { leftAtPg } from './amounts.ts'
import { checkAtPg, checkAtPortOne } from './cancel-rules.ts'
import { newCancellation, succeed } from './cancelling.ts'
import { PortOneError } from './errors.ts'
import { journalled } from './journalled.ts'
import type { Payment } from './payment.ts'
import type { PortOneEvent, PortOneState } from './state.ts'

/** The reason PortOne's console gives to every cancel made there. */
const CONSOLE_REASON = '관리자페이지취소'

const inputSchema = z.strictObject({
  payment: z.string(),
  amount: z.number().int().positive(),
  taxFree: z.number().int().nonnegative().default(0),
  where: z.enum(['portone-console', 'pg-admin']),
})
type Input = z.infer<typeof inputSchema>

/** What a person cancels elsewhere: on PortOne's console, which PortOne knows, or in the PG's admin, which it never hears of. */
export function outsideCancel(state: PortOneState, clock: SandboxClock, input: unknown): readonly PortOneEvent[] {
  const wish = readInput(inputSchema, input)
  const payment = state.paymentAnywhere(wish.payment)
  if (!payment) throw new ControlError(`payment: no payment ${wish.payment}`)
  const events = wish.where === 'pg-admin' ? inPgAdmin(payment, wish, clock) : onConsole(state, payment, wish, clock)
  return [
    ...events,
    journalled(clock, payment, { operation: 'outside-cancel', effect: 'executed', amount: wish.amount }),
  ]
}

function inPgAdmin(payment: Payment, { amount, taxFree }: Input, clock: SandboxClock): readonly PortOneEvent[] {
  const left = payment.paidAt === undefined ? 0 : leftAtPg(payment)
  if (amount > left) throw new ControlError(`amount: only ${left} is left at the PG`)
  const outside = [...payment.outside, { amount, taxFree, at: clock.now() }]
  return [{ kind: 'payment', payment: { ...payment, outside } }]
}

function onConsole(state: PortOneState, payment: Payment, wish: Input, clock: SandboxClock): readonly PortOneEvent[] {
  const now = clock.now()
  const asked = { amount: wish.amount, taxFreeAmount: wish.taxFree, refundAccount: { number: '' } }
  try {
    const { amount, taxFree } = checkAtPortOne(payment, asked)
    checkAtPg(payment, amount, asked, state.settings, now)
    const cancel = { amount, taxFree, reason: CONSOLE_REASON, trigger: 'CONSOLE', skipWebhook: false } as const
    return succeed(payment, newCancellation(state, payment, cancel, now), now).events
  } catch (error) {
    if (error instanceof PortOneError)
      throw new ControlError(`refused with ${error.pgCode ?? error.type}: ${error.message}`)
    throw error
  }
}
