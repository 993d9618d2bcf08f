import 'server-only'
import { z } from 'zod'
import type { CancellationKind } from '#lib/domain/cancellation.ts'
import { fromDate, type Instant } from '#lib/domain/kst.ts'
import { minor, type Minor } from '#lib/domain/money.ts'
import { proofState, type ProofState } from '#lib/policy/account-proof.ts'
import type { CancelFacts } from '#lib/policy/cancel-facts.ts'
import { judgeCancellation, type Judgement } from '#lib/policy/cancel-rules.ts'
import type { db, Transaction } from '#lib/server/db.ts'
import type { Cancellation, Channel, GatewayAccount, Payment, Store } from '#prisma/client/client.ts'
import { proofOf } from '../account-checks/check-view.ts'
import { readiness } from '../accounts/readiness.ts'
import { accountHash, openSealedAccount } from '../account-checks/refund-account.ts'
import { balanceOf } from '../payments/balance.ts'
import { byHandOf } from '../payments/record-hand-refund.ts'
import { countPartials } from './sequence.ts'

export type PaymentWithChannel = Payment & {
  readonly store: Store
  readonly channel: Channel & { readonly account: GatewayAccount }
}
export type Asked = {
  readonly kind: CancellationKind
  readonly amount: Minor | null
  readonly taxFree: Minor | null
  /** Of the account on the sheet; that of an intent is read from the intent. */
  readonly refundAccount?: ProofState
}

/** What an intent asks, for judging it again. */
export const askedBy = (cancellation: Cancellation): Asked => ({
  kind: cancellation.kind,
  amount: minor(cancellation.amount),
  taxFree: minor(cancellation.taxFree),
})

export const withChannel = { store: true, channel: { include: { account: true } } } as const

const contract = z.object({ vaRefund: z.boolean().optional() })
const escrow = z.object({ status: z.string() })

/** Gathers what the rules may look at, as the rows stand in this transaction, and asks them. `own` is the intent being judged again. */
export async function judge(
  tx: Transaction | typeof db,
  payment: PaymentWithChannel,
  asked: Asked,
  now: Instant,
  own: Cancellation | null,
): Promise<{ facts: CancelFacts; judgement: Judgement }> {
  const balance = balanceOf(payment)
  const { gateway, mode } = payment.channel.account
  const facts: CancelFacts = {
    now,
    gateway,
    pg: payment.pg === 'KSNET' || payment.pg === 'KCP' ? payment.pg : 'OTHER',
    mode,
    method: payment.method,
    testStore: payment.testStore,
    unverified: payment.source === 'notice' && payment.confirmedAt === null,
    status: payment.status,
    paidAt: payment.paidAt === null ? null : fromDate(payment.paidAt),
    received: balance.received,
    receivedTaxFree: balance.receivedTaxFree,
    refunded: balance.refunded,
    refundedTaxFree: balance.refundedTaxFree,
    byHand: await byHandOf(tx, payment.id),
    open: minor(balance.open - Number(own?.amount ?? 0)),
    openTaxFree: minor(balance.openTaxFree - Number(own?.taxFree ?? 0)),
    openCount: payment.openCount - (own ? 1 : 0),
    partials: await countPartials(tx, payment.id, own?.id ?? null),
    discount: minor(payment.discount),
    contract: { vaRefund: contract.parse(payment.channel.contract).vaRefund ?? null },
    escrow: escrowStage(payment.escrow),
    ...readiness(payment.channel.account),
    refundAccount: own ? await proofOfIntent(tx, own, now) : 'none',
    ...asked,
  }
  return { facts, judgement: judgeCancellation(facts) }
}

/** The account sealed in the intent must still be the one that was checked. */
async function proofOfIntent(tx: Transaction | typeof db, own: Cancellation, now: Instant): Promise<ProofState> {
  if (own.refundAccount === null) return 'none'
  const account = openSealedAccount(own.refundAccount, ['Cancellation', own.id, 'refundAccount'])
  const check = await tx.accountCheck.findUnique({ where: { cancellationId: own.id } })
  return proofState(check && proofOf(check), accountHash(own.paymentId, account), now, own.id)
}

export function escrowStage(stored: unknown): CancelFacts['escrow'] {
  if (stored === null) return null
  const { status } = escrow.parse(stored)
  if (status === 'BEFORE_REGISTERED') return 'before_shipment'
  return status === 'CONFIRMED' ? 'confirmed' : 'shipped'
}
