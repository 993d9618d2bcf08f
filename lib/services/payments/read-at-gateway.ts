import 'server-only'
import type { GatewayPayment, GatewaySums } from '#lib/domain/payment.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { ask } from '#lib/gateways/exchange.ts'
import type { Context } from '#lib/server/context.ts'
import { db, transaction } from '#lib/server/db.ts'
import type { OpenAccount } from '../accounts/open-account.ts'
import type { Settled } from '../cancellations/settle-from-sums.ts'
import { recordPayment } from './record-payment.ts'
import { recordSums } from './record-sums.ts'

export type Reading =
  | { readonly kind: 'recorded'; readonly paymentId: string; readonly record: GatewayPayment }
  /** By a gateway that keeps no list of cancels. */
  | {
      readonly kind: 'summed'
      readonly paymentId: string
      readonly sums: GatewaySums
      readonly settled: Settled
    }
  | { readonly kind: 'unfinished'; readonly status: string }
  /** The gateway's answer, of a kind we do not know: asking again changes nothing. */
  | { readonly kind: 'unreadable'; readonly status: string }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'not_ours'; readonly problem: DomainError }
  /** No answer, or one that was not understood: proves nothing. */
  | { readonly kind: 'no_answer'; readonly cause: string }

/** Asks a gateway for one payment and takes over what it says. An error here changes nothing. */
export async function readAtGateway(
  context: Context,
  account: OpenAccount,
  gatewayPaymentId: string,
): Promise<Reading> {
  const { inquire } = account.connector.operations
  if (!inquire) return { kind: 'no_answer', cause: 'this gateway cannot be asked' }
  // In an address these two mean another place, however they are encoded.
  if (gatewayPaymentId === '.' || gatewayPaymentId === '..') return { kind: 'not_found' }
  const readAt = context.now()
  const input = { paymentId: gatewayPaymentId, ...(await knownOf(account, gatewayPaymentId)) }
  const { outcome } = await ask(account.connector, inquire, input, account.call)
  if (outcome.kind === 'declined')
    return outcome.reason === 'not_found' ? { kind: 'not_found' } : { kind: 'refused', code: outcome.code }
  if (outcome.kind !== 'done') return { kind: 'no_answer', cause: 'cause' in outcome ? outcome.cause : outcome.kind }
  const inquiry = outcome.value
  if (inquiry.kind === 'unfinished' || inquiry.kind === 'unreadable') return inquiry
  try {
    if (inquiry.kind === 'sums') {
      const { sums } = inquiry
      return await transaction(async (tx) => ({
        kind: 'summed' as const,
        sums,
        ...(await recordSums(tx, context, account, sums, readAt)),
      }))
    }
    const paymentId = await transaction((tx) => recordPayment(tx, context, account, inquiry.payment, readAt))
    return { kind: 'recorded', paymentId, record: inquiry.payment }
  } catch (error) {
    if (error instanceof DomainError) return { kind: 'not_ours', problem: error }
    throw error
  }
}

/** What some gateways want to be told of what they are asked for. */
async function knownOf({ id, connector }: OpenAccount, value: string) {
  const known = await db.reference.findFirst({
    where: { kind: connector.addressedBy, value, payment: { channel: { accountId: id } } },
    include: { payment: { include: { references: { where: { kind: 'ORDER_NUMBER' } } } } },
  })
  return { method: known?.payment.method ?? null, orderNumber: known?.payment.references[0]?.value ?? null }
}
