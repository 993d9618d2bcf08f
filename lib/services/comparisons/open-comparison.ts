import 'server-only'
import { DomainError } from '#lib/domain/problem.ts'
import type { Permission } from '#lib/policy/permissions.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import type { Channel, Comparison, GatewayAccount } from '#prisma/client/client.ts'

type ChannelOfAccount = Channel & { readonly account: GatewayAccount }

/** Who does it: a person, since each of these is somebody's word. Fails with: permission.missing. */
export function personOf({ actor }: Context, permission: Permission) {
  if (actor.kind !== 'person') throw new DomainError('permission.missing', { permission })
  return actor
}

/** Fails with: channel.not_found, permission.missing. */
export async function channelToCompare(context: Context, channelId: string): Promise<ChannelOfAccount> {
  const missing = new DomainError('channel.not_found')
  const channel = await db.channel.findUnique({ where: { id: channelId }, include: { account: true } })
  if (!channel || channel.mid === '') throw missing
  authorize(context, 'comparison.run', channel.account.storeId, missing)
  return channel
}

/** Fails with: comparison.not_found, permission.missing. */
export async function openComparison(
  context: Context,
  id: string,
): Promise<{ readonly comparison: Comparison; readonly channel: ChannelOfAccount }> {
  const missing = new DomainError('comparison.not_found')
  const comparison = await db.comparison.findUnique({ where: { id } })
  if (!comparison) throw missing
  authorize(context, 'comparison.run', comparison.storeId, missing)
  const channel = await db.channel.findUniqueOrThrow({
    where: { id: comparison.channelId },
    include: { account: true },
  })
  return { comparison, channel }
}
