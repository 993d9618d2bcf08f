import 'server-only'
import { headers } from 'next/headers'

/** What is known of a browser that nobody has signed in with yet. */
export type Visitor = { readonly address: string; readonly agent: string }

/** The last address: the nearest proxy wrote it. Those before it came with the request, and anybody may write them. */
export const addressOf = (forwardedFor: unknown): string =>
  typeof forwardedFor === 'string' ? (forwardedFor.split(',').at(-1) ?? '').trim().slice(0, 64) : ''

/** 203.0.113.7 -> 203.0.113.*; of an IPv6 address the network stays. What is no address stays not. */
export function maskAddress(address: string): string {
  const mapped = address.replace(/^::ffff:(?=\d)/i, '')
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(mapped)) return mapped.replace(/\d+$/, '*')
  if (!/^[\da-f:]+$/i.test(mapped) || !mapped.includes(':')) return ''
  // In the short form the groups of the network may be fewer than four.
  const network = (mapped.split('::')[0] ?? '').split(':').slice(0, 4).filter(Boolean)
  return `${network.join(':')}:*`
}

const browsers: readonly (readonly [form: RegExp, name: string])[] = [
  [/\bWhale\/(\d+)/, 'Whale'],
  [/\bSamsungBrowser\/(\d+)/, 'Samsung Internet'],
  [/\bEdg(?:A|iOS)?\/(\d+)/, 'Edge'],
  [/\bOPR\/(\d+)/, 'Opera'],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/\b(?:Headless)?(?:Chrome|CriOS)\/(\d+)/, 'Chrome'],
  [/\bVersion\/(\d+)[\d.]* (?:Mobile\/\w+ )?Safari\//, 'Safari'],
]
const systems: readonly (readonly [form: RegExp, name: string])[] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/Linux|X11/, 'Linux'],
]

/** `Chrome 142, Windows`: enough to know a browser again, and no more. */
export function agentOf(userAgent: unknown): string {
  if (typeof userAgent !== 'string') return ''
  const browser = browsers.flatMap(([form, name]) => {
    const found = form.exec(userAgent)
    return found ? [`${name} ${found[1]}`] : []
  })[0]
  const system = systems.find(([form]) => form.test(userAgent))?.[1]
  return [browser, system].filter((part) => part !== undefined).join(', ')
}

/** Who asks, in an action or a route. */
export async function visitor(): Promise<Visitor> {
  const given = await headers()
  return { address: addressOf(given.get('x-forwarded-for')), agent: agentOf(given.get('user-agent')) }
}
