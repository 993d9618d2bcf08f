import type { Minor } from '#lib/domain/money.ts'
import type { AccountCheckView } from '#lib/domain/views.ts'
import type { ShippingActions } from '../escrow/actions.ts'
import type { UploadEvidence } from '../evidence/evidence-upload.tsx'
import type { CashReceiptActions } from '../cash-receipts/actions.ts'
import type { ReceiptLinkActions } from '../receipts/receipt-links.tsx'
import type { ResolveTask } from '../tasks/task-step.tsx'
import type { Action } from '../use-action.ts'

/** An account as it is typed. It goes to the server in a body and is kept nowhere here. */
export type TypedAccount = { readonly bank: string; readonly number: string; readonly holder: string }

export type Wish = {
  /** CLOSE: a virtual account nobody paid into. */
  readonly kind?: 'CANCEL' | 'CLOSE'
  readonly amount: Minor
  readonly taxFree: Minor
  readonly reason: string
  /** What was shown as left. */
  readonly remainder: Minor
  readonly remainderTaxFree: Minor
  /** Only the hour forbids it: it is sent by itself when it may be. */
  readonly later?: boolean
  readonly account?: TypedAccount & { readonly checkId: string }
}

/** What can be done about the account a refund goes into. */
export type AccountCheckActions = {
  readonly check: Action<TypedAccount & { readonly paymentId: string }, AccountCheckView>
  readonly propose: Action<TypedAccount & { readonly paymentId: string; readonly evidenceId: string }, { id: string }>
  readonly confirm: Action<{ checkId: string; agree: boolean }, unknown>
  readonly upload: UploadEvidence
}

export type PersonalField = 'name' | 'phone' | 'email' | 'account'
/** What the staff keep of a payment, beside the gateway. */
export type StaffActions = {
  readonly reveal: Action<{ paymentId: string; field: PersonalField; reason: string }, { value: string }>
  readonly note: Action<{ paymentId: string; text: string }, { id: string }>
  readonly byHand: Action<
    { paymentId: string; amount: Minor; paidOn: string; how: string; why: string },
    { id: string }
  >
}

/** What can be done on a payment's page; the page gives the server's actions. */
export type PaymentActions = {
  readonly refresh: Action<{ paymentId: string }, unknown>
  readonly cancel: Action<Wish & { readonly id: string; readonly paymentId: string }, { id: string }>
  readonly withdraw: Action<{ id: string }, unknown>
  readonly account: AccountCheckActions
  readonly staff: StaffActions
  readonly shipping: ShippingActions
  readonly resolveTask: ResolveTask
  readonly decideDeposit: Action<{ id: string; confirm: boolean; note: string }, { id: string }>
  readonly cashReceipt: CashReceiptActions
  readonly receiptLink: ReceiptLinkActions
}
