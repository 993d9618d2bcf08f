import { describe, expect, it } from 'vitest'
import { logisticsCompanies } from '#sandbox/portone/logistics-companies.ts'
import { courierCodes, courierOf, couriers, isTracking, tidyTracking } from './couriers.ts'

describe('the courier table', () => {
  it("has PortOne's codes and own delivery, each with a name of its own in both languages", () => {
    expect(courierCodes.toSorted()).toEqual([...logisticsCompanies, 'OWN'].toSorted())
    for (const language of ['ko', 'en'] as const)
      expect(new Set(courierCodes.map((code) => couriers[code][language])).size).toBe(courierCodes.length)
  })
  it('is found by code and by name, whatever the spaces and letters, and by nothing else', () => {
    for (const code of courierCodes) {
      expect(courierOf(code)).toBe(code)
      expect(courierOf(` ${couriers[code].ko} `)).toBe(code)
      expect(courierOf(couriers[code].en.toLowerCase())).toBe(code)
    }
    expect(courierOf('CJ 대한통운')).toBe('CJ')
    expect(courierOf('대한통운')).toBe('CJ')
    for (const text of ['', 'toString', '__proto__', '택배']) expect(courierOf(text)).toBeNull()
  })
})

describe('a tracking number', () => {
  it.each([
    ['CJ', '000123456789', true],
    ['CJ', '123456789', false],
    ['CJ', '12345678901A', false],
    ['POST', '6865412345678', true],
    ['POST', '686541234567', false],
    ['EMS', 'EE123456789KR', true],
    ['EMS', '123456789', false],
    ['ETC', 'AB-12', false],
    ['ETC', 'AB1234', true],
    ['UPS', '1Z999AA10123456784', true],
    ['ETC', '1'.repeat(31), false],
  ] as const)('%s %s: %s', (courier, number, expected) => {
    expect(isTracking(courier, number)).toBe(expected)
  })
  it('keeps every digit, its zeros first of all', () => {
    expect(tidyTracking(' 0001-2345 6789 ')).toBe('000123456789')
    expect(tidyTracking('ee123456789kr')).toBe('EE123456789KR')
  })
})
