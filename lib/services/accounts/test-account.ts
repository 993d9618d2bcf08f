import 'server-only'
import { z } from 'zod'
import { MINUTE_MS, plus } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import type { TestFinding } from '#lib/domain/views.ts'
import type { FeedPage } from '#lib/gateways/connector.ts'
import { ask } from '#lib/gateways/exchange.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, transaction } from '#lib/server/db.ts'
import { openAccount } from './open-account.ts'

export const TestAccount = z.object({ accountId: z.uuid() })

/**
 * Tries what can be tried without moving money, and says what that does not prove.
 * Fails with: account.not_found, permission.missing.
 */
export async function testAccount(
  context: Context,
  input: z.infer<typeof TestAccount>,
): Promise<{ findings: TestFinding[] }> {
  const missing = new DomainError('account.not_found')
  const row = await db.gatewayAccount.findUnique({ where: { id: input.accountId }, include: { channels: true } })
  if (!row) throw missing
  authorize(context, 'account.test', row.storeId, missing)
  const account = openAccount(row)
  const { feed } = account.connector.operations
  const now = context.now()
  const heard =
    feed &&
    (
      await ask(
        account.connector,
        feed,
        { cursor: null, from: plus(now, -7 * 24 * 60 * MINUTE_MS), until: now },
        account.call,
      )
    ).outcome
  const notices = await db.notice.count({ where: { accountId: row.id } })
  const findings = [
    ...(heard
      ? fromFeed(
          heard,
          account.call.credentials['storeId'] ?? '',
          row.channels.map((channel) => channel.key),
        )
      : []),
    finding('webhook', notices > 0 ? 'proven' : 'unprovable', notices > 0 ? 'received' : 'unprovable_until_received'),
    finding('cancel', 'unprovable', 'unprovable'),
  ]
  await transaction((tx) =>
    audit(tx, context, {
      action: 'account.test',
      outcome: 'done',
      storeId: row.storeId,
      subject: { type: 'account', id: row.id },
      facts: { findings },
    }),
  )
  return { findings }
}

const finding = (
  check: string,
  result: TestFinding['result'],
  reason: string,
  facts: TestFinding['facts'] = {},
): TestFinding => ({ check, result, reason, facts })

function fromFeed(heard: Outcome<FeedPage>, storeKey: string, channelKeys: readonly string[]): TestFinding[] {
  if (heard.kind === 'declined') {
    if (heard.code === 'UNAUTHORIZED') return [finding('apiSecret', 'failed', 'wrong_secret')]
    if (heard.code === 'FORBIDDEN')
      return [finding('apiSecret', 'proven', 'ok'), finding('store', 'failed', 'wrong_store', { store: storeKey })]
    return [finding('apiSecret', 'unprovable', 'unreadable', { code: heard.code })]
  }
  // No answer proves nothing of the secret.
  if (heard.kind !== 'done')
    return [
      finding('apiSecret', 'unprovable', heard.kind === 'not_sent' ? 'unreachable' : 'unreadable', {
        cause: 'cause' in heard ? heard.cause : '',
      }),
    ]
  const { events } = heard.value
  const strange = events.find((event) => event.storeKey !== storeKey)
  const seen = new Set(events.map((event) => event.channelKey))
  return [
    finding('apiSecret', 'proven', 'ok'),
    strange ? finding('store', 'failed', 'wrong_store', { store: strange.storeKey }) : finding('store', 'proven', 'ok'),
    finding('feed', 'proven', 'ok'),
    ...channelKeys.map((channel) =>
      finding('channel', seen.has(channel) ? 'proven' : 'unprovable', seen.has(channel) ? 'seen' : 'unseen', {
        channel,
      }),
    ),
  ]
}
