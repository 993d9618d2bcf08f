import { describe, expect, it, vi } from 'vitest'
import { addressOf, agentOf, maskAddress } from './visitor.ts'

// Loads in Next's own server only.
vi.mock('next/headers', () => ({ headers: () => {} }))

describe('the address of a visitor', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['feigned, 203.0.113.7', '203.0.113.7'],
    ['x'.repeat(9_000), 'x'.repeat(64)],
    ['', ''],
    [undefined, ''],
  ])('of %j is what the nearest proxy wrote', (forwarded, address) => {
    expect(addressOf(forwarded)).toBe(address)
  })

  it.each([
    ['203.0.113.7, 10.0.0.1', '203.0.113.7'],
    ['feigned, 203.0.113.7, 10.0.0.2, 10.0.0.1', '203.0.113.7'],
    ['feigned, 203.0.113.7', '203.0.113.7'],
    ['10.0.0.1', '10.0.0.1'],
  ])('of %j is what the last proxy of ours wrote', (forwarded, address) => {
    expect(addressOf(forwarded, '10.0.0.0/24')).toBe(address)
  })

  it.each([
    ['203.0.113.7', '203.0.113.*'],
    ['::ffff:203.0.113.7', '203.0.113.*'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:*'],
    ['2001:db8::5', '2001:db8:*'],
    ['::1', ':*'],
    ['somebody@example.com', ''],
    ['', ''],
  ])('%j is kept as %j', (address, kept) => {
    expect(maskAddress(address)).toBe(kept)
  })
})

describe('the browser of a visitor', () => {
  const chrome =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'
  it.each([
    [chrome, 'Chrome 142, Windows'],
    [`${chrome} Edg/142.0.0.0`, 'Edge 142, Windows'],
    [chrome.replace('Chrome/142.0.0.0', 'Chrome/140.0.0.0 Whale/4.33.325.12'), 'Whale 4, Windows'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      'Safari 18, iOS',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox 145, Linux'],
    ['curl/8.9', ''],
    [undefined, ''],
  ])('%j is kept as %j', (agent, kept) => {
    expect(agentOf(agent)).toBe(kept)
  })
})
