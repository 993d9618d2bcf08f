import 'server-only'
import { toDate } from '#lib/domain/kst.ts'
import { hideCardNumbers } from '#lib/domain/mask.ts'
import type { Facts } from '#lib/domain/problem.ts'
import type { Context } from './context.ts'
import { toJson, type Transaction } from './db.ts'

export type AuditAction =
  | 'session.sign_in'
  | 'session.unlock'
  | 'setup.first_owner'
  | 'payment.view'
  | 'payment.list'
  | 'payment.look_up'
  | 'payment.refresh'
  | 'payment.recorded'
  | 'payment.outside_cancel'
  | 'cancellation.preview'
  | 'cancellation.request'
  | 'cancellation.withdraw'
  | 'cancellation.sending'
  | 'cancellation.outcome'
  | 'cancellation.asked'
  | 'store.create'
  | 'account.create'
  | 'account.update'
  | 'account.test'
  | 'account.view'
  | 'channel.create'
  | 'channel.update'
  | 'notice.received'
  | 'notice.rejected'
  | 'audit.view'
  | 'bulletin.view'
  | 'cancellation.approve'
  | 'cancellation.reject'
  | 'cancellation.resolve'
  | 'sending.stop'
  | 'sending.resume'
  | 'store.update'
  | 'store.view'
  | 'account_check.create'
  | 'account_check.confirm'
  | 'evidence.upload'
  | 'evidence.view'
  | 'personal.reveal'
  | 'task.resolve'
  | 'task.view'
  | 'payment.note'
  | 'refund.by_hand'
  | 'shipment.register'
  | 'shipment.outcome'
  | 'shipment.view'
  | 'shipment.mark_escrow'
  | 'shipment.hold'
  | 'shipment.end'
  | 'cash_receipt.cancel'
  | 'cash_receipt.issue'
  | 'cash_receipt.outcome'
  | 'cash_receipt.view'
  | 'receipt.share'
  | 'receipt.view'
  | 'export.create'
  | 'export.download'
  | 'session.step_up'
  | 'session.end'
  | 'session.second_factor'
  | 'session.view'
  | 'session.password'
  | 'member.invite'
  | 'member.revoke'
  | 'member.accept'
  | 'member.update'
  | 'member.disable'
  | 'member.unlock'
  | 'member.reset'
  | 'member.view'
  | 'today.view'
  | 'account.notice_address'
  | 'deposit.told'
  | 'deposit.reversal_told'
  | 'deposit.counted'
  | 'deposit.reversed'
  | 'deposit.confirm'
  | 'deposit.refuse'
  | 'notice.refunded'
  | 'notice.escrow'
  | 'notice.closed'
  | 'notice.other'
  | 'token.create'
  | 'token.revoke'
  | 'payment.told'
  | 'payment.import'
  | 'comparison.run'
  | 'comparison.view'
  | 'comparison.assign'
  | 'comparison.explain'
  | 'comparison.close'
  | 'comparison.record'

export type AuditRow = {
  readonly action: AuditAction
  readonly outcome: 'done' | 'denied' | 'failed'
  readonly storeId?: string
  readonly subject?: { readonly type: string; readonly id: string }
  /** No secret, no personal data: the caller's duty. Card numbers are hidden in any case. */
  readonly facts?: Facts | { readonly [key: string]: unknown }
}

/** Written in the transaction it records: if the row cannot be written, the change does not happen. */
export async function audit(tx: Transaction, context: Context, row: AuditRow): Promise<void> {
  const { actor } = context
  await tx.auditEntry.create({
    data: {
      at: toDate(context.now()),
      actor: actor.kind === 'person' ? 'person' : actor.name,
      actorId: actor.kind === 'person' ? actor.id : null,
      storeId: row.storeId ?? null,
      action: row.action,
      outcome: row.outcome,
      subject: row.subject?.type ?? null,
      subjectId: row.subject?.id ?? null,
      facts: withoutCards(row.facts ?? {}),
      requestId: context.requestId,
    },
  })
}

const withoutCards = (facts: object) =>
  toJson(facts, (_, value) => (typeof value === 'string' ? hideCardNumbers(value) : value))
