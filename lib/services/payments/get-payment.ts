import 'server-only'
import { z } from 'zod'
import { fromDate, instant, type Instant } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { GatewayRecordView, OutsideRefundView, PaymentView, TimelineEntry } from '#lib/domain/views.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
import { whoMay } from '#lib/policy/permissions.ts'
import { authorize, permitted, type Context } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import type { AuditEntry, Refund } from '#prisma/client/client.ts'
import { refundAccountNeed } from '../account-checks/refund-account-need.ts'
import { peopleIn, viewOf, withAttempts } from '../cancellations/cancellation-view.ts'
import { judge, type PaymentWithChannel } from '../cancellations/judge-cancellation.ts'
import { laterView } from '../cancellations/later.ts'
import { countPartials } from '../cancellations/sequence.ts'
import { verdictView } from '../cancellations/verdict-view.ts'
import { cashReceiptsOf, receiptOrdersOf } from '../cash-receipts/cash-receipt-view.ts'
import { depositsOf } from '../deposits/deposits-view.ts'
import { namesOf } from '../people/names.ts'
import { plainFacts } from '../plain-facts.ts'
import { receiptLinksOf } from '../receipts/receipt-link.ts'
import { shippingOf } from '../shipments/shipping-view.ts'
import { taskViewOf } from '../tasks/task-view.ts'
import { balanceOf, leftTaxFree } from './balance.ts'
import { itemOf } from './payment-item.ts'
import { staffPart } from './staff-part.ts'

const TIMELINE_MAX = 100
const include = {
  store: true,
  channel: { include: { account: true } },
  references: true,
  cancellations: { include: withAttempts, orderBy: { requestedAt: 'asc' } },
  refunds: { where: { cancellationId: null }, orderBy: { refundedAt: 'asc' } },
  tasks: { where: { resolvedAt: null }, orderBy: { dueAt: 'asc' } },
} as const

/** Everything the payment's page shows. Fails with: payment.not_found, permission.missing. */
export async function getPayment(context: Context, id: string): Promise<PaymentView> {
  const missing = new DomainError('payment.not_found')
  if (!z.uuid().safeParse(id).success) throw missing
  const receiptOrders = await receiptOrdersOf(id)
  const row = await db.payment.findUnique({ where: { id }, include })
  if (!row) throw missing
  authorize(context, 'payment.view', row.storeId, missing)
  const entries = await db.auditEntry.findMany({
    where: { subjectId: id, subject: 'payment' },
    orderBy: { id: 'desc' },
    take: TIMELINE_MAX,
  })
  const names = await namesOf([
    ...row.cancellations.flatMap(peopleIn),
    ...entries.flatMap((entry) => entry.actorId ?? []),
  ])
  const asOf = context.now()
  const asked = { kind: 'CANCEL', amount: null, taxFree: null } as const
  const { facts, judgement } = await judge(db, row, asked, asOf, null)
  const balance = balanceOf(row)
  const { method } = row
  const { gateway } = row.channel.account
  const { oneAfterDay } = row.store
  const personId = context.actor.kind === 'person' ? context.actor.id : null
  const connector = connectorOf(row.channel.account)
  return {
    ...itemOf(row),
    taxFree: minor(row.taxFree),
    receivedTaxFree: balance.receivedTaxFree,
    refundedTaxFree: balance.refundedTaxFree,
    openTaxFree: balance.openTaxFree,
    leftTaxFree: leftTaxFree(balance),
    discount: minor(row.discount),
    gateway,
    mid: row.mid,
    paidAt: optionalInstant(row.paidAt),
    closedAt: optionalInstant(row.closedAt),
    partialLimit: row.partialLimit,
    partialsUsed: await countPartials(db, id, null),
    references: row.references.map(({ kind, value }) => ({ kind, value })),
    receiptUrl: safeUrl(row.receiptUrl),
    escrow: status.nullable().parse(row.escrow),
    shipping: await shippingOf(context, row),
    cashReceipt: status.nullable().parse(row.cashReceipt),
    deposits: await depositsOf(context, row),
    cancellations: row.cancellations.map((one) => viewOf(one, { names, method, connector, oneAfterDay, personId })),
    outsideRefunds: row.refunds.map(outsideOf),
    staff: await staffPart(context, row),
    gatewayRecord: recordOf(row.gatewayRecord, row.gatewayReadAt),
    tasks: row.tasks.map((task) => taskViewOf(task, asOf)),
    cashReceipts: await cashReceiptsOf(context, row, receiptOrders),
    receiptLinks: await receiptLinksOf(context, row),
    timeline: entries.map((entry) => timelineOf(entry, names)),
    verdicts: judgement.verdicts.map(verdictView),
    denial: judgement.denial && verdictView(judgement.denial),
    desk: connector.desk,
    canAsk: connector.operations.inquire !== undefined,
    may: {
      cancel: permitted(context.actor, 'cancellation.request', row.storeId),
      refresh: permitted(context.actor, 'payment.refresh', row.storeId),
      approve: permitted(context.actor, 'cancellation.approve', row.storeId),
      resolve: permitted(context.actor, 'cancellation.resolve', row.storeId),
      tasks: permitted(context.actor, 'task.resolve', row.storeId),
      confirmAccount: permitted(context.actor, 'account_check.confirm', row.storeId),
    },
    refundAccount: await refundAccountNeed(context, row, facts),
    close: await closeView(row, asOf),
    later: await laterView(row, asked, judgement),
    whoMayCancel: whoMay('cancellation.request').join(', '),
    whoMayRefresh: whoMay('payment.refresh').join(', '),
    asOf,
  }
}

