import { findChannel } from './merchant.ts'
import type { Method, Payment } from './payment.ts'

type Texts = (payment: Payment) => readonly (string | undefined)[]

const none: Texts = () => []
const card: (read: (card: NonNullable<Extract<Method, { type: 'CARD' }>['card']>) => string) => Texts =
  (read) => (payment) =>
    'card' in payment.method && payment.method.card ? [read(payment.method.card)] : []
const account: (read: (account: Extract<Method, { type: 'VIRTUAL_ACCOUNT' }>) => string | undefined) => Texts =
  (read) => (payment) =>
    payment.method.type === 'VIRTUAL_ACCOUNT' ? [read(payment.method)] : []

/** PortOne REST V2 1.16, `PaymentTextSearchField`, less ALL. What these payments never have finds nothing. */
const texts = {
  PAYMENT_ID: (payment) => [payment.id],
  TX_ID: (payment) => [payment.transactionId],
  SCHEDULE_ID: none,
  FAIL_REASON: (payment) => [payment.failure?.reason],
  CARD_ISSUER: card((one) => one.issuer),
  CARD_ACQUIRER: card((one) => one.publisher),
  CARD_BIN: card((one) => one.bin),
  CARD_NUMBER: card((one) => one.number),
  CARD_APPROVAL_NUMBER: (payment) => ('approvalNumber' in payment.method ? [payment.method.approvalNumber] : []),
  CARD_RECEIPT_NAME: none,
  CARD_INSTALLMENT: (payment) =>
    'installmentMonths' in payment.method ? [String(payment.method.installmentMonths)] : [],
  TRANS_BANK: (payment) => (payment.method.type === 'TRANSFER' ? [payment.method.bank] : []),
  VIRTUAL_ACCOUNT_HOLDER_NAME: account((one) => one.remitteeName),
  VIRTUAL_ACCOUNT_BANK: account((one) => one.bank),
  VIRTUAL_ACCOUNT_NUMBER: account((one) => one.accountNumber),
  PG_MERCHANT_ID: (payment) => [findChannel(payment.channelKey)?.pgMerchantId],
  PG_TX_ID: (payment) => [payment.pgTxId],
  PG_RECEIPT_ID: none,
  RECEIPT_APPROVAL_NUMBER: none,
  PG_CANCELLATION_ID: (payment) => payment.cancellations.map((one) => one.pgCancellationId),
  CANCEL_REASON: (payment) => payment.cancellations.map((one) => one.reason),
  ORDER_NAME: (payment) => [payment.orderName],
  CUSTOMER_NAME: (payment) => [payment.customer.name],
  CUSTOMER_EMAIL: (payment) => [payment.customer.email],
  CUSTOMER_PHONE_NUMBER: (payment) => [payment.customer.phoneNumber],
  CUSTOMER_ADDRESS: none,
  CUSTOMER_ZIPCODE: none,
  USER_AGENT: none,
  BILLING_KEY: none,
  PROMOTION_ID: none,
  GIFT_CERTIFICATION_APPROVAL_NUMBER: none,
} satisfies Record<string, Texts>

type Field = keyof typeof texts
const fields = Object.keys(texts).filter((name): name is Field => name in texts)
export const textFields: readonly ['ALL', ...Field[]] = ['ALL', ...fields]

/** By prefix, as PortOne's own console searches; for the API it is not documented. */
export function matchesText(payment: Payment, field: 'ALL' | Field, value: string): boolean {
  const searched = field === 'ALL' ? fields : [field]
  return searched.some((name) => texts[name](payment).some((text) => text?.startsWith(value)))
}
