import 'server-only'
import { z } from 'zod'
import { DomainError } from '#lib/domain/problem.ts'
import type { Connector } from '#lib/gateways/connector.ts'
import { seal } from '#lib/server/crypto.ts'

export const Fields = z.record(z.string().max(60), z.string().trim().max(2000))
export const Hints = z.record(z.string(), z.object({ setAt: z.string(), endsIn: z.string() }))
export const Settings = z.record(z.string(), z.string())

type Stored = {
  readonly settings: Record<string, string>
  readonly secrets: Record<string, string>
  readonly hints: z.infer<typeof Hints>
}

/**
 * What was typed into an account's form, checked against the connector's field list and sealed. A secret left empty keeps
 * what is stored. Fails with: request.invalid (facts.field), account.secret_kind.
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
    const value = typed[field.name] ?? ''
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
    stored.hints[field.name] = { setAt, endsIn: value.slice(-4) }
  }
  return stored
}
