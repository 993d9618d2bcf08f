import { sizeOf, writeRecord, type Layout } from '#lib/gateways/wire/fixed-length.ts'
import { fitCp949 } from '#lib/gateways/wire/cp949.ts'
import { depositNew, depositOld, head } from './layouts.ts'
import type { Notice } from './notice.ts'
import type { Deposit, Payment } from './payment.ts'
import { day, digits, time } from './stamp.ts'
import type { KsnetState } from './state.ts'

type Fields = Readonly<Record<string, string>>

/** Tells of a deposit in the record that the settings name; what it says stays the same on every attempt. */
export function newNotice(state: KsnetState, payment: Payment, type: '20' | '51', money: Deposit): Notice {
  const { noticeRecord: record } = state.settings
  const id = `${day(money.at)}${time(money.at)}${digits(6)}`
  const seqNo = String(state.notices.length + 1)
  const fields = { ...common(payment, type, money), seqNo, ...(record === 'VR' ? old(payment) : newer(payment, money)) }
  return { id, mid: payment.mid, payment: payment.trno, type, record, fields, state: 'due', attempts: [] }
}

/** ksnet.md 3.2, with the values of its example where a field means nothing to a merchant. */
function common(payment: Payment, type: '20' | '51', money: Deposit): Fields {
  const amount = String(money.amount)
  return {
    transactionNo: payment.trno,
    dealCode: 'KSNETVR',
    compCode: '20000010',
    accoCode: payment.institution,
    messCode: '0200',
    jobDiff: '300',
    tranNumb: '1',
    tranDate: day(money.at),
    tranTime: time(money.at),
    stanRespCode: '0000',
    bankRespCode: '0000',
    accoNumb: '01817011660',
    compCnt: '01',
    dealSele: type,
    inBankCd: '88',
    totalAmt: amount,
    balaMone: '0',
    giro: '000000',
    receNm: fitCp949(money.depositor, 14),
    cash: amount,
    outBankChec: '0',
    etcChec: '0',
    cmsNo: payment.accountNo,
    dealStarDate: day(money.at),
    dealStarTime: time(money.at),
  }
}

/** The order number is not in it. */
const old = (payment: Payment): Fields => ({ busiSele: 'VR', filler2: payment.mid })

const newer = (payment: Payment, money: Deposit): Fields => ({
  length: String(sizeOf(head) + sizeOf(depositNew) - 4),
  encType: '0',
  version: '0603',
  type: '00',
  resend: '0',
  requestDate: `${day(money.at)}${time(money.at)}`,
  storeId: payment.mid,
  orderNumber: payment.orderNo,
  goodType: '0',
  keyInType: 'K',
  lineType: '1',
  approvalCount: '1',
  approvalType: '6100',
})

/** The bytes of an attempt; only the count of sendings is another each time. Null where the record cannot hold it. */
export function bytesOfNotice({
  record,
  fields,
  attempts,
}: Pick<Notice, 'record' | 'fields' | 'attempts'>): Buffer | null {
  const tranNumb = attempts.length === 0 ? (fields['tranNumb'] ?? '') : String(Math.min(9, attempts.length + 1))
  const layouts = record === 'VR' ? [depositOld] : [head, depositNew]
  const parts = layouts.map((layout: Layout) => writeRecord(layout, { ...fields, tranNumb }))
  return parts.every((part) => part !== null) ? Buffer.concat(parts) : null
}
