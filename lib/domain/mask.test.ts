import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hideCardNumbers, maskAccount, maskCard, maskEmail, maskName, maskPhone } from './mask.ts'

const digits = (from: number, to: number) => fc.stringMatching(new RegExp(`^[0-9]{${from},${to}}$`))
const hangul = fc.integer({ min: 0xac00, max: 0xd7a3 }).map((code) => String.fromCodePoint(code))
const shown = (masked: string): string => masked.replace(/\D/g, '')

describe('names', () => {
  test.each([
    ['홍길동', '홍*동'],
    ['홍길', '홍*'],
    ['홍', '*'],
    ['남궁길동', '남**동'],
    [' 홍길동 ', '홍*동'],
    ['Johnson', 'John***'],
    ['Kim', 'K***'],
    ['K', '***'],
    ['', '***'],
    ['𠮷田太郎', '𠮷**郎'],
  ])('%s is %s', (name, masked) => {
    expect(maskName(name)).toBe(masked)
  })

  test('a Hangul name shows two letters at most, and never all of it', () => {
    fc.assert(
      fc.property(fc.array(hangul, { minLength: 1, maxLength: 12 }), (letters) => {
        const visible = Array.from(maskName(letters.join(''))).filter((letter) => letter !== '*')
        expect(visible.length).toBeLessThanOrEqual(Math.min(2, letters.length - 1))
      }),
    )
  })

  test('a Latin name shows its first four at most, and never all of it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z]{1,30}$/), (name) => {
        const visible = maskName(name).replace('***', '')
        expect(visible.length).toBeLessThan(Math.min(5, name.length))
        expect(name.startsWith(visible)).toBe(true)
      }),
    )
  })
})

describe('numbers', () => {
  test('phones', () => {
    expect(maskPhone('01012341234')).toBe('010-****-1234')
    expect(maskPhone('+82 10-1234-5678')).toBe('821-****-5678')
    expect(maskPhone('15446030')).toBe('****-6030')
    expect(maskPhone('114')).toBe('****')
    fc.assert(
      fc.property(digits(0, 15), (phone) => {
        expect(shown(maskPhone(phone)).length).toBeLessThanOrEqual(phone.length < 8 ? 0 : phone.length < 10 ? 4 : 7)
      }),
    )
  })

  test('accounts keep four, and none of a short one', () => {
    expect(maskAccount('110-123-456789')).toBe('****6789')
    expect(maskAccount('1234')).toBe('****')
    expect(maskAccount('110123456***')).toBe('****6***')
    fc.assert(
      fc.property(digits(0, 20), (account) => {
        const masked = maskAccount(account)
        expect(shown(masked).length).toBeLessThanOrEqual(account.length < 8 ? 0 : 4)
        expect(account.endsWith(shown(masked))).toBe(true)
        expect(maskAccount(masked)).toBe(masked)
      }),
    )
  })

  test('cards keep the first six and the last four', () => {
    expect(maskCard('4017620112348250')).toBe('4017-62**-****-8250')
    expect(maskCard('4017-6201-1234-8250')).toBe('4017-62**-****-8250')
    expect(maskCard('40176201XXXX825X')).toBe('4017-62**-****-825*')
    expect(maskCard('378282246310005')).toBe('3782-82**-***0-005')
    expect(maskCard('4017621234')).toBe('****-****-**')
    fc.assert(
      fc.property(digits(0, 19), (number) => {
        const masked = maskCard(number)
        expect(shown(masked)).toBe(number.length < 13 ? '' : number.slice(0, 6) + number.slice(-4))
        expect(maskCard(masked)).toBe(masked)
      }),
    )
  })

  test('what a gateway masked stays masked', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9Xx*]{13,19}$/), (number) => {
        const masked = maskCard(number).replaceAll('-', '')
        expect(masked.length).toBe(number.length)
        for (const [index, mark] of masked.split('').entries()) if (mark !== '*') expect(number[index]).toBe(mark)
      }),
    )
  })
})

describe('e-mail', () => {
  test.each([
    ['abcdef@example.com', 'ab***@example.com'],
    ['ab@example.com', 'a***@example.com'],
    ['a@example.com', '***@example.com'],
    ['@example.com', '***'],
    ['nonsense', '***'],
    ['', '***'],
  ])('%s is %s', (email, masked) => {
    expect(maskEmail(email)).toBe(masked)
  })

  test('shows two letters before the @ at most, and never all', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9.]{1,20}$/), (local) => {
        const visible = maskEmail(`${local}@example.com`).replace('***@example.com', '')
        expect(visible.length).toBeLessThan(Math.min(3, local.length + 1))
        expect(visible.length).toBeLessThan(local.length)
      }),
    )
  })
})

describe('card numbers in text', () => {
  test('are hidden, however they are written', () => {
    for (const number of [
      '4017620112348250',
      '4017-6201-1234-8250',
      '4017 6201 1234 8250',
      '378282246310005',
      '3782-822463-10005',
      '3056-930902-5904',
    ]) {
      expect(hideCardNumbers(`card ${number}, thanks`)).toBe('card [card], thanks')
    }
  })

  test('references, instants and phones are not', () => {
    for (const text of [
      'trno 197430000012',
      'tno 20261121123456',
      '2026-11-21 14:03:22',
      '010-1234-5678',
      'payment-4ff4af41',
      'store-00000000-0000-4000-8000-000000000001',
      '11111111-1111-4111-8111-111111111111',
    ]) {
      expect(hideCardNumbers(text)).toBe(text)
    }
  })

  test('no run of sixteen digits is left', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(digits(16, 16), fc.constantFrom(' ', 'x', ', ', '원'))), (parts) => {
        expect(hideCardNumbers(parts.join('|'))).not.toMatch(/(?<!\d)\d{16}(?!\d)/)
      }),
    )
  })
})
