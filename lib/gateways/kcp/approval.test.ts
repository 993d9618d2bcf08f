import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseIso } from '#lib/domain/kst.ts'
import { readApproval } from './approval.ts'

const credentials = { siteCd: 'T0000' }
/** As the module answers for a card, with what the shop sends along. */
const card = {
  site_cd: 'T0000',
  res_cd: '0000',
  res_msg: '정상처리',
  pay_method: 'PACA',
  order_no: 'ORDER-000123',
  card_cd: 'CCLG',
  card_name: '신한카드',
  card_no: '451842******7654',
  tno: '26869900661952',
  amount: '11000',
  card_mny: '11000',
  coupon_mny: '0',
  escw_yn: 'N',
  app_time: '20261121140322',
  app_no: '00876543',
  quota: '03',
  noinf: 'N',
  res_tax_flag: 'TG03',
  res_tax_mny: '7273',
  res_free_mny: '3000',
  res_vat_mny: '727',
  good_name: '가을 외투',
  buyr_name: '홍길동',
  buyr_tel2: '010-1234-5678',
  buyr_mail: 'hong@example.com',
}
const account = {
  site_cd: 'T0000',
  res_cd: '0000',
  pay_method: 'PAVC',
  ordr_idxx: 'ORDER-2',
  tno: '20261121000123',
  amount: '50000',
  bankname: '국민은행',
  bankcode: 'BK04',
  depositor: '전표상점',
  account: '00012345678901',
  va_date: '20261124235959',
  app_time: '20261121140322',
}
const without = (fields: Readonly<Record<string, string>>, name: string) =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name))

