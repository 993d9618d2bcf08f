import 'server-only'
import { headers } from 'next/headers'
import { isAmong } from './addresses.ts'
import { env } from './env.ts'

export { maskAddress } from './addresses.ts'

/** What is known of a browser that nobody has signed in with yet. */
export type Visitor = { readonly address: string; readonly agent: string }

/**
 * The last address: the nearest proxy wrote it. Those before it came with the request, and anybody may write them, unless the
 * last is a proxy of ours too (JEONPYO_TRUSTED_PROXIES): then the one before it was written by that one.
 */
export function addressOf(forwardedFor: unknown, proxies: string = env.trustedProxies): string {
  if (typeof forwardedFor !== 'string') return ''
  const hops = forwardedFor
    .slice(-2_000)
    .split(',')
    .map((hop) => hop.trim())
  const foreign = hops.findLastIndex((hop, index) => index === 0 || !isAmong(proxies, hop))
  return (hops[foreign] ?? '').slice(0, 64)
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
