import 'server-only'
import { DAY_MS, fromDate, MINUTE_MS, plus, toDate } from '#lib/domain/kst.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import type { FeedPage } from '#lib/gateways/connector.ts'
import { ask } from '#lib/gateways/exchange.ts'
import type { Context } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { openAccount } from '../accounts/open-account.ts'
import { readAtGateway } from './read-at-gateway.ts'

/** How far each reading goes back behind the last: events that were made late are seen, those seen twice change nothing. */
const OVERLAP_MS = 10 * MINUTE_MS
const FIRST_LOOK_BACK_MS = 7 * DAY_MS

/** Reads what happened at a gateway since the last time, and each payment it names. Says what kept it from doing so. */
export async function pollFeed(context: Context, accountId: string): Promise<void> {
  const row = await db.gatewayAccount.findUnique({ where: { id: accountId } })
  if (!row) return
  const account = openAccount(row)
  const { feed } = account.connector.operations
  if (!feed) return
  const until = context.now()
  const from = row.feedReadAt === null ? plus(until, -FIRST_LOOK_BACK_MS) : plus(fromDate(row.feedReadAt), -OVERLAP_MS)
  const seen = new Set<string>()
  let cursor: string | null = null
  for (;;) {
    const page: Outcome<FeedPage> = (
      await ask(account.connector, feed, { cursor, from, until: plus(until, MINUTE_MS) }, account.call)
    ).outcome
    if (page.kind !== 'done')
      return remember(accountId, { feedError: page.kind === 'declined' ? page.code : page.kind })
    for (const event of page.value.events)
      if (event.storeKey === account.call.credentials['storeId']) seen.add(event.paymentId)
    if (!page.value.more) break
    cursor = page.value.next
  }
  for (const paymentId of seen) {
    const reading = await readAtGateway(context, account, paymentId)
    if (reading.kind === 'no_answer' || reading.kind === 'refused')
      return remember(accountId, { feedError: reading.kind })
  }
  await remember(accountId, { feedReadAt: toDate(until), feedError: null })
}

async function remember(id: string, data: { feedReadAt?: Date; feedError: string | null }): Promise<void> {
  await db.gatewayAccount.update({ where: { id }, data })
}

/** Every account in turn. Two replicas reading the same feed find the same facts. */
export async function pollFeeds(context: Context): Promise<void> {
  const accounts = await db.gatewayAccount.findMany({ select: { id: true } })
  for (const { id } of accounts) await pollFeed(context, id)
}
