import { DAY_MS, plus, type Instant } from '#lib/domain/kst.ts'
import type { Minor } from '#lib/domain/money.ts'
import type { Method } from '#lib/domain/payment.ts'
import type { Facts } from '#lib/domain/problem.ts'

/** The one thing that ends a task: a note, or the part of the payment's page where it is done. `wait`: nothing to do. */
export type TaskStep = 'note' | 'cash_receipt' | 'shipment' | 'deposit' | 'wait'
type Rule = {
  /** The rule it follows from; SUM-... are ours. */
  readonly rule: string
  /** How long after it was found it is due. Ours: no gateway sets a time for these. 0: at once. */
  readonly dueAfterMs: number
  /** A person ends it with a note, or the console sees by itself that it is done. */
  readonly ends: 'person' | 'itself'
  readonly step: TaskStep
}

/** Every kind of task there is. Where money may have moved without anyone here knowing, it is due at once. */
const rules = {
  outside_cancel: { rule: 'CANCEL-AGAIN', dueAfterMs: 0, ends: 'person', step: 'note' },
  over_refund_possible: { rule: 'SUM-LEFT', dueAfterMs: 0, ends: 'person', step: 'note' },
  declined_but_done: { rule: 'CANCEL-AGAIN', dueAfterMs: 0, ends: 'person', step: 'note' },
  amount_differs: { rule: 'VA-AMOUNT', dueAfterMs: 0, ends: 'person', step: 'note' },
  deposit_after_close: { rule: 'CANCEL-VA-UNPAID', dueAfterMs: 0, ends: 'person', step: 'note' },
  test_store_payment: { rule: 'CANCEL-TEST-STORE', dueAfterMs: 0, ends: 'person', step: 'note' },
  cash_receipt_alive: { rule: 'CASH-SURVIVES', dueAfterMs: DAY_MS, ends: 'itself', step: 'cash_receipt' },
  cash_receipt_reissue: { rule: 'CASH-REISSUE', dueAfterMs: DAY_MS, ends: 'itself', step: 'cash_receipt' },
  shipment_due: { rule: 'ESCROW-DELAY', dueAfterMs: DAY_MS, ends: 'itself', step: 'shipment' },
  shipment_not_editable: { rule: 'ESCROW-DELAY', dueAfterMs: DAY_MS, ends: 'itself', step: 'shipment' },
  deposit_unverified: { rule: 'SUM-SOURCE', dueAfterMs: 0, ends: 'itself', step: 'deposit' },
  deposit_reversed: { rule: 'VA-REVERSAL', dueAfterMs: 0, ends: 'person', step: 'note' },
  shipment_unknown: { rule: 'SHIPMENT-UNKNOWN', dueAfterMs: 0, ends: 'itself', step: 'shipment' },
  escrow_not_escrow: { rule: 'ESCROW-KIND', dueAfterMs: 0, ends: 'person', step: 'note' },
} as const satisfies Record<string, Rule>

export type TaskKind = keyof typeof rules
export const isTaskKind = (text: string): text is TaskKind => Object.hasOwn(rules, text)
export const taskKinds: readonly TaskKind[] = Object.keys(rules).filter(isTaskKind)
export const taskRule = (kind: TaskKind): Rule => rules[kind]
export const taskDueAt = (kind: TaskKind, foundAt: Instant): Instant => plus(foundAt, rules[kind].dueAfterMs)

/**
 * Whether a person may end it with a note. What ends by itself may be ended so only where the console cannot see its end:
 * it does not know whether there is a receipt (`check`), or the gateway refused to do it here (`refused`).
 */
export const isTicked = (kind: TaskKind, facts: Facts): boolean =>
  rules[kind].ends === 'person' || facts['check'] === true || typeof facts['refused'] === 'string'

export const taskStep = (kind: TaskKind, facts: Facts): TaskStep => (isTicked(kind, facts) ? 'note' : rules[kind].step)

export type ReceiptState = {
  readonly status: 'ISSUED' | 'CANCELLED'
  /** Null where the gateway does not say. */
  readonly amount: Minor | null
}
/** What of a payment calls for somebody. */
export type TaskFacts = {
  readonly method: Method
  readonly testStore: boolean
  readonly paidAt: Instant | null
  readonly closedAt: Instant | null
  readonly received: Minor
  readonly receivedTaxFree: Minor
  readonly refunded: Minor
  readonly cashReceipt: ReceiptState | null
}
export type Wanted = { readonly kind: TaskKind; readonly key: string; readonly facts: Facts }
/** `opens`: somebody must do it. `over`: the kinds of which nothing is left to do, so that an open one has ended by itself. */
export type TasksOf = { readonly opens: readonly Wanted[]; readonly over: readonly TaskKind[] }

/** What follows for the tasks from how a payment stands now. The same facts give the same tasks, so asking twice opens none twice. */
export function tasksOf(facts: TaskFacts): TasksOf {
  const receipt = receiptTask(facts)
  const opens = [
    ...(facts.testStore && facts.received > 0
      ? [wanted('test_store_payment', 'seen', { amount: facts.received })]
      : []),
    ...(facts.closedAt !== null && facts.paidAt !== null
      ? [wanted('deposit_after_close', 'deposit', { amount: facts.received })]
      : []),
    ...(receipt && receipt !== 'stays' ? [receipt] : []),
  ]
  const over = receiptKinds.filter((kind) => receipt === null || (receipt !== 'stays' && receipt.kind !== kind))
  return { opens, over }
}

const receiptKinds = ['cash_receipt_alive', 'cash_receipt_reissue'] as const
const wanted = (kind: TaskKind, key: string, facts: Facts): Wanted => ({ kind, key, facts })

/**
 * Rules CASH-SURVIVES and CASH-REISSUE. A part refunded without a tax-free part: the source says only that the receipt
 * survives, not that it must be issued anew, so a person checks. `stays`: the first of the two steps is done.
 */
function receiptTask(facts: TaskFacts): Wanted | 'stays' | null {
  const { method, refunded, received, receivedTaxFree, cashReceipt } = facts
  if (refunded <= 0 || (method !== 'VIRTUAL_ACCOUNT' && method !== 'TRANSFER')) return null
  const rest = received - refunded
  const key = String(refunded)
  if (cashReceipt === null)
    return method === 'TRANSFER' ? wanted('cash_receipt_alive', key, { check: true, known: false }) : null
  const mixed = receivedTaxFree > 0 && receivedTaxFree < received
  if (cashReceipt.status === 'CANCELLED') return rest > 0 && mixed && method === 'VIRTUAL_ACCOUNT' ? 'stays' : null
  if (rest > 0 && cashReceipt.amount === rest) return null
  if (rest <= 0) return wanted('cash_receipt_alive', key, { check: false, known: true, refunded })
  return mixed && method === 'VIRTUAL_ACCOUNT'
    ? wanted('cash_receipt_reissue', key, { left: rest })
    : wanted('cash_receipt_alive', key, { check: true, known: true, refunded, left: rest })
}