/** An account nobody paid into can be closed instead of refunded. */
async function closeView(row: PaymentWithChannel, now: Instant): Promise<PaymentView['close']> {
  if (row.method !== 'VIRTUAL_ACCOUNT' || row.status !== 'ISSUED') return null
  const asked = { kind: 'CLOSE', amount: minor(0), taxFree: minor(0) } as const
  const { judgement } = await judge(db, row, asked, now, null)
  return { denial: judgement.denial && verdictView(judgement.denial) }
}

const status = z.object({ status: z.string() })
const optionalInstant = (date: Date | null): Instant | null => (date === null ? null : fromDate(date))

/** A link is shown only where it is one; the gateway's text is not trusted to be. */
const safeUrl = (text: string | null): string | null =>
  text !== null && /^https?:\/\/[^\s"'<>]+$/.test(text) ? text : null

function outsideOf(refund: Refund): OutsideRefundView {
  const { id, sequence, approvalNumber, trigger, reason } = refund
  return {
    id,
    amount: minor(refund.amount),
    taxFree: minor(refund.taxFree),
    sequence,
    refundedAt: fromDate(refund.refundedAt),
    approvalNumber,
    trigger,
    reason,
  }
}

const amount = z.int().transform(minor)
const storedRecord = z.object({
  status: z.string(),
  total: amount,
  taxFree: amount.nullable(),
  paid: amount,
  cancelled: amount.nullable(),
  cancelledTaxFree: amount.nullable(),
  cancellations: z
    .array(
      z.object({
        id: z.string(),
        status: z.string(),
        amount,
        taxFree: amount,
        requestedAt: z.int().transform(instant),
        approvalNumber: z.string().nullable(),
        trigger: z.string().nullable(),
      }),
    )
    .nullable(),
})

const recordOf = (stored: unknown, readAt: Date | null): GatewayRecordView | null =>
  stored === null || readAt === null ? null : { ...storedRecord.parse(stored), readAt: fromDate(readAt) }

function timelineOf(entry: AuditEntry, names: ReadonlyMap<string, string>): TimelineEntry {
  const outcome = z.enum(['done', 'denied', 'failed']).parse(entry.outcome)
  const who = entry.actorId === null ? entry.actor : (names.get(entry.actorId) ?? entry.actor)
  return {
    id: String(entry.id),
    at: fromDate(entry.at),
    who,
    action: entry.action,
    outcome,
    facts: plainFacts(entry.facts),
  }
}
