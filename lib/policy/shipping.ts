/** Escrow deliveries: where a payment stands, and what may be told to the gateway now. */
import { DAY_MS, kstDate, MINUTE_MS, addDays, plus, type Instant } from '#lib/domain/kst.ts'
import type { PaymentStatus } from '#lib/domain/payment.ts'
import type {
  ShipmentKind,
  ShippingDenial,
  ShippingStage,
  ShippingVerdict,
  ShippingWarning,
} from '#lib/domain/shipping.ts'

/**
 * What each limit rests on. The document says that delivery data is visible and can be changed 30 to 60 minutes after the
 * payment: read as "register at any time, change not before 30 minutes, sure only after 60".
 */
export const shippingBasis = {
  'ESCROW-DELAY': { document: 'PortOne, KSNET', basis: 'reading' },
  'ESCROW-EMAIL': { document: 'PortOne, KSNET', basis: 'document' },
  'ESCROW-KIND': { document: 'PortOne, KSNET', basis: 'document' },
  /** KCP: STE3 after shipping, until the purchase is confirmed. One sample says any time before; read as the narrower. */
  'ESCROW-HOLD': { document: 'NHN KCP', basis: 'reading' },
  'SHIPMENT-DUE': { document: null, basis: 'ours' },
} as const

const CHANGE_FROM_MS = 30 * MINUTE_MS
const CHANGE_SURE_FROM_MS = 60 * MINUTE_MS
/** Until then "too early" may still be true, and is tried again. */
const EARLY_UNTIL_MS = 90 * MINUTE_MS
const EARLY_PAUSE_MS = 5 * MINUTE_MS
/** Ours: no document says by when a seller must register. */
const DUE_MS = 3 * DAY_MS
const DUE_SOON_MS = DAY_MS

/** The gateway's words for a delivery. A paid one that is not registered is due. */
export const stageOfStatus: Readonly<Record<string, ShippingStage>> = {
  BEFORE_REGISTERED: 'shipment_due',
  REGISTERED: 'registered',
  DELIVERED: 'delivered',
  CONFIRMED: 'confirmed',
  REJECTED: 'refused',
  REJECT_CONFIRMED: 'refused',
  CANCELLED: 'cancelled',
}

/** A buyer who asked to cancel may still confirm; what was confirmed may still be cancelled. */
const steps = ['BEFORE_REGISTERED', 'REGISTERED', 'DELIVERED', 'REJECTED', 'REJECT_CONFIRMED', 'CONFIRMED', 'CANCELLED']

/** Whether a step lies behind another, for news that may come in any order. What is not known is neither. */
export const isLaterEscrow = (from: string, to: string): boolean =>
  steps.includes(from) && steps.indexOf(to) > steps.indexOf(from)

/** Once all the money has gone back, or none can come, that is what counts, whatever was delivered. */
export function stageOf(status: PaymentStatus, escrowStatus: string): ShippingStage {
  if (status === 'REFUNDED' || status === 'CLOSED') return 'cancelled'
  if (status === 'ISSUED') return 'unpaid'
  return (Object.hasOwn(stageOfStatus, escrowStatus) ? stageOfStatus[escrowStatus] : undefined) ?? 'unrecognised'
}

export type ShippingFacts = {
  readonly now: Instant
  readonly status: PaymentStatus
  /** Null where it is not known: a warning then, never a denial. */
  readonly paidAt: Instant | null
  /** The record's escrow status; null where the payment is no escrow payment. */
  readonly escrow: string | null
  /** Whether the gateway takes this kind of order at all. */
  readonly supported: boolean
  /** Whether it takes deliveries, if not this kind of order. */
  readonly registers: boolean
  /** Its settlement is held back already. */
  readonly held: boolean
  /** An earlier order is still open. */
  readonly open: boolean
  readonly email: boolean
}

const never = (reason: ShippingDenial): ShippingVerdict => ({ kind: 'never', reason })

