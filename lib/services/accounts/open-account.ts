import 'server-only'
import { z } from 'zod'
import type { Environment, Gateway, Mode } from '#lib/domain/payment.ts'
import type { Call, Connector, Credentials } from '#lib/gateways/connector.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
import { unseal } from '#lib/server/crypto.ts'
import { env } from '#lib/server/env.ts'

type AccountRow = {
  readonly id: string
  readonly storeId: string
  readonly gateway: Gateway
  readonly mode: Mode
  readonly environment: Environment
  readonly settings: unknown
  readonly secrets: unknown
}

/** A gateway account with its secrets open: lives only as long as one exchange. */
export type OpenAccount = {
  readonly id: string
  readonly storeId: string
  readonly environment: Environment
  readonly connector: Connector
  readonly call: Call
}

const fields = z.record(z.string(), z.string())

export function openAccount(row: AccountRow): OpenAccount {
  const connector = connectorOf(row)
  const secrets = Object.entries(fields.parse(row.secrets)).map(
    ([name, sealed]) => [name, unseal(sealed, ['GatewayAccount', row.id, name])] as const,
  )
  const credentials: Credentials = { ...fields.parse(row.settings), ...Object.fromEntries(secrets) }
  return {
    id: row.id,
    storeId: row.storeId,
    environment: row.environment,
    connector,
    call: { credentials, endpoint: endpointOf(connector, row.environment, credentials), program: env.kcpModule },
  }
}

const sandboxAt = (port: number) => `http://127.0.0.1:${port}`

function sandboxOf({ gateway, mode }: Connector): string {
  const { portonePort, kcpHttpPort, kcpModulePort, ksnetHttpPort, ksnetTcpPort } = env.sandbox
  if (gateway === 'portone') return sandboxAt(portonePort)
  if (gateway === 'kcp') return sandboxAt(mode === 'module' ? kcpModulePort : kcpHttpPort)
  return sandboxAt(mode === 'socket' ? ksnetTcpPort : ksnetHttpPort)
}

function endpointOf(connector: Connector, environment: Environment, credentials: Credentials): string {
  if (environment === 'sandbox') {
    if (!env.demo) throw new Error('a sandbox account outside the demo')
    return sandboxOf(connector)
  }
  // Without an address a message is made that is never sent.
  if (connector.endpointOf) return connector.endpointOf(credentials) ?? ''
  const host = connector.environments[environment]?.host
  if (!host) throw new Error(`${connector.gateway} has no ${environment} host`)
  return host
}
