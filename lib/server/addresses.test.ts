import { describe, expect, it } from 'vitest'
import { isAddressList, isAmong } from './addresses.ts'

describe('a list of addresses', () => {
  const list = '103.215.144.173, 10.1.0.0/16 2001:db8::/32'
  it.each([
    ['103.215.144.173', true],
    ['::ffff:103.215.144.173', true],
    ['103.215.144.174', false],
    ['10.1.255.3', true],
    ['10.2.0.1', false],
    ['2001:db8:1::5', true],
    ['2001:db9::5', false],
    ['', false],
    ['unknown', false],
    ['103.215.144.173, 1.1.1.1', false],
  ])('%j stands in it: %j', (address, expected) => {
    expect(isAmong(list, address)).toBe(expected)
  })

  it('that is empty or unreadable lets nobody in', () => {
    for (const bad of ['', ' , ', 'example.com', '10.0.0.0/33', '300.1.1.1'])
      expect(isAmong(bad, '10.0.0.1')).toBe(false)
  })

  it.each([
    ['', true],
    [list, true],
    ['10.0.0.0/33', false],
    ['10.0.0.0/8/8', false],
    ['10.0.0.0/', false],
    ['proxy.example.com', false],
  ])('%j can be read: %j', (text, expected) => {
    expect(isAddressList(text)).toBe(expected)
  })
})
