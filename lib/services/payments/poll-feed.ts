import 'server-only'
import { DAY_MS, fromDate, MINUTE_MS, plus, toDate, type Instant } from '#lib/domain/kst.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import type { FeedInput, FeedPage, Operation } from '#lib/gateways/connector.ts'
import { ask } from '#lib/gateways/exchange.ts'
import type { Context } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { log } from '#lib/server/log.ts'
import { openAccount, type OpenAccount } from '../accounts/open-account.ts'
import { readAtGateway } from './read-at-gateway.ts'

/** How far each reading goes back behind the last: events that were made late are seen, those seen twice change nothing. */
const OVERLAP_MS = 10 * MINUTE_MS
const FIRST_LOOK_BACK_MS = 7 * DAY_MS
const ERRORS_MAX = 5

type Feed = Operation<FeedInput, FeedPage>

/** Reads what happened at a gateway since the last time, and each payment it names. Says what kept it from doing so. */
export async function pollFeed(context: Context, accountId: string): Promise<void> {
  const row = await db.gatewayAccount.findUnique({ where: { id: accountId } })
  if (!row) return
  const account = openAccount(row)
  const { feed } = account.connector.operations
  if (!feed) return
  const until = context.now()
  const from = row.feedReadAt === null ? plus(until, -FIRST_LOOK_BACK_MS) : plus(fromDate(row.feedReadAt), -OVERLAP_MS)
  const named = await namedIn(account, feed, from, plus(until, MINUTE_MS))
  if (named.error !== null) return remember(accountId, { feedError: named.error })
  const errors: string[] = []
  // One that cannot be read keeps none of the others from being read; many mean that the gateway is gone.
  for (const paymentId of named.payments) {
    if (errors.length === ERRORS_MAX) break
    errors.push(...(await errorOf(context, account, paymentId)))
  }
  await remember(accountId, { ...(errors.length === 0 && { feedReadAt: toDate(until) }), feedError: errors[0] ?? null })
}

type Named = { readonly payments: ReadonlySet<string>; readonly error: string | null }

async function namedIn(account: OpenAccount, feed: Feed, from: Instant, until: Instant): Promise<Named> {
  const payments = new Set<string>()
  const wrong = (error: string): Named => ({ payments, error })
  for (let cursor: string | null = null; ;) {
    const page: Outcome<FeedPage> = (await ask(account.connector, feed, { cursor, from, until }, account.call)).outcome
    if (page.kind !== 'done') return wrong(page.kind === 'declined' ? page.code : page.kind)
    for (const event of page.value.events)
      if (event.storeKey === account.call.credentials['storeId']) payments.add(event.paymentId)
    if (!page.value.more) return { payments, error: null }
    if (page.value.next === cursor) return wrong('the cursor stands still')
    cursor = page.value.next
  }
}

async function errorOf(context: Context, account: OpenAccount, paymentId: string): Promise<string[]> {
  try {
    const { kind } = await readAtGateway(context, account, paymentId)
    return kind === 'no_answer' || kind === 'refused' ? [kind] : []
  } catch (error) {
    logBroken(account.id, error)
    return ['broken']
  }
}

const logBroken = (account: string, error: unknown) =>
  log.error({ account, error: error instanceof Error ? (error.stack ?? error.message) : 'not an error' }, 'broken')

async function remember(id: string, data: { feedReadAt?: Date; feedError: string | null }): Promise<void> {
  await db.gatewayAccount.update({ where: { id }, data })
}

/** Every account in turn. Two replicas reading the same feed find the same facts. */
export async function pollFeeds(context: Context): Promise<void> {
  const accounts = await db.gatewayAccount.findMany({ select: { id: true } })
  for (const { id } of accounts) await pollFeed(context, id).catch((error: unknown) => logBroken(id, error))
}
