import {
  addDays,
  endOfDay,
  kstDate,
  parseKst,
  parseKstDate,
  plus,
  SECOND_MS,
  startOfDay,
  type Instant,
} from '#lib/domain/kst.ts'
import { approve } from '../approval.ts'
import { checkMethod, findPayment } from '../cancelling.ts'
import { KsnetError } from '../codes.ts'
import { accountAnswer, accountRequest, cancelRequest, oldAccountRequest } from '../layouts.ts'
import { received, type Payment } from '../payment.ts'
import { day, time } from '../stamp.ts'
import type { Order } from '../window.ts'
import { namedIn } from './card.ts'
import { alreadyElse, type Asked, type Family } from './family.ts'

type Fields = Asked['fields']

const refused = ({ code, messages }: KsnetError): Fields => ({
  respCode: code,
  message1: messages[0],
  message2: messages[1],
})

/** S000: where accounts can be issued; Citi until 2022-05-22. */
const banks: readonly string[] = ['03', '04', '05', '11', '20', '23', '26', '31', '32', '34', '37', '39', '71']
const CITI = '27'
const citiEnds = parseKstDate('2022-05-23')

function checkBank(bank: string, now: Instant): void {
  const isCitiOpen = citiEnds !== null && now < startOfDay(citiEnds)
  if (!banks.includes(bank) && !(bank === CITI && isCitiOpen)) throw new KsnetError('B014')
}

/** 6000, with and without a due date. */
export const issueAccount: Family = {
  operation: 'va-issue',
  requests: [accountRequest, oldAccountRequest],
  answer: accountAnswer,
  refused,
  run(call, { fields, head }) {
    const { merchant, state, now } = call
    const bank = fields['bankCode'] ?? ''
    checkBank(bank, now)
    const amount = Number(fields['amount'] ?? '')
    if (!Number.isSafeInteger(amount) || amount <= 0) throw new KsnetError('P10I')
    if ((head['orderNumber'] ?? '') === '') throw new KsnetError('P10C')
    const dueAt = dueIn(fields, now)
    const escrow = merchant.escrow && (fields['escrowSele'] ?? '0') !== '0'
    const order = {
      ...ordered(head),
      mid: merchant.mid,
      method: 'VIRTUAL_ACCOUNT' as const,
      amount,
      bank,
      escrow,
      dueAt,
    }
    const { payment, events } = approve(state, order, { at: now })
    const values = { status: 'O', ...accountValues(payment, merchant.name), respCode: '0000', message1: '계좌요청완료' }
    return { values, orderNo: payment.orderNo, events, effect: 'executed', payment: payment.trno, amount }
  },
}

/** What the head says of an order, and what it cannot say. */
const ordered = (head: Fields): Omit<Order, 'mid' | 'method' | 'amount' | 'bank' | 'dueAt'> => ({
  orderNo: head['orderNumber'] ?? '',
  orderName: head['goodName'] ?? '',
  buyer: head['userName'] ?? '',
  taxFree: 0,
  escrow: false,
  easyPay: 'NAVERPAY',
  card: '',
  installmentMonths: 0,
  cashReceipt: false,
})

const DAYS = 3

function dueIn({ closeDate, closeTime }: Fields, now: Instant): Instant {
  if (closeDate === undefined) return plus(endOfDay(addDays(kstDate(now), DAYS)), -SECOND_MS)
  const text = `${closeDate}${(closeTime ?? '') === '' ? '235959' : (closeTime ?? '')}`
  const due = parseKst(text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3 $4:$5:$6'))
  if (due === null || due <= now) throw new KsnetError('B013')
  return due
}

/** 6010: an issued account nobody paid into. A paid one has no message at all. */
export const closeAccount: Family = {
  operation: 'close',
  requests: [cancelRequest],
  answer: accountAnswer,
  refused,
  run(call, { fields }) {
    const payment = findPayment(call, namedIn(fields))
    checkMethod(payment, ['VIRTUAL_ACCOUNT'])
    const { trno } = payment
    if (payment.status === 'CLOSED') return alreadyElse(call, trno)
    if (payment.status === 'PAID' || received(payment) > 0) throw new KsnetError('P10G')
    const closed: Payment = { ...payment, status: 'CLOSED' }
    const values = { status: 'O', ...accountValues(closed, call.merchant.name), respCode: '0000', message1: '취소완료' }
    const events = [{ kind: 'payment' as const, payment: closed }]
    return { values, orderNo: payment.orderNo, events, effect: 'executed', payment: trno }
  },
}

const accountValues = (payment: Payment, holder: string): Fields => ({
  transactionNo: payment.trno,
  bankCode: payment.institution,
  virAcctNo: payment.accountNo,
  name: holder,
  ...(payment.dueAt !== undefined && { closeDate: day(payment.dueAt), closeTime: time(payment.dueAt) }),
})
