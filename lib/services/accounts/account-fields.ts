import 'server-only'
import { z } from 'zod'
import { DomainError } from '#lib/domain/problem.ts'
import type { Connector, CredentialField } from '#lib/gateways/connector.ts'
import { seal } from '#lib/server/crypto.ts'

/** Certificates and keys are long; how long each field may be, its pattern says. */
export const Fields = z.record(z.string().max(60), z.string().trim().max(8000))
export const Hints = z.record(z.string(), z.object({ setAt: z.string(), endsIn: z.string() }))
export const Settings = z.record(z.string(), z.string())

type Stored = {
  readonly settings: Record<string, string>
  readonly secrets: Record<string, string>
  readonly hints: z.infer<typeof Hints>
}

/**
 * What was typed into an account's form, checked against the connector's field list and sealed. A secret left empty keeps
 * what is stored; what has a usual value gets it. Fails with: request.invalid (facts.field), account.secret_kind.
 */
export function storeFields(
  connector: Connector,
  accountId: string,
  typed: Readonly<Record<string, string>>,
  before: Stored,
  setAt: string,
): Stored {
  const stored: Stored = {
    settings: { ...before.settings },
    secrets: { ...before.secrets },
    hints: { ...before.hints },
  }
  for (const field of connector.credentials) {
    const value = typedValue(field, typed[field.name] ?? '')
    const kept = field.secret ? stored.secrets[field.name] !== undefined : stored.settings[field.name] !== undefined
    if (value === '' && (kept || !field.required)) continue
    if (field.name === 'apiSecret' && value.startsWith('whsec_'))
      throw new DomainError('account.secret_kind', { field: field.name })
    if (!field.pattern.test(value)) throw new DomainError('request.invalid', { field: field.name })
    if (!field.secret) {
      stored.settings[field.name] = value
      continue
    }
    stored.secrets[field.name] = seal(value, ['GatewayAccount', accountId, field.name])
    stored.hints[field.name] = { setAt, endsIn: endOf(field, value) }
  }
  return stored
}

/** Browsers send lines as CR LF; a key is the same however its lines end. */
function typedValue({ long, usual }: CredentialField, typed: string): string {
  const value = long ? typed.replace(/\r\n?/g, '\n') : typed
  return value === '' && usual !== undefined ? usual : value
}

const SHOWN = 4
/** Enough to tell two secrets apart; nothing of one that people choose, or so short that its end would tell much of it. */
function endOf({ name, long }: CredentialField, value: string): string {
  if (/password$/i.test(name)) return ''
  const text = long ? value.replace(/-----[^-]*-----/g, '').replace(/[\s=]/g, '') : value
  return text.length < SHOWN * 4 ? '' : text.slice(-SHOWN)
}
