import 'server-only'
import { z } from 'zod'
import { DomainError } from '#lib/domain/problem.ts'
import { typedText } from '#lib/services/typed-text.ts'
import { ask } from '#lib/gateways/exchange.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, transaction } from '#lib/server/db.ts'
import { openAccount, type OpenAccount } from '../accounts/open-account.ts'
import { addressOf } from './address-of.ts'
import { readAtGateway, type Reading } from './read-at-gateway.ts'

export const LookUpPayment = z.object({
  channelId: z.uuid(),
  q: typedText(200).min(1),
})
export const RefreshPayment = z.object({ paymentId: z.uuid() })

/**
 * Asks a channel's gateway for a payment that is not here, by payment id, trno or approval number.
 * Fails with: channel.not_found, permission.missing, payment.not_found and what `tell` maps.
 */
export async function lookUpPayment(
  context: Context,
  input: z.infer<typeof LookUpPayment>,
): Promise<{ paymentId: string }> {
  const missing = new DomainError('channel.not_found')
  const channel = await db.channel.findUnique({ where: { id: input.channelId }, include: { account: true } })
  if (!channel) throw missing
  authorize(context, 'payment.look_up', channel.account.storeId, missing)
  await transaction((tx) =>
    audit(tx, context, {
      action: 'payment.look_up',
      outcome: 'done',
      storeId: channel.account.storeId,
      subject: { type: 'channel', id: channel.id },
      facts: traceOf(input.q),
    }),
  )
  const account = openAccount(channel.account)
  const direct = await readAtGateway(context, account, input.q)
  return { paymentId: tell(direct.kind === 'not_found' ? await readByNumber(context, account, input.q) : direct) }
}

/** People also type names and telephone numbers: only what has the form of a payment's number stays on record. */
const traceOf = (q: string) => (/^[\w./-]{6,64}$/.test(q) && !/^01\d{8,9}$/.test(q) ? { q } : { letters: q.length })

/** Reads a known payment again. Fails with: payment.not_found, permission.missing and what `tell` maps. */
export async function refreshPayment(
  context: Context,
  input: z.infer<typeof RefreshPayment>,
): Promise<{ paymentId: string }> {
  const missing = new DomainError('payment.not_found')
  const payment = await db.payment.findUnique({
    where: { id: input.paymentId },
    include: { channel: { include: { account: true } } },
  })
  if (!payment) throw missing
  authorize(context, 'payment.refresh', payment.storeId, missing)
  await transaction((tx) =>
    audit(tx, context, {
      action: 'payment.refresh',
      outcome: 'done',
      storeId: payment.storeId,
      subject: { type: 'payment', id: payment.id },
    }),
  )
  const address = await addressOf(db, payment)
  if (address === null) throw missing
  return { paymentId: tell(await readAtGateway(context, openAccount(payment.channel.account), address)) }
}

async function readByNumber(context: Context, account: OpenAccount, q: string): Promise<Reading> {
  const { find } = account.connector.operations
  const by = /^\d{8}$/.test(q) ? 'approval_number' : /^[0-9A-Z]{12}$|^\d{14}$/.test(q) ? 'pg_tx_id' : null
  if (!find || by === null) return { kind: 'not_found' }
  const { outcome } = await ask(account.connector, find, { by, value: q, now: context.now() }, account.call)
  if (outcome.kind === 'declined') return { kind: 'refused', code: outcome.code }
  if (outcome.kind !== 'done') return { kind: 'no_answer', cause: 'cause' in outcome ? outcome.cause : outcome.kind }
  const [only, ...others] = outcome.value
  return only === undefined || others.length > 0 ? { kind: 'not_found' } : readAtGateway(context, account, only)
}

/** A reading in words a person can act on. */
function tell(reading: Reading): string {
  switch (reading.kind) {
    case 'recorded':
    case 'summed':
      return reading.paymentId
    case 'not_found':
      throw new DomainError('payment.not_found')
    case 'unreadable':
      throw new DomainError('gateway.unreadable', { status: reading.status })
    case 'unfinished':
      throw new DomainError('payment.not_recordable', { status: reading.status })
    case 'not_ours':
      throw reading.problem
    case 'refused':
      throw new DomainError('gateway.refused', { code: reading.code })
    case 'no_answer':
      throw new DomainError('gateway.unreachable', { cause: reading.cause })
  }
}
