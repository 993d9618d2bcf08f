import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parseKstDate } from './kst.ts'
import { readQuery, type Condition, type Known, type Reading } from './read-query.ts'

/** A Saturday. */
const today = parseKstDate('2026-11-21')
if (today === null) throw new Error('no such day')
const known: Known = {
  today,
  institutions: new Map([
    ['신한', ['SHINHAN_CARD', 'SHINHAN']],
    ['하나', ['HANA_CARD']],
    ['카카오페이', ['KAKAOPAY']],
    ['hana', ['HANA_CARD']],
  ]),
}
const read = (q: string): Reading => readQuery(q, known)
/** Without where it stood. */
const meant = (q: string): Condition[] =>
  read(q).parts.map(({ text: _text, rest: _rest, other: _other, ...condition }) => condition)
const day = (from: string, to = from) => ({ kind: 'day', from, to })
const amount = (min: number | null, max: number | null = min) => ({ kind: 'amount', min, max })
const number = (value: string) => ({ kind: 'number', value })
const name = (value: string, orNumber = false) => ({ kind: 'name', value, orNumber })
const phone = (digits: string) => ({ kind: 'phone', digits })
const method = (word: string, not = false) => ({ kind: 'method', method: word, not })
const status = (statuses: string[], not = false) => ({ kind: 'status', statuses, not })
const issuer = (not = false) => ({ kind: 'institution', stored: ['SHINHAN_CARD', 'SHINHAN'], not })

describe('one thing', () => {
  test.each([
    // Whole numbers.
    ['1N2604123456', number('1N2604123456')],
    ['20261120123456', number('20261120123456')],
    ['00876543', number('00876543')],
    ['20261120', number('20261120')],
    ['order-00123', number('order-00123')],
    ['019f5a1e-0000-7000-8000-000000000001', number('019f5a1e-0000-7000-8000-000000000001')],
    ['order/1 %2F?가', number('order/1 %2F?가')],
    ['주식회사한빛상사', number('주식회사한빛상사')],
    ['홍', number('홍')],
    ['ref:9981', number('ref:9981')],
    ['번호:35000', number('35000')],
    ['trno: 1N2604123456', number('1N2604123456')],
    // Telephones.
    ['010-1234-5678', phone('01012345678')],
    ['01012345678', phone('01012345678')],
    ['010 1234 5678', phone('01012345678')],
    ['+82 10-1234-5678', phone('01012345678')],
    ['+821012345678', phone('01012345678')],
    ['02-123-4567', phone('021234567')],
    ['전화 5678', phone('5678')],
    ['연락처 010-1234-5678', phone('01012345678')],
    ['phone:5678', phone('5678')],
    ['전화:1234-5678', phone('01012345678')],
    ['휴대폰:5678', phone('5678')],
    ['5678', { kind: 'ends', digits: '5678' }],
    // Cards and e-mail.
    ['카드 1234', { kind: 'card', digits: '1234' }],
    ['card:1234', { kind: 'card', digits: '1234' }],
    ['Buyer@Example.com', { kind: 'email', value: 'buyer@example.com' }],
    ['메일:a.b@c.kr', { kind: 'email', value: 'a.b@c.kr' }],
    // Names.
    ['홍길동', name('홍길동')],
    ['길동', name('길동')],
    ['제갈공명', name('제갈공명')],
    ['홍길동님', name('홍길동')],
    ['Kim', name('Kim', true)],
    ["O'Neil", name("O'Neil", true)],
    ['이름:홍길', name('홍길')],
    ['name:"John Smith"', name('John Smith')],
    ['이름:하나', name('하나')],
    ['"한빛 상사"', name('한빛 상사')],
    // Amounts.
    ['35000', amount(35_000)],
    ['35,000', amount(35_000)],
    ['35,000원', amount(35_000)],
    ['500', amount(500)],
    ['4500원', amount(4_500)],
    ['3만5천원', amount(35_000)],
    ['10만', amount(100_000)],
    ['3천원', amount(3_000)],
    ['12만3400원', amount(123_400)],
    ['금액:>100000', amount(100_001, null)],
    ['amount:>=100000', amount(100_000, null)],
    ['금액:<=5천', amount(null, 5_000)],
    ['금액:<5000', amount(null, 4_999)],
    ['금액:5678', amount(5_678)],
    ['금액: 5678', amount(5_678)],
    ['10만원이상', amount(100_000, null)],
    ['1000~5000', amount(1_000, 5_000)],
    ['금액:1000..5000', amount(1_000, 5_000)],
    // Days.
    ['오늘', day('2026-11-21')],
    ['어제', day('2026-11-20')],
    ['그제', day('2026-11-19')],
    ['Yesterday', day('2026-11-20')],
    ['3일전', day('2026-11-18')],
    ['이번주', day('2026-11-16', '2026-11-21')],
    ['지난주', day('2026-11-09', '2026-11-15')],
    ['지난 주', day('2026-11-09', '2026-11-15')],
    ['last week', day('2026-11-09', '2026-11-15')],
    ['지난달', day('2026-10-01', '2026-10-31')],
    ['월요일', day('2026-11-16')],
    ['토요일', day('2026-11-21')],
    ['2026-11-20', day('2026-11-20')],
    ['2026.11.20', day('2026-11-20')],
    ['26/11/20', day('2026-11-20')],
    ['11/20', day('2026-11-20')],
    ['11-20', day('2026-11-20')],
    // Not yet this year, so last year.
    ['12/24', day('2025-12-24')],
    ['2/29', day('2024-02-29')],
    ['11월20일', day('2026-11-20')],
    ['11월 20일', day('2026-11-20')],
    ['2025년3월1일', day('2025-03-01')],
    ['11/1~11/5', day('2026-11-01', '2026-11-05')],
    ['날짜:어제', day('2026-11-20')],
    // Words.
    ['카드', method('CARD')],
    ['가상계좌', method('VIRTUAL_ACCOUNT')],
    ['계좌이체', method('TRANSFER')],
    ['휴대폰', method('MOBILE')],
    ['간편결제', method('EASY_PAY')],
    ['-수단:가상계좌', method('VIRTUAL_ACCOUNT', true)],
    ['-가상계좌', method('VIRTUAL_ACCOUNT', true)],
    ['method:card', method('CARD')],
    ['상태:확인필요', status(['ATTENTION'])],
    ['-상태:취소', status(['PARTIALLY_REFUNDED', 'REFUNDED'], true)],
    ['부분취소', status(['PARTIALLY_REFUNDED'])],
    ['상태:"입금 대기"', status(['ISSUED'])],
    ['신한', issuer()],
    ['카드:신한', issuer()],
    ['-신한', issuer(true)],
    ['카카오페이', { kind: 'institution', stored: ['KAKAOPAY'], not: false }],
  ])('%s', (q, condition) => {
    expect(meant(q)).toEqual([condition])
    expect(read(q).unknown).toEqual([])
    expect(read(q).parts[0]?.rest).toBe('')
  })
})

