import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { parseKst, parseKstDate, type KstDate } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { approvalForm, readApproval } from './approval.ts'
import { slip } from './slip.ts'
import { trnoHint } from './trno.ts'

const credentials = { mid: '2999199999' }
/** As a shop's server holds them: each of its fixed length. */
const card = {
  authyn: 'O',
  trno: '197430000012',
  trddt: '20260901',
  trdtm: '123456',
  amt: '1004',
  authno: '15608820    ',
  msg1: '신한카드-체크   ',
  msg2: 'OK: 15608820    ',
  ordno: 'ORD-20260901-0001',
  isscd: '05    ',
  aqucd: '05    ',
  result: '1001',
  halbu: '00',
  cbtrno: '',
  cbauthno: '',
  cardno: '461954XXXXXX6970',
}
const account = {
  ...card,
  trno: '697430000011',
  authno: '04    ',
  msg1: '',
  msg2: '',
  isscd: '79012345678901 ',
  aqucd: '',
  result: '6001',
  cardno: '',
}
type Fields = Readonly<Record<string, string>>
const payment = (fields: Fields) => {
  const told = readApproval(fields, credentials)
  return told.kind === 'payment' ? told.payment : expect.fail(JSON.stringify(told))
}

describe('an approval of KSNET as a shop got it', () => {
  it('by card is paid, at its time in Seoul, under number, order and approval', () => {
    expect(payment(card)).toMatchObject({
      paymentId: '197430000012',
      pgTxId: '197430000012',
      pg: 'KSNET',
      mid: '2999199999',
      channelKey: '2999199999',
      orderNumber: 'ORD-20260901-0001',
      status: 'PAID',
      method: 'CARD',
      methodFacts: { card: { issuer: 'SHINHAN_CARD', number: '4619-54**-****-6970', instalmentMonths: 0 } },
      approvalNumber: '15608820',
      total: 1_004,
      paid: 1_004,
      approvedAt: parseKst('2026-09-01 12:34:56'),
      paidAt: parseKst('2026-09-01 12:34:56'),
    })
    expect(readApproval(card, credentials)).toMatchObject({ taxFreeSaid: false })
    expect(readApproval({ ...card, taxFreeAmount: '4' }, credentials)).toMatchObject({ taxFreeSaid: true })
  })

  it('of a virtual account is issued and not paid, with its number sealed away and its bank named', () => {
    expect(payment(account)).toMatchObject({
      status: 'ISSUED',
      method: 'VIRTUAL_ACCOUNT',
      methodFacts: { virtualAccount: { bank: 'KOOKMIN', account: '****8901' } },
      approvalNumber: null,
      paid: 0,
      paidAt: null,
      personal: { account: '79012345678901' },
    })
    expect(readApproval({ ...account, isscd: '' }, credentials)).toEqual({ kind: 'unreadable', field: 'isscd' })
  })

  it.each([
    ['I001', 'CARD'],
    ['1301', 'CARD'],
    ['2201', 'TRANSFER'],
    ['2301', 'TRANSFER'],
    ['M131', 'MOBILE'],
    ['4101', 'OTHER'],
    ['7001', 'OTHER'],
    ['B101', 'OTHER'],
  ])('of type %s is by %s', (result, method) => {
    expect(payment({ ...card, result })).toMatchObject({ method, status: 'PAID' })
  })

  it.each(['', '1011', '2011', '6011', 'M111', 'H001', 'G101', '1000', '9999', 'constructor'])(
    'of type “%s” is refused by name',
    (result) => {
      expect(readApproval({ ...card, result }, credentials)).toEqual({ kind: 'unreadable', field: 'result' })
    },
  )

  it('behind a wallet is easy pay, with or without a card', () => {
    for (const [change, provider] of [
      [{ cardno: 'KAKAO', isscd: '' }, 'KAKAOPAY'],
      [{ msg1: '네이버페이', authno: '', isscd: '52', cardno: '' }, 'NAVERPAY'],
      [{ cardno: 'PAYCO', msg1: '' }, 'PAYCO'],
    ] as const)
      expect(payment({ ...card, ...change })).toMatchObject({
        method: 'EASY_PAY',
        methodFacts: { easyPay: { provider }, card: { number: undefined } },
      })
  })

  it('tells of a cash receipt by the receipt’s own number', () => {
    const told = payment({ ...account, result: '2201', cbtrno: 'H97430000013', cbauthno: '123456789' })
    expect(told.cashReceipt).toMatchObject({ status: 'ISSUED', reference: 'H97430000013', number: '****6789' })
    expect(payment(card).cashReceipt).toBeNull()
  })

  it('that was declined, or is not known yet, is none', () => {
    const declined = { ...card, authyn: 'X', authno: '8350        ' }
    expect(readApproval(declined, credentials)).toEqual({ kind: 'not_approved', code: '8350' })
    expect(readApproval({ ...card, authyn: 'X', authno: '' }, credentials)).toEqual({ kind: 'not_approved', code: 'X' })
    expect(readApproval({ ...card, authyn: 'S' }, credentials)).toEqual({ kind: 'not_approved', code: 'S' })
  })

  it.each([
    ['authyn', 'o'],
    ['authyn', ''],
    ['trno', '19743000001'],
    ['trno', '19743000001\u0000'],
    ['amt', '0'],
    ['amt', '-1'],
    ['amt', '1,004'],
    ['amt', '1e3'],
    ['amt', '1234567890'],
    ['trddt', '20260931'],
    ['trddt', '19991231'],
    ['trddt', ''],
    ['trdtm', '246060'],
    ['trdtm', '1234'],
    ['ordno', 'a'.repeat(51)],
    ['ordno', 'a\u0000b'],
    ['sndGoodname', '\ud800'],
    ['sndStoreid', '2999199998'],
    ['storeid', 'x'],
    ['sndCurrencytype', 'USD'],
    ['taxFreeAmount', '1005'],
  ])('whose %s is “%s” is refused by that name', (field, value) => {
    expect(readApproval({ ...card, [field]: value }, credentials)).toEqual({ kind: 'unreadable', field })
  })

  it('is the answer of the examples, split as the samples do', () => {
    const body = iconv.decode(readFileSync(join(import.meta.dirname, 'examples', 'wh_response.bin')), 'cp949')
    const [, ...values] = body.split('`')
    const names =
      'authyn trno trddt trdtm amt authno msg1 msg2 ordno isscd aqucd result halbu cbtrno cbauthno cardno'.split(' ')
    const fields = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))
    expect(readApproval(fields, credentials)).toMatchObject({ kind: 'payment' })
    expect(approvalForm.known.every((name) => name in fields)).toBe(true)
  })

  it('never throws and never lets through what no column takes, whatever the fields hold', () => {
    const value = fc.oneof(fc.constantFrom(...Object.values({ ...card, ...account })), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(card)), value), fc.boolean(), (fields, base) => {
        const told = readApproval(base ? { ...card, ...fields } : fields, credentials)
        if (told.kind !== 'payment') return
        expect(JSON.stringify(told.payment)).not.toMatch(/\\u0000|\\ud[89a-f]/i)
        expect(told.payment.total).toBeGreaterThan(0)
        expect(told.payment.status === 'ISSUED').toBe(told.payment.paidAt === null)
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('a slip at KSNET', () => {
  const of = {
    environment: 'live',
    method: 'CARD',
    reference: '197430000012',
    orderNumber: null,
    amount: minor(1),
  } as const
  it('is there for card and easy pay only, by the generation the account names', () => {
    expect(slip(of)).toBe('https://ksta.ksnet.co.kr/mint/tsk/pgi01/mad/pgimad04m0.jsp?tr_no=197430000012')
    expect(slip({ ...of, method: 'EASY_PAY', credentials: { slipForm: 'pgims' } })).toBe(
      'https://pgims.ksnet.co.kr/pg_infoc/src/bill/new_credit_view.jsp?tr_no=197430000012',
    )
    expect(slip({ ...of, credentials: { slipForm: 'old' } })).toContain('/src/bill/credit_view.jsp?tr_no=')
    expect(slip({ ...of, credentials: { slipForm: 'x' } })).toBe(slip(of))
    for (const method of ['TRANSFER', 'VIRTUAL_ACCOUNT', 'MOBILE', 'OTHER'] as const)
      expect(slip({ ...of, method })).toBeNull()
  })
  it('of a cash receipt goes by its own number, and in the sandbox to the sandbox', () => {
    expect(slip({ ...of, method: 'TRANSFER', reference: 'H97430000013' })).toContain(
      'ps2.jsp?s_pg_deal_numb=H97430000013',
    )
    expect(slip({ ...of, environment: 'sandbox', endpoint: 'http://127.0.0.1:4020' })).toBe(
      'http://127.0.0.1:4020/mint/tsk/pgi01/mad/pgimad04m0.jsp?tr_no=197430000012',
    )
    expect(slip({ ...of, environment: 'sandbox' })).toBeNull()
    expect(slip({ ...of, reference: '1974/../&x=1' })).toContain('tr_no=1974%2F..%2F%26x%3D1')
  })
})

describe('a number of KSNET', () => {
  const today = (text: string): KstDate => parseKstDate(text) ?? expect.fail(text)
  it('hints at a method and a day, as dated samples show', () => {
    const now = today('2026-11-21')
    expect(trnoHint('197430000012', now)).toEqual({ method: 'CARD', day: '2026-09-01' })
    expect(trnoHint('697430000011', now)).toEqual({ method: 'VIRTUAL_ACCOUNT', day: '2026-09-01' })
    expect(trnoHint('242140000001', now)).toEqual({ method: 'TRANSFER', day: '2011-07-13' })
    expect(trnoHint('M96950000001', now)).toEqual({ method: 'MOBILE', day: '2026-07-15' })
    expect(trnoHint('I79920000001', now)).toEqual({ method: 'CARD', day: '2021-11-15' })
  })
  it('hints at nothing where it looks like none', () => {
    const now = today('2026-08-31')
    for (const value of ['197430000012', '100030000012', '19743000001', 'H97430000012', '9'.repeat(12), 'Lbd124090990'])
      expect(trnoHint(value, now)).toBeNull()
  })
})
