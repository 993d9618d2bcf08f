import type { createTranslator } from 'use-intl'
import { formatInstant, formatTime, instant, kstDate, type Instant } from '#lib/domain/kst.ts'
import { formatMoney, isCurrency, minor, subtract, type Currency, type Minor } from '#lib/domain/money.ts'
import type { Method, PaymentStatus } from '#lib/domain/payment.ts'
import type { Facts } from '#lib/domain/problem.ts'
import type { VerdictView } from '#lib/domain/views.ts'
import type { Language, Messages } from './messages.ts'

declare module 'use-intl' {
  interface AppConfig {
    Messages: Messages
    Locale: Language
  }
}

export type Translate = ReturnType<typeof createTranslator<Messages>>
type Key = Parameters<Translate>[0]
export type Said = { readonly code: string; readonly facts: Facts }
export type Words = ReturnType<typeof wordsOf>

/** Everything that is said in the reader's language: sentences by key, money, instants, and sentences whose key is data. */
export function wordsOf(language: Language, t: Translate) {
  const money = (value: Minor, currency: Currency) => formatMoney(value, currency, language)
  const known: { has(key: string): boolean } = t
  const isKey = (key: string): key is Key => known.has(key)
  /** For keys that are data (codes, reasons): the sentence, or what to say instead. */
  const sentence = (key: string, facts: Facts, otherwise: string) =>
    isKey(key) ? t(key, filled(facts, language)) : otherwise
  const rule = ({ rule, reason, facts }: Pick<VerdictView, 'rule' | 'reason' | 'facts'>) =>
    sentence(`rule.${rule}.${reason}`, facts, `${rule} ${reason}`)
  const list = (path: string, names: string) =>
    names
      .split(/,\s*/)
      .map((name) => sentence(`${path}.${name}`, {}, name))
      .join(', ')
  const paid = (method: Method, otherwise: string) => sentence(`paid.${method}`, {}, otherwise)
  const words = {
    language,
    t,
    money,
    /** Money that went back, with its minus. */
    back: (value: Minor, currency: Currency) => money(subtract(minor(0), value), currency),
    instant: (at: Instant) => formatInstant(at, language),
    time: formatTime,
    date: kstDate,
    count: (value: number) => value.toLocaleString('en-US'),
    sentence,
    /** What is approved by card is paid in by account: the same status has another word. */
    status: (status: PaymentStatus, method: Method) =>
      status === 'PAID' ? paid(method, t('status.PAID')) : t(`status.${status}`),
    paid,
    rule,
    ruleTitle: (id: string) => sentence(`rule.${id}.title`, {}, id),
    ruleSource: (id: string) => sentence(`rule.${id}.source`, {}, ''),
    roles: (names: string) => list('role', names),
    permission: (name: string) => sentence(`permission.${name}`, {}, name),
    who: (name: string) => sentence(`who.${name}`, {}, name),
    /** A card company, bank or easy-pay provider by the gateway's code; unknown ones as they came. */
    institution: (code: string) => sentence(`institution.${code}`, {}, code),
    action: (name: string) => sentence(`action.${name}`, {}, name),
    problem: (problem: Said): string => problemText(words, problem),
    cause: (cause: string): string => causeText(words, cause),
  }
  return words
}

type Speaker = Pick<Words, 't' | 'sentence' | 'rule' | 'roles' | 'permission'>

/** The one place where a problem's code becomes a sentence. */
export function problemText(words: Speaker, { code, facts }: Said): string {
  if (code === 'cancellation.refused' && typeof facts['rule'] === 'string' && typeof facts['reason'] === 'string') {
    return words.rule({ rule: facts['rule'], reason: facts['reason'], facts })
  }
  if (code === 'permission.missing') {
    const permission = words.permission(String(facts['permission'] ?? ''))
    return words.t('problem.permission.missing', { permission, who: words.roles(String(facts['who'] ?? 'OWNER')) })
  }
  const said = words.sentence(`problem.${code}${variantOf(code, facts)}`, facts, words.t('problem.broken'))
  return code.startsWith('gateway.') && facts['code'] !== undefined
    ? `${said} (${words.t('problem.code', { code: String(facts['code']) })})`
    : said
}

/** Problems with more than one sentence, by what is known of them. */
function variantOf(code: string, facts: Facts): string {
  if (code === 'sending.stopped' && facts['who'] && facts['why']) return '_by'
  if (code === 'cancellation.day_limit' && facts['limitCount'] !== undefined) return '_count'
  return code === 'cancellation.day_limit' && facts['limitAmount'] !== undefined ? '_amount' : ''
}

/** Causes by their form, with the keys of their sentences. What the wire said stays in the exchange. */
const causes: readonly (readonly [form: RegExp, key: string])[] = [
  [
    /^(person|outside_cancel|not_sent|no_answer_recorded|snapshot_changed|approval_expired|requester_gone|deposit_reversed)$/,
    'cause.$1',
  ],
  // How far a sending came before it broke.
  [/^(name|connect|handshake|written|program|sign): .*$/s, 'cause.phase.$1'],
  [/^answer not understood$/, 'cause.not_understood'],
  [/^the answer tells of another cancel$/, 'cause.another_cancel'],
  [/^already cancelled$/, 'cause.already_cancelled'],
  [/^FAILED, but an earlier sending has no known end$/, 'cause.earlier_open'],
  [/^the permission to send was held too long$/, 'cause.held_too_long'],
  [/^PG_PROVIDER (?<code>.+)$/, 'cause.pg_code'],
  [/^status (?<status>\d{3}(?: \w+)?).*$/s, 'cause.status'],
  // The type alone is left of a 409 that is no refusal by itself; KCP's codes have four places, KSNET's three to five.
  [/^(?<code>[A-Z][A-Z0-9_]+|\d[0-9A-Z]{2,4})$/, 'cause.type'],
]

/** Why it was withdrawn, or why an answer is missing: `person`, `rule:CANCEL-COUNT:used_up`, the wire's words. */
export function causeText(words: Speaker, cause: string): string {
  const [kind, rule, reason] = cause.split(':')
  if (kind === 'rule' && rule && reason)
    return words.t('cause.rule', { sentence: words.sentence(`rule.${rule}.title`, {}, rule) })
  const other = words.t('cause.other', { cause })
  for (const [form, key] of causes) {
    const found = form.exec(cause)
    if (found) return words.sentence(cause.replace(form, key), { ...found.groups }, other)
  }
  return other
}

/** `...Amount` is money in the smallest unit of `currency`, `...At` an instant; the rest is said as it is. */
export function filled(facts: Facts, language: Language): Record<string, string> {
  const currency = typeof facts['currency'] === 'string' && isCurrency(facts['currency']) ? facts['currency'] : 'KRW'
  const said = (name: string, value: Facts[string]): string => {
    if (typeof value === 'number' && name.endsWith('Amount')) return formatMoney(minor(value), currency, language)
    if (typeof value === 'number' && name.endsWith('At')) return formatInstant(instant(value), language)
    return String(value ?? '')
  }
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, said(name, value)]))
}
