import type { Minor } from '#lib/domain/money.ts'
import type { Action } from '../use-action.ts'

export type Wish = {
  readonly amount: Minor
  readonly taxFree: Minor
  readonly reason: string
  /** What was shown as left. */
  readonly remainder: Minor
  readonly remainderTaxFree: Minor
}

/** What can be done on a payment's page; the page gives the server's actions. */
export type PaymentActions = {
  readonly refresh: Action<{ paymentId: string }, unknown>
  readonly cancel: Action<Wish & { readonly id: string; readonly paymentId: string }, { id: string }>
  readonly withdraw: Action<{ id: string }, unknown>
}
