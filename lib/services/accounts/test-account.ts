import 'server-only'
import { z } from 'zod'
import { fromDate, MINUTE_MS, plus, type Instant } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import type { TestFinding } from '#lib/domain/views.ts'
import type { FeedPage } from '#lib/gateways/connector.ts'
import { ask } from '#lib/gateways/exchange.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, transaction } from '#lib/server/db.ts'
import type { Channel, GatewayAccount } from '#prisma/client/client.ts'
import { openAccount, type OpenAccount } from './open-account.ts'

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
  const findings = await findingsOf(row, openAccount(row), context.now())
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

type Row = GatewayAccount & { readonly channels: readonly Channel[] }

async function findingsOf(row: Row, account: OpenAccount, now: Instant): Promise<TestFinding[]> {
  const { connector, call } = account
  const record = connector.channelOf ? await fromRecord(account) : []
  const isAccepted = record.some(({ result }) => result === 'proven')
  const tried = await fromProgram(account)
  return [
    ...(await fromList(row, account, now)),
    ...(connector.inspect?.(call.credentials, now) ?? []),
    // What the gateway answered to is no longer open.
    ...tried.filter(({ check }) => !(check === 'siteKey' && isAccepted)),
    ...record,
    ...(connector.mode === 'rest' ? [finding('serverAddress', 'unprovable', 'unprovable')] : []),
    ...(connector.channelOf && connector.operations.holder ? [await fromAccountChecks(row)] : []),
    await fromNotices(row, connector.verifyNotice ? 'webhook' : 'notice'),
    finding('cancel', 'unprovable', 'unprovable'),
  ]
}

const finding = (
  check: string,
  result: TestFinding['result'],
  reason: string,
  facts: TestFinding['facts'] = {},
): TestFinding => ({ check, result, reason, facts })

async function fromList({ channels }: Row, { connector, call }: OpenAccount, now: Instant): Promise<TestFinding[]> {
  const { feed } = connector.operations
  if (!feed) return []
  const week = { cursor: null, from: plus(now, -7 * 24 * 60 * MINUTE_MS), until: now }
  const { outcome } = await ask(connector, feed, week, call)
  return fromFeed(
    outcome,
    connector.storeKeyOf(call.credentials),
    channels.map((channel) => channel.key),
  )
}

/** Why a program could not be started, as its transport says it. */
const startless: Readonly<Record<string, string>> = {
  'program: not found': 'not_found',
  'program: not executable': 'not_executable',
}

export async function fromProgram({ connector, call }: OpenAccount): Promise<readonly TestFinding[]> {
  const { selfTest } = connector.operations
  if (!selfTest) return []
  if (call.program === null) return [finding('program', 'failed', 'not_set')]
  const { outcome } = await ask(connector, selfTest, call.credentials, call)
  if (outcome.kind === 'done') return outcome.value
  const cause = 'cause' in outcome ? outcome.cause : ''
  if (outcome.kind === 'not_sent') return [finding('program', 'failed', startless[cause] ?? 'not_runnable', { cause })]
  return [finding('program', 'unprovable', 'unreadable', { cause })]
}

/** Reads the newest payment that the account is known to have: who may read it holds the right key. Moves nothing. */
async function fromRecord({ id, connector, call }: OpenAccount): Promise<TestFinding[]> {
  const { inquire } = connector.operations
  if (!inquire || (connector.mode === 'module' && call.program === null)) return []
  const known = await db.reference.findFirst({
    where: { kind: connector.addressedBy, payment: { channel: { accountId: id } } },
    orderBy: { payment: { approvedAt: 'desc' } },
    include: { payment: { include: { references: { where: { kind: 'ORDER_NUMBER' } } } } },
  })
  if (!known) return [finding('inquiry', 'unprovable', 'no_payment')]
  const { payment, value } = known
  const asked = { paymentId: value, method: payment.method, orderNumber: payment.references[0]?.value ?? null }
  const { outcome } = await ask(connector, inquire, asked, call)
  switch (outcome.kind) {
    case 'done':
      return [finding('inquiry', 'proven', 'ok')]
    case 'declined':
      return [
        outcome.reason === 'credentials'
          ? finding('inquiry', 'failed', 'wrong_key', { code: outcome.code })
          : finding('inquiry', 'unprovable', 'refused', { code: outcome.code }),
      ]
    case 'not_sent':
      return [finding('inquiry', 'unprovable', 'unreachable', { cause: outcome.cause })]
    case 'pending':
    case 'unknown':
      return [finding('inquiry', 'unprovable', 'unreadable', { cause: 'cause' in outcome ? outcome.cause : '' })]
  }
}

/** How it is asked is an assumption until it was answered once. */
async function fromAccountChecks({ id }: Row): Promise<TestFinding> {
  const answered = await db.accountCheck.findFirst({
    where: { accountId: id, by: 'gateway', result: { in: ['MATCHED', 'DIFFERENT'] }, reference: { not: null } },
    orderBy: { checkedAt: 'desc' },
  })
  return answered
    ? finding('accountCheck', 'proven', 'answered', { answeredAt: fromDate(answered.checkedAt) })
    : finding('accountCheck', 'unprovable', 'assumed')
}

async function fromNotices({ id }: Row, check: 'webhook' | 'notice'): Promise<TestFinding> {
  const notices = await db.notice.count({ where: { accountId: id } })
  return notices > 0 ? finding(check, 'proven', 'received') : finding(check, 'unprovable', 'unprovable_until_received')
}

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
