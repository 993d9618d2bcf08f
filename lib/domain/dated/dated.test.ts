import { describe, expect, it } from 'vitest'
import { banks } from '../banks.ts'
import { addDays, parseKstDate, type KstDate } from '../kst.ts'
import { bankCodesOn, vaBanksOn, vaStateOf } from './bank-codes.ts'
import { bulletins, changeDays, touchOf } from './bulletins.ts'
import { cardCompanies, cardsOn, sixDigits } from './cards.ts'
import { covers, type Span } from './dated.ts'
import { findCodes, responseCodes } from './response-codes.ts'

function day(text: string): KstDate {
  const read = parseKstDate(text)
  if (read === null) throw new Error(`no such day: ${text}`)
  return read
}

/** Each span on its own day, one after the other without a gap; the first and the last are open. */
function inTurn(spans: readonly Span[]) {
  for (const [index, { from, to }] of spans.entries()) {
    const before = spans[index - 1]
    if (before === undefined) expect(from).toBeNull()
    else expect(from).toBe(addDays(day(before.to ?? ''), 1))
    if (index === spans.length - 1) expect(to).toBeNull()
    else expect(day(to ?? '') >= (from ?? '')).toBe(true)
  }
}

describe('dated facts', () => {
  it('count both days of a span in', () => {
    const span = { from: '2022-05-15', to: '2022-05-22' }
    const on = ['2022-05-14', '2022-05-15', '2022-05-22', '2022-05-23'].map((one) => covers(span, day(one)))
    expect(on).toEqual([false, true, true, false])
    expect(covers({ from: null, to: null }, day('1999-12-31'))).toBe(true)
  })

  it('leave no day without an answer and give none two', () => {
    for (const { stages } of bulletins) inTurn(stages)
    for (const { auth } of cardCompanies) inTurn(auth)
  })

  it('know the days on which something changed', () => {
    expect(changeDays).toEqual(['2012-10-25', '2012-12-18', '2013-04-01', '2013-05-02', '2022-05-15', '2022-05-23'])
  })
})

describe('virtual accounts of Citi', () => {
  it.each([
    ['2022-05-14', 'issues', 14],
    ['2022-05-15', 'deposits', 13],
    ['2022-05-22', 'deposits', 13],
    ['2022-05-23', 'ended', 13],
  ])('on %s: %s, and %i banks issue', (on, state, issuing) => {
    const rows = vaBanksOn(day(on))
    expect(rows).toHaveLength(14)
    expect(rows.find(({ code }) => code === '27')?.held.state).toBe(state)
    expect(rows.filter(({ held }) => held.state === 'issues')).toHaveLength(issuing)
    expect([vaStateOf('27', day(on)), vaStateOf('53', day(on))]).toEqual([state, state])
  })

  it('say at the entry that the timetable has 15 May twice', () => {
    const conflict = (on: string) => vaBanksOn(day(on)).find(({ code }) => code === '27')?.held.conflict
    expect([conflict('2022-05-14'), conflict('2022-05-15')]).toEqual(['citiFifteenMay', 'citiFifteenMay'])
  })

  it('are found by the present number of a bank as by its old one; other banks keep theirs', () => {
    const on = day('2022-05-23')
    expect([vaStateOf('88', on), vaStateOf('26', on), vaStateOf('81', on), vaStateOf('04', on)]).toEqual(
      Array.from({ length: 4 }, () => 'issues'),
    )
    expect([vaStateOf('90', on), vaStateOf('35', on), vaStateOf('', on)]).toEqual([null, null, null])
  })
})

describe('bank codes', () => {
  it('stand once each, with every bank of the one bank table', () => {
    const rows = bankCodesOn(day('2026-01-01'))
    expect(new Set(rows.map(({ code }) => code)).size).toBe(rows.length)
    const codes = rows.map(({ code }) => code)
    for (const { code } of banks) expect(codes).toContain(code)
  })

  it('follow the day where a guide names one, and say where tables contradict each other', () => {
    const row = (code: string, on: string) => bankCodesOn(day(on)).find((one) => one.code === code)
    expect([row('90', '2017-08-16')?.kcp, row('90', '2017-08-17')?.kcp]).toEqual([false, true])
    expect(row('26', '2026-01-01')).toMatchObject({ ksnet: true, kcp: true, into: { code: '88' }, portone: null })
    expect(row('88', '2026-01-01')).toMatchObject({ ksnet: false, kcp: true, into: null, portone: 'SHINHAN' })
    const conflicts = ['27', '35', '71', '93', '04'].map((code) => row(code, '2026-01-01')?.conflict)
    expect(conflicts).toEqual(['bankCiti', 'bankSwapped', 'bankSwapped', 'bankKfcc', null])
  })
})

