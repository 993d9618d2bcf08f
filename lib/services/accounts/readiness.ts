import 'server-only'
import type { CancelFacts } from '#lib/policy/cancel-facts.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
import { env } from '#lib/server/env.ts'
import type { GatewayAccount } from '#prisma/client/client.ts'
import { Settings } from './account-fields.ts'

type Account = Pick<GatewayAccount, 'gateway' | 'mode' | 'settings' | 'secrets'>

/** Whether anything can be sent by this account at all. Nothing is opened for it. */
export function readiness(account: Account): Pick<CancelFacts, 'credentialsReady' | 'programReady'> {
  const set = { ...Settings.parse(account.settings), ...Settings.parse(account.secrets) }
  const { credentials } = connectorOf(account)
  return {
    credentialsReady: credentials.every(({ name, required }) => !required || set[name] !== undefined),
    programReady: !needsProgram(account) || env.kcpModule !== null,
  }
}

/** KCP's module is the only gateway's program there is. */
export const needsProgram = ({ mode }: Pick<Account, 'mode'>): boolean => mode === 'module'