describe("KCP's answer to an approval", () => {
  it('by card: number, amount, tax-free part, time in Seoul, and what the shop sent along', () => {
    expect(readApproval(card, credentials)).toEqual({
      kind: 'payment',
      payment: {
        paymentId: '26869900661952',
        transactionId: null,
        orderNumber: 'ORDER-000123',
        storeKey: 'T0000',
        channelKey: 'T0000',
        channelType: null,
        pg: 'KCP',
        mid: 'T0000',
        pgTxId: '26869900661952',
        status: 'PAID',
        method: 'CARD',
        methodFacts: {
          card: { issuer: 'SHINHAN_CARD', number: '4518-42**-****-7654', instalmentMonths: 3, interestFree: false },
        },
        approvalNumber: '00876543',
        currency: 'KRW',
        total: 11_000,
        taxFree: 3_000,
        discount: 0,
        paid: 11_000,
        cancelled: 0,
        cancelledTaxFree: 0,
        orderName: '가을 외투',
        requestedAt: parseIso('2026-11-21T14:03:22+09:00'),
        approvedAt: parseIso('2026-11-21T14:03:22+09:00'),
        paidAt: parseIso('2026-11-21T14:03:22+09:00'),
        receiptUrl: null,
        escrow: null,
        cashReceipt: null,
        cancellations: [],
        personal: { name: '홍길동', phone: '010-1234-5678', email: 'hong@example.com', account: undefined },
      },
    })
  })
  it('a virtual account is issued, not paid: by 0000 and by V000, which is no success of anything else', () => {
    for (const res_cd of ['0000', 'V000'])
      expect(readApproval({ ...account, res_cd }, credentials)).toMatchObject({
        kind: 'payment',
        payment: {
          status: 'ISSUED',
          method: 'VIRTUAL_ACCOUNT',
          paid: 0,
          paidAt: null,
          orderName: 'ORDER-2',
          methodFacts: {
            virtualAccount: {
              bank: 'KOOKMIN',
              account: '****8901',
              expiresAt: parseIso('2026-11-24T23:59:59+09:00'),
            },
          },
          personal: { account: '00012345678901' },
        },
      })
    expect(readApproval({ ...card, res_cd: 'V000' }, credentials)).toEqual({ kind: 'not_approved', code: 'V000' })
  })
  it.each([
    ['PABK', { bank_code: 'BK88', bank_name: '신한은행' }, 'TRANSFER', { transfer: { bank: 'SHINHAN' } }],
    ['PABK', { bank_code: 'BK99', bank_name: '새 은행' }, 'TRANSFER', { transfer: { bank: '새 은행' } }],
    ['PAMC', {}, 'MOBILE', {}],
    ['PACA', { card_other_pay_type: 'OT13' }, 'EASY_PAY', { easyPay: { provider: 'KAKAOPAY' } }],
    ['PACA', { card_other_pay_type: 'OT99' }, 'EASY_PAY', { easyPay: { provider: 'OT99' } }],
    ['PACA', { card_cd: 'CVSF', card_name: '해외VISA' }, 'CARD', { card: { issuer: '해외VISA' } }],
    ['PANP', {}, 'EASY_PAY', { easyPay: { provider: 'NAVERPAY' } }],
  ])('by %s %j', (pay_method, more, method, methodFacts) => {
    const told = readApproval({ ...card, pay_method, ...more }, credentials)
    expect(told).toMatchObject({ kind: 'payment', payment: { method, methodFacts } })
  })
  it('escrow is escrow from the beginning', () => {
    const told = readApproval({ ...card, escw_yn: 'Y' }, credentials)
    expect(told).toMatchObject({ payment: { escrow: { status: 'BEFORE_REGISTERED' } } })
  })
  it('a refusal is no payment, whatever else it says', () => {
    expect(readApproval({ ...card, res_cd: '8129' }, credentials)).toEqual({ kind: 'not_approved', code: '8129' })
  })
  it.each(['site_cd', 'res_cd', 'tno', 'amount', 'pay_method', 'app_time'])('without %s nothing is read', (field) => {
    expect(readApproval(without(card, field), credentials)).toEqual({ kind: 'unreadable', field })
  })
  it.each([
    ['site_cd', 'T0007'],
    ['res_cd', '0000 OR 1=1'],
    ['tno', "1' OR '1'='1"],
    ['tno', '../../../etc/a'],
    ['tno', '2686990066195'],
    ['amount', '0'],
    ['amount', '-1000'],
    ['amount', '1e4'],
    ['amount', '11,000'],
    ['amount', '1000.5'],
    ['amount', '9999999999999'],
    ['pay_method', 'GOLD'],
    ['pay_method', 'constructor'],
    ['app_time', '2026-11-21 14:03'],
    ['app_time', '20260230120000'],
    ['app_time', '99991231235959'],
    ['currency', '840'],
    ['res_free_mny', '11001'],
    ['good_name', 'a\u0000b'],
    ['good_name', '\ud800'],
    ['order_no', 'a'.repeat(41)],
    ['buyr_name', 'a\nb'],
  ])('a %s of %j is not taken for another', (field, value) => {
    expect(readApproval({ ...card, [field]: value }, credentials)).toEqual({ kind: 'unreadable', field })
  })
  it('of a compound payment the tax-free part must be told', () => {
    expect(readApproval(without(card, 'res_free_mny'), credentials)).toEqual({
      kind: 'unreadable',
      field: 'res_free_mny',
    })
    const plain = without(without(card, 'res_free_mny'), 'res_tax_flag')
    expect(readApproval(plain, credentials)).toMatchObject({ payment: { taxFree: 0 } })
  })
  it('a full card number never leaves it', () => {
    const told = JSON.stringify(readApproval({ ...card, card_no: '4518421234567654' }, credentials))
    expect(told).toContain('4518-42**-****-7654')
    expect(told).not.toContain('1234567654')
  })
  it('anything at all is answered, and only the exact code makes a payment of it', () => {
    const fields = fc.dictionary(fc.constantFrom(...Object.keys(card), '__proto__', 'x'), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(fields, (given) => {
        const told = readApproval({ ...card, res_cd: '9999', ...given }, credentials)
        if (told.kind === 'payment') expect(given['res_cd']).toBe('0000')
      }),
    )
  })
})
