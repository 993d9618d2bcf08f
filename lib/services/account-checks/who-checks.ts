import 'server-only'
import type { Environment } from '#lib/domain/payment.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
import { db } from '#lib/server/db.ts'
import type { GatewayAccount } from '#prisma/client/client.ts'
import { readiness } from '../accounts/readiness.ts'

type Of = {
  readonly storeId: string
  readonly environment: Environment
  readonly channel: { readonly account: Pick<GatewayAccount, 'id'> }
}

/**
 * The account by which the holder of another account can be asked for: the payment's own, else another of the same store and
 * environment. One whose gateway said that this is not contracted comes last. Null where none can.
 */
export async function whoChecks({ storeId, environment, channel }: Of): Promise<GatewayAccount | null> {
  const rows = await db.gatewayAccount.findMany({ where: { storeId, environment }, orderBy: { createdAt: 'asc' } })
  const able = rows.filter((row) => connectorOf(row).operations.holder !== undefined && isReady(row))
  const own = able.filter(({ id }) => id === channel.account.id)
  const others = able.filter(({ id }) => id !== channel.account.id)
  const inTurn = [...own, ...others]
  return inTurn.find(({ holderCheck }) => holderCheck !== 'not_enabled') ?? inTurn[0] ?? null
}

function isReady(row: GatewayAccount): boolean {
  const { credentialsReady, programReady } = readiness(row)
  return credentialsReady && programReady
}

/** Nobody can be asked who holds an account, or who could has said that it is not contracted. */
export const provedByPeople = (asks: Pick<GatewayAccount, 'holderCheck'> | null): boolean =>
  asks === null || asks.holderCheck === 'not_enabled'
