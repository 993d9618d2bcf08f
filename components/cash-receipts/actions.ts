import type { Minor } from '#lib/domain/money.ts'
import type { Action } from '../use-action.ts'

export type CashReceiptActions = {
  readonly cancel: Action<{ id: string; paymentId: string }, { id: string }>
  readonly issue: Action<
    {
      id: string
      paymentId: string
      type: 'PERSONAL' | 'CORPORATE'
      identityNumber: string
      amount: Minor
      taxFree: Minor
    },
    { id: string }
  >
}
