// Addresses of machines: lists of them, and how one is shown. Not `server-only`: the environment is checked with it.
import { BlockList, isIP } from 'node:net'

const bare = (address: string): string => address.trim().replace(/^::ffff:(?=\d)/i, '')
const family = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 4 ? 'ipv4' : 'ipv6')

type Entry = { readonly address: string; readonly prefix: number | null }

/** `203.0.113.7` or `203.0.113.0/24`; null for anything else. */
function entryOf(text: string): Entry | null {
  const [address = '', prefix, ...rest] = bare(text).split('/')
  if (isIP(address) === 0 || rest.length > 0) return null
  if (prefix === undefined) return { address, prefix: null }
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
  return bits >= 0 && bits <= (family(address) === 'ipv4' ? 32 : 128) ? { address, prefix: bits } : null
}

const partsOf = (list: string): string[] => list.split(/[\s,]+/).filter((part) => part !== '')

/** Addresses and networks, with commas between. */
export const isAddressList = (list: string): boolean => partsOf(list).every((part) => entryOf(part) !== null)

/** Whether an address stands in the list. What cannot be read stands in none and lets nobody in. */
export function isAmong(list: string, address: string): boolean {
  const own = bare(address)
  if (isIP(own) === 0) return false
  const known = new BlockList()
  for (const part of partsOf(list)) {
    const entry = entryOf(part)
    if (entry?.prefix === null) known.addAddress(entry.address, family(entry.address))
    else if (entry) known.addSubnet(entry.address, entry.prefix, family(entry.address))
  }
  return known.check(own, family(own))
}

/** 203.0.113.7 -> 203.0.113.*; of an IPv6 address the network stays. What is no address stays not. */
export function maskAddress(address: string): string {
  const mapped = address.replace(/^::ffff:(?=\d)/i, '')
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(mapped)) return mapped.replace(/\d+$/, '*')
  if (!/^[\da-f:]+$/i.test(mapped) || !mapped.includes(':')) return ''
  // In the short form the groups of the network may be fewer than four.
  const network = (mapped.split('::')[0] ?? '').split(':').slice(0, 4).filter(Boolean)
  return `${network.join(':')}:*`
}