describe('several things', () => {
  test.each([
    ['어제 35000 신한', [day('2026-11-20'), amount(35_000), issuer()]],
    ['신한 35,000원 11/20', [issuer(), amount(35_000), day('2026-11-20')]],
    ['홍길동 어제', [name('홍길동'), day('2026-11-20')]],
    ['John Smith', [name('John'), name('Smith')]],
    [
      '금액:>100000 상태:확인필요 -수단:가상계좌',
      [amount(100_001, null), status(['ATTENTION']), method('VIRTUAL_ACCOUNT', true)],
    ],
    ['오늘 카드 1234', [day('2026-11-21'), { kind: 'card', digits: '1234' }]],
    ['카드 35000', [method('CARD'), amount(35_000)]],
    ['전화 5678 지난 주', [phone('5678'), day('2026-11-09', '2026-11-15')]],
    ['010 1234 5678 3만원', [phone('01012345678'), amount(30_000)]],
    ['어제 00876543', [day('2026-11-20'), number('00876543')]],
  ])('%s', (q, conditions) => {
    expect(meant(q)).toEqual(conditions)
    expect(read(q).unknown).toEqual([])
  })

  it('each part can be taken out by itself', () => {
    expect(read('어제  35000 신한').parts.map((part) => part.rest)).toEqual(['35000 신한', '어제 신한', '어제 35000'])
  })

  it('what is not understood is said, and can be taken out', () => {
    const { parts, unknown } = read('홍길동 취소 가능한가요 -35000 금액:많이')
    expect(parts.map((part) => part.kind)).toEqual(['name', 'status'])
    expect(unknown).toEqual([
      { text: '가능한가요', rest: '홍길동 취소 -35000 금액:많이' },
      { text: '-35000', rest: '홍길동 취소 가능한가요 금액:많이' },
      { text: '금액:많이', rest: '홍길동 취소 가능한가요 -35000' },
    ])
  })
})

describe('what may mean two things offers the other', () => {
  test.each([
    ['20261120', { kind: 'day', q: '날짜:2026-11-20' }],
    ['00876543', { kind: 'amount', q: '금액:00876543' }],
    ['5678', { kind: 'amount', q: '금액:5678' }],
    ['어제 5678', { kind: 'amount', q: '어제 금액:5678' }],
    ['35000', { kind: 'number', q: '번호:35000' }],
    ['261120', { kind: 'day', q: '날짜:2026-11-20' }],
    ['01012345678', { kind: 'number', q: '번호:01012345678' }],
    ['하나', { kind: 'name', q: '이름:하나' }],
    ['주식회사한빛상사', { kind: 'name', q: '이름:"주식회사한빛상사"' }],
    ['금액:5678', null],
    ['홍길동', null],
    ['010-1234-5678', null],
  ])('%s', (q, other) => {
    expect(read(q).parts.find((part) => part.kind !== 'day')?.other).toEqual(other)
  })

  it('and what is offered is read as that', () => {
    for (const q of ['20261120', '00876543', '5678', '35000', '261120', '01012345678', '하나', '주식회사한빛상사']) {
      const other = read(q).parts[0]?.other
      expect(meant(other?.q ?? '').map((one) => one.kind)).toEqual([other?.kind])
    }
  })
})

describe('whatever is typed', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({ unit: fc.constantFrom(...'0123456789-/.~>=:"만천원 월일'), maxLength: 14 }),
    fc.constantFrom(
      '어제',
      '금액:',
      '-수단:',
      '전화 ',
      '카드',
      '"',
      '홍길동',
      '상태:확인필요',
      '9999-99-99',
      '99999만9천',
      ' ',
    ),
  )
  const anything = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))

  it('is read without an error, and every word of it is either understood or named', () => {
    fc.assert(
      fc.property(anything, (q) => {
        const { parts, unknown } = read(q)
        const said = [...parts, ...unknown].map(({ text }) => text).join('')
        expect([...said.replace(/\s/g, '')].toSorted()).toEqual([...q.replace(/\s/g, '')].toSorted())
        for (const part of parts) {
          if (part.kind === 'day') expect(part.from <= part.to).toBe(true)
          if (part.kind === 'amount') expect(Number.isSafeInteger(part.min ?? part.max)).toBe(true)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('loses a part when it is taken out, and nothing else', () => {
    fc.assert(
      fc.property(anything, (q) => {
        const reading = read(q)
        for (const { rest } of reading.parts) expect(rest.length).toBeLessThan(Math.max(q.length, 1))
      }),
    )
  })
})
