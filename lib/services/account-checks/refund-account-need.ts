import 'server-only'
import { toDate } from '#lib/domain/kst.ts'
import type { RefundAccountNeed } from '#lib/domain/views.ts'
import { paysIntoAccount } from '#lib/policy/cancelling/virtual-accounts.ts'
import type { CancelFacts } from '#lib/policy/cancel-facts.ts'
import { permitted, type Context } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import type { AccountCheck, GatewayAccount, Payment, Store } from '#prisma/client/client.ts'
import { namesOf } from '../people/names.ts'
import { checkView, shownSince } from './check-view.ts'
import { provedByPeople, whoChecks } from './who-checks.ts'

type Row = Payment & { readonly store: Store; readonly channel: { readonly account: GatewayAccount } }

/** What the sheet needs for a refund into an account, with the checks of the last days; null where it goes back the way it came. */
export async function refundAccountNeed(
  context: Context,
  payment: Row,
  facts: CancelFacts,
): Promise<RefundAccountNeed | null> {
  if (!paysIntoAccount(facts)) return null
  const now = context.now()
  const asks = await whoChecks(payment)
  const rows = await db.accountCheck.findMany({
    where: { paymentId: payment.id, checkedAt: { gte: toDate(shownSince(now)) } },
    orderBy: { checkedAt: 'desc' },
    take: 20,
  })
  const names = await namesOf(rows.flatMap((row) => [row.checkedById, row.confirmedById ?? row.checkedById]))
  const accounts = await accountsOf(rows)
  const personId = context.actor.kind === 'person' ? context.actor.id : null
  return {
    how: provedByPeople(asks) ? 'people' : 'gateway',
    asks: asks && { gateway: asks.gateway, mode: asks.mode, name: asks.name },
    ofKcp: payment.channel.account.gateway === 'kcp' || asks?.gateway === 'kcp',
    checks: rows.map((row) =>
      checkView(row, { names, accounts }, { personId, oneAfterDay: payment.store.oneAfterDay, now }),
    ),
    mayConfirm: permitted(context.actor, 'account_check.confirm', payment.storeId),
  }
}

async function accountsOf(checks: readonly AccountCheck[]): Promise<ReadonlyMap<string, GatewayAccount>> {
  const ids = checks.flatMap(({ accountId }) => accountId ?? [])
  const rows = await db.gatewayAccount.findMany({ where: { id: { in: ids } } })
  return new Map(rows.map((row) => [row.id, row]))
}