describe('card companies', () => {
  it('have a number each, in two digits and in six', () => {
    const codes = cardCompanies.map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
    expect(codes.filter((code) => !/^\d{2}$/.test(code))).toEqual([])
    expect(sixDigits('08')).toBe('010008')
  })

  it.each([
    ['2013-03-31', ['MPI']],
    ['2013-04-01', ['ISP', 'MPI']],
    ['2013-05-01', ['ISP', 'MPI']],
    ['2013-05-02', ['ISP']],
  ])('Jeju on %s: %j', (on, by) => {
    const jeju = cardsOn(day(on)).find(({ code }) => code === '16')
    expect(jeju?.now?.by).toEqual(by)
    expect(jeju?.conflict).toBe('jejuCard')
  })

  it.each([
    ['12', '2012-10-24', ['MPI']],
    ['12', '2012-10-25', ['ISP']],
    ['18', '2012-12-17', ['MPI']],
    ['18', '2012-12-18', ['ISP']],
  ])('%s on %s: %j', (code, on, by) => {
    expect(cardsOn(day(on)).find((card) => card.code === code)?.now?.by).toEqual(by)
  })

  it('take the list where the table contradicts it, and authenticate nothing that is not approved', () => {
    const on = cardsOn(day('2026-01-01'))
    const by = (code: string) => on.find((card) => card.code === code)?.now?.by
    expect([by('15'), by('17')]).toEqual([['MPI'], ['ISP']])
    const isp = on.filter(({ now }) => now?.by.includes('ISP')).map(({ code }) => code)
    expect(isp).toEqual(['01', '02', '12', '14', '16', '17', '18'])
    expect(on.filter(({ use, now }) => use !== 'approves' && now !== null)).toEqual([])
  })
})

describe('a bulletin', () => {
  const direct = (mode: 'socket' | 'page' | 'rest') => ({ gateway: 'ksnet', mode, pg: 'KSNET' }) as const
  const behind = (pg: string) => ({ gateway: 'portone', mode: 'portone', pg }) as const
  const kcp = { gateway: 'kcp', mode: 'module', pg: 'KCP' } as const

  it.each([
    ['citiVa', ['touched', 'untouched', 'check', 'check', 'untouched', 'untouched']],
    ['jejuCard', ['touched', 'untouched', 'check', 'untouched', 'untouched', 'untouched']],
  ] as const)('%s touches socket, not page link; what documents do not say is to be checked', (id, touches) => {
    const channels = [direct('socket'), direct('page'), direct('rest'), behind('KSNET'), behind('TOSSPAYMENTS'), kcp]
    expect(channels.map((channel) => touchOf(id, channel).touch)).toEqual(touches)
  })
})

describe('response codes', () => {
  it('stand once for each gateway and source', () => {
    const keys = responseCodes.map(({ gateway, source, code }) => `${gateway} ${source} ${code}`)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('mean two things where the documents say two, and both say so', () => {
    const twice = findCodes('ksnet', '7003')
    expect(twice.map(({ ko }) => ko)).toEqual(['원거래 없음', '취소 거절 기간 경과'])
    expect(twice.map(({ conflict }) => conflict)).toEqual(['code7003', 'code7003'])
  })

  it('are found by their beginning and by words in either language, at one gateway or both', () => {
    expect(findCodes('ksnet', 'p10q').map(({ code }) => code)).toEqual(['P10Q'])
    expect(findCodes(null, '이미 취소').map(({ code }) => code)).toEqual(['7001', 'P10Q', '8023', '8133', 'CCA6'])
    expect(findCodes('kcp', 'already cancelled').length).toBe(3)
    expect(findCodes(null, '').length).toBe(responseCodes.length)
    expect(findCodes(null, 'zzzz')).toEqual([])
  })
})
