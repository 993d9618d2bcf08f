import 'server-only'
import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { DomainError } from '#lib/domain/problem.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { keyedHash } from '#lib/server/crypto.ts'
import { transaction } from '#lib/server/db.ts'
import { env } from '#lib/server/env.ts'
import { requireFreshSignIn } from '#lib/server/step-up.ts'
import type { GatewayAccount } from '#prisma/client/client.ts'

type Of = Pick<GatewayAccount, 'id' | 'noticeRound'>

/** What nobody can guess of the place where an account's notices arrive. It is a secret: in no log and no audit row. */
const addressOf = ({ id, noticeRound }: Of): string => keyedHash(`notice-address/${id}/${noticeRound}`)

/** Compared in a time that says nothing of how much was right. */
export const isNoticeAddress = (account: Of, given: string): boolean =>
  timingSafeEqual(Buffer.from(keyedHash(given)), Buffer.from(keyedHash(addressOf(account))))

/** The whole address, to be entered at the gateway; null where the gateway's notices are signed or there are none. */
export const noticeUrl = (account: Of & Pick<GatewayAccount, 'gateway' | 'mode'>): string | null =>
  connectorOf(account).readNotice
    ? `${env.publicUrl}/gateways/${account.gateway}/${account.id}/notice/${addressOf(account)}`
    : null

export const RenewNoticeAddress = z.object({ accountId: z.uuid() })

/**
 * Makes the address anew; what comes to the old one is refused from now on. Answers the new one.
 * Fails with: account.not_found, permission.missing, session.step_up.
 */
export async function renewNoticeAddress(
  context: Context,
  { accountId }: z.infer<typeof RenewNoticeAddress>,
): Promise<{ url: string }> {
  const missing = new DomainError('account.not_found')
  return transaction(async (tx) => {
    const account = await tx.gatewayAccount.findUnique({ where: { id: accountId } })
    if (!account) throw missing
    authorize(context, 'account.manage', account.storeId, missing)
    if (!connectorOf(account).readNotice) throw missing
    requireFreshSignIn(context)
    const renewed = await tx.gatewayAccount.update({
      where: { id: accountId },
      data: { noticeRound: { increment: 1 } },
    })
    await audit(tx, context, {
      action: 'account.notice_address',
      outcome: 'done',
      storeId: account.storeId,
      subject: { type: 'account', id: accountId },
      facts: { name: account.name, round: renewed.noticeRound },
    })
    return { url: noticeUrl(renewed) ?? '' }
  })
}
