import 'server-only'
import { minor, type Minor } from '#lib/domain/money.ts'

/** The sums of a payment as its row holds them. */
export type Balance = {
  readonly received: Minor
  readonly receivedTaxFree: Minor
  readonly refunded: Minor
  readonly refundedTaxFree: Minor
  readonly open: Minor
  readonly openTaxFree: Minor
}

export const balanceOf = (row: Record<keyof Balance, bigint>): Balance => ({
  received: minor(row.received),
  receivedTaxFree: minor(row.receivedTaxFree),
  refunded: minor(row.refunded),
  refundedTaxFree: minor(row.refundedTaxFree),
  open: minor(row.open),
  openTaxFree: minor(row.openTaxFree),
})

/** What a new intent may still ask for. Negative where more was refunded elsewhere than was received. */
export const left = (balance: Balance): Minor => minor(balance.received - balance.refunded - balance.open)
export const leftTaxFree = (balance: Balance): Minor =>
  minor(balance.receivedTaxFree - balance.refundedTaxFree - balance.openTaxFree)
