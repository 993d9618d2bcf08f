import type { Cancellation, Payment } from './payment.ts'

/** VAT of a taxable amount, half up (PortOne's reconciliation guide). */
export const vatOf = (taxable: number): number => Math.round(taxable / 11)

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
const total = (cancellations: readonly Cancellation[]): number => sum(cancellations.map((one) => one.totalAmount))
const taxFree = (cancellations: readonly Cancellation[]): number => sum(cancellations.map((one) => one.taxFreeAmount))

const succeeded = (payment: Payment): readonly Cancellation[] =>
  payment.cancellations.filter((one) => one.status === 'SUCCEEDED')

/** Done, and asynchronous ones still open: both are no longer there to be cancelled (inferred for the open ones). */
const taken = (payment: Payment): readonly Cancellation[] =>
  payment.cancellations.filter((one) => one.status !== 'FAILED')

export const cancelled = (payment: Payment): number => total(succeeded(payment))
export const cancelledTaxFree = (payment: Payment): number => taxFree(succeeded(payment))

export const cancellable = (payment: Payment): number => payment.paid - total(taken(payment))
export const cancellableTaxFree = (payment: Payment): number => payment.taxFree - taxFree(taken(payment))
export const cancellableTaxable = (payment: Payment): number => cancellable(payment) - cancellableTaxFree(payment)

export const leftAtPg = (payment: Payment): number =>
  cancellable(payment) - sum(payment.outside.map((outside) => outside.amount))

/** K8: the PG counts those made in its own admin too. */
export const partialsMade = (payment: Payment): number => taken(payment).length + payment.outside.length
