import { describe, expect, it } from 'vitest'
import { banks, currentBank, mergedBanks } from './banks.ts'

describe('the bank table', () => {
  it('names each bank once', () => {
    for (const key of ['code', 'portone', 'ko'] as const)
      expect(new Set(banks.map((bank) => bank[key])).size).toBe(banks.length)
  })

  it('leads the codes of merged banks to those that took them over', () => {
    expect(mergedBanks.map(({ code, into }) => [code, into, currentBank(code)?.code])).toEqual([
      ['05', '81', '81'],
      ['25', '81', '81'],
      ['06', '04', '04'],
      ['21', '88', '88'],
      ['26', '88', '88'],
      ['53', '27', '27'],
      ['83', '20', '20'],
    ])
    const codes: readonly string[] = banks.map(({ code }) => code)
    for (const { code } of mergedBanks) expect(codes).not.toContain(code)
    expect(currentBank('99')).toBeNull()
  })

  it('has 35 for Jeju and 71 for the post office, as all but one guide', () => {
    expect([currentBank('35')?.portone, currentBank('71')?.portone]).toEqual(['JEJU', 'POST'])
  })
})
