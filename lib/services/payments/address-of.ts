import 'server-only'
import { connectorOf } from '#lib/gateways/registry.ts'
import type { db, Transaction } from '#lib/server/db.ts'
import type { GatewayAccount } from '#prisma/client/client.ts'

type Addressed = {
  readonly id: string
  readonly channelId: string
  readonly channel: { readonly account: Pick<GatewayAccount, 'gateway' | 'mode'> }
}

/** The number by which a payment's gateway is asked for it; null where it is not known by one. */
export async function addressOf(tx: Transaction | typeof db, payment: Addressed): Promise<string | null> {
  const { addressedBy: kind } = connectorOf(payment.channel.account)
  const where = { paymentId: payment.id, channelId: payment.channelId, kind }
  return (await tx.reference.findFirst({ where }))?.value ?? null
}

/** Where something is to be sent for a payment: without a number it never got so far. */
export async function addressFor(tx: Transaction, payment: Addressed): Promise<string> {
  const address = await addressOf(tx, payment)
  if (address === null) throw new Error(`payment ${payment.id} has no number at its gateway`)
  return address
}
