import type { Gateway, Mode } from '#lib/domain/payment.ts'
import type { Connector } from './connector.ts'
import { kcpModule, kcpRest } from './kcp/connector.ts'
import { ksnetRest, ksnetSocket } from './ksnet/connector.ts'
import { portone } from './portone/connector.ts'

/** The only list of gateways, and of the ways to reach each. */
export const connectors: readonly Connector[] = [portone, kcpModule, kcpRest, ksnetSocket, ksnetRest]

export function connectorOf(account: { readonly gateway: Gateway; readonly mode: Mode }): Connector {
  const connector = connectors.find((one) => one.gateway === account.gateway && one.mode === account.mode)
  if (!connector) throw new Error(`no connector for ${account.gateway} by ${account.mode}`)
  return connector
}
