import { describe, expect, it } from 'vitest'
import { ownAddress } from './own-address.ts'

const origin = 'https://console.example'

describe('an address of this site', () => {
  it.each(['/payments?q=1#a', 'payments', `${origin}/audit`, '/..//elsewhere.example'])('may be %j', (wanted) => {
    expect(ownAddress(wanted, origin)?.startsWith(`${origin}/`)).toBe(true)
  })

  it.each([
    undefined,
    'https://elsewhere.example/',
    '//elsewhere.example',
    '/\\elsewhere.example',
    '/\t/elsewhere.example',
    '\n//elsewhere.example',
    'https://console.example@elsewhere.example',
    'https://console.example.elsewhere.example',
    'http://console.example/',
    'javascript:alert(1)',
    'https://',
  ])('is not %j', (wanted) => {
    expect(ownAddress(wanted, origin)).toBeNull()
  })
})