export function judgeShipment(kind: ShipmentKind, facts: ShippingFacts): ShippingVerdict {
  if (facts.escrow === null) return never('not_escrow')
  if (!facts.supported) return never(kind === 'change' && facts.registers ? 'no_change' : 'unsupported')
  const denial = denialAt(kind, stageOf(facts.status, facts.escrow))
  if (denial) return never(denial)
  if (facts.open) return never('open')
  if (kind === 'hold') return facts.held ? never('held') : { kind: 'now', warnings: [] }
  return kind === 'register' ? { kind: 'now', warnings: usual(facts) } : judgeTime(facts)
}

function denialAt(kind: ShipmentKind, stage: ShippingStage): ShippingDenial | null {
  switch (stage) {
    case 'shipment_due':
      return kind === 'register' ? null : kind === 'hold' ? 'not_shipped' : 'not_registered'
    case 'registered':
    case 'delivered':
      return kind === 'register' ? 'registered' : null
    // A buyer who wants to cancel is what a settlement is held back for.
    case 'refused':
      return kind === 'hold' ? null : 'ended'
    case 'confirmed':
      return 'ended'
    case 'unpaid':
    case 'cancelled':
    case 'unrecognised':
      return stage
  }
}

/** ESCROW-EMAIL: without the buyer's e-mail the gateway cannot ask for the confirmation. */
const usual = ({ email }: ShippingFacts): readonly ShippingWarning[] => (email ? [] : ['no_email'])

/** ESCROW-DELAY, and a delivery that has arrived: no document forbids to change it, so the gateway decides. */
function judgeTime(facts: ShippingFacts): ShippingVerdict {
  const { now, paidAt, escrow } = facts
  const warnings: ShippingWarning[] = [...usual(facts), ...(escrow === 'DELIVERED' ? (['delivered'] as const) : [])]
  if (paidAt === null) return { kind: 'now', warnings: [...warnings, 'unknown_date'] }
  const from = plus(paidAt, CHANGE_FROM_MS)
  if (now < from) return { kind: 'later', at: from, warnings }
  return { kind: 'now', warnings: now < changeSureFrom(paidAt) ? [...warnings, 'early'] : warnings }
}

/** From then on the document leaves no doubt that it can be changed. */
export const changeSureFrom = (paidAt: Instant): Instant => plus(paidAt, CHANGE_SURE_FROM_MS)

/** "Too early" may be said of a payment this young. */
export const mayBeEarly = (now: Instant, paidAt: Instant | null): boolean =>
  paidAt !== null && now < plus(paidAt, EARLY_UNTIL_MS)

/** When to try again what was too early; null once that is no longer believable. */
export const nextEarlyTry = (now: Instant, paidAt: Instant | null): Instant | null =>
  mayBeEarly(now, paidAt) ? plus(now, EARLY_PAUSE_MS) : null

export const shipmentDueAt = (paidAt: Instant): Instant => plus(paidAt, DUE_MS)
/** The same read backwards: what was paid until then is overdue. */
export const paidBeforeOverdue = (now: Instant): Instant => plus(now, -DUE_MS)
/** From then on it stands among what people must do. */
export const shipmentTaskFrom = (paidAt: Instant): Instant => plus(paidAt, DUE_MS - DUE_SOON_MS)
/** The same read backwards: what was paid before this is to be told of now. */
export const paidForTaskUntil = (now: Instant): Instant => plus(now, DUE_SOON_MS - DUE_MS)

/** Whether the time of handing over can be true: not on a day before the payment, not later than tomorrow. */
export function sentAtProblem(
  sentAt: Instant,
  facts: Pick<ShippingFacts, 'now' | 'paidAt'>,
): 'sent_before_paid' | 'sent_in_future' | null {
  if (facts.paidAt !== null && kstDate(sentAt) < kstDate(facts.paidAt)) return 'sent_before_paid'
  return kstDate(sentAt) > addDays(kstDate(facts.now), 1) ? 'sent_in_future' : null
}

/** ESCROW-KIND: whether what was asked for as escrow came as that. Within the delay the record may not show it yet. */
export function askedAsEscrow(escrow: string | null, facts: Pick<ShippingFacts, 'now' | 'paidAt'>) {
  if (escrow !== null) return 'escrow'
  return facts.paidAt !== null && facts.now < changeSureFrom(facts.paidAt) ? 'not_known_yet' : 'not_escrow'
}
