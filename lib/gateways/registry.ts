import type { Gateway } from '#lib/domain/payment.ts'
import type { Connector } from './connector.ts'
import { portone } from './portone/connector.ts'

/** The only list of gateways. */
export const connectors: Readonly<Partial<Record<Gateway, Connector>>> = { portone }

export function connectorOf(gateway: Gateway): Connector {
  const connector = connectors[gateway]
  if (!connector) throw new Error(`no connector for ${gateway}`)
  return connector
}
