import { newReceipt } from '../approval.ts'
import { findPayment, type Call } from '../cancelling.ts'
import { KsnetError } from '../codes.ts'
import { cancelRequest, receiptAnswer, receiptRequest } from '../layouts.ts'
import type { Method, Payment, Receipt } from '../payment.ts'
import { alreadyElse, type Asked, type Family } from './family.ts'

type Fields = Asked['fields']

/** There is no field for a code: the first message has it (inferred). */
const refused = ({ code, messages }: KsnetError): Fields => ({
  message1: messages[0],
  message2: messages[1],
  cashMessage1: code,
})

/** By the second character of the type: 0 general, 2 of a transfer, 6 of a virtual account. */
const methods: Readonly<Record<string, Method>> = { 2: 'TRANSFER', 6: 'VIRTUAL_ACCOUNT' }
const methodOf = (type: string): Method | null => methods[type.charAt(1)] ?? null

/** H000, H200, H600. */
export const issueReceipt: Family = {
  operation: 'cash-receipt-issue',
  requests: [receiptRequest],
  answer: receiptAnswer,
  refused,
  run(call, { fields, head, type }) {
    const { state, merchant, now } = call
    const amount = amountIn(fields)
    if ((fields['userInfo'] ?? '') === '') throw new KsnetError('8038')
    const of = paidBy(call, fields, methodOf(type))
    if (of && state.receiptsOf(of.trno).some((one) => one.cancelledAt === null)) throw new KsnetError('P105')
    const orderNo = of?.orderNo ?? head['orderNumber'] ?? ''
    const receipt = newReceipt(state, { mid: merchant.mid, orderNo, amount }, { trno: of?.trno ?? null, at: now })
    const events = [{ kind: 'receipt' as const, receipt }]
    return { values: valuesOf(receipt), orderNo, events, effect: 'executed', payment: of?.trno ?? receipt.trno, amount }
  },
}

function amountIn(fields: Fields): number {
  const [supply, tax, service, total] = ['supplyAmt', 'taxAmt', 'svcAmt', 'totalAmt'].map((name) =>
    Number(fields[name] ?? ''),
  )
  const amount = total ?? Number.NaN
  if (!(amount > 0) || (supply ?? 0) + (tax ?? 0) + (service ?? 0) !== amount) throw new KsnetError('P10I')
  return amount
}

/** What was paid, which IssuSele 0 has checked. */
function paidBy(call: Call, fields: Fields, method: Method | null): Payment | null {
  if (method === null) return null
  const payment = findPayment(call, { by: 'trno', trno: fields['transactionNo'] ?? '' })
  if (payment.method !== method) throw new KsnetError('P10B')
  if (payment.status !== 'PAID') throw new KsnetError('P10O')
  return payment
}

/** H010, H210, H610, by the receipt's own number. */
export const cancelReceipt: Family = {
  operation: 'cash-receipt-cancel',
  requests: [cancelRequest],
  answer: receiptAnswer,
  refused,
  run(call, { fields, type }) {
    const { state, merchant, now } = call
    const receipt = state.receipt(fields['transactionNo'] ?? '')
    if (!receipt) throw new KsnetError(state.settings.noOriginal)
    if (receipt.mid !== merchant.mid) throw new KsnetError('6051')
    const method = receipt.payment === null ? null : (state.payment(receipt.payment)?.method ?? null)
    if (methodOf(type) !== method) throw new KsnetError('P10B')
    const { orderNo, trno } = receipt
    if (receipt.cancelledAt !== null) return alreadyElse(call, trno, receipt.payment ?? trno)
    const events = [{ kind: 'receipt' as const, receipt: { ...receipt, cancelledAt: now } }]
    const done = { events, effect: 'executed' as const, payment: receipt.payment ?? trno, amount: receipt.amount }
    return { values: valuesOf(receipt), orderNo, ...done }
  },
}

const valuesOf = (receipt: Receipt): Fields => ({
  transactionNo: receipt.trno,
  status: 'O',
  cashTransactionNo: receipt.approvalNo,
  incomeType: '0',
  message1: '정상처리',
  cashMessage1: '국세청 승인완료',
})
