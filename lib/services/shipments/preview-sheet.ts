import 'server-only'
import { z } from 'zod'
import { courierOf, isTracking, OWN_NUMBER, tidyTracking, type Courier } from '#lib/domain/couriers.ts'
import { parseIso, parseKst, type Instant } from '#lib/domain/kst.ts'
import { DomainError, type Facts } from '#lib/domain/problem.ts'
import { openShipmentStates } from '#lib/domain/shipping.ts'
import type { ShipmentRowView, ShipmentSheetView } from '#lib/domain/views.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
import { whoMay } from '#lib/policy/permissions.ts'
import { judgeShipment, sentAtProblem, stageOf } from '#lib/policy/shipping.ts'
import { permitted, visibleStores, type Context } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { withChannel, type PaymentWithChannel } from '../cancellations/judge-cancellation.ts'
import { SHEET_BYTES_MAX } from '../sheets/read-table.ts'
import { readSheet, type SheetRow } from './read-sheet.ts'
import { courierProblem } from './request-shipment.ts'
import { escrowOf, shippingFacts } from './shipment-facts.ts'

export const PreviewSheet = z.object({
  /** The file. */
  content: z.base64().max(Math.ceil(SHEET_BYTES_MAX / 3) * 4 + 4),
})

type Known = { readonly payment: PaymentWithChannel; readonly open: boolean }
type Verdict = ShipmentRowView['verdict']
const no = (reason: string, facts: Facts = {}): Verdict => ({ ok: false, reason, facts })

/** Fails with: permission.missing. Answers the stores where this person may register. */
export function registerableStores({ actor }: Context): readonly string[] | null {
  const visible = actor.kind === 'person' ? visibleStores(actor) : []
  const stores = visible?.filter((id) => permitted(actor, 'shipment.register', id)) ?? null
  if (stores?.length === 0)
    throw new DomainError('permission.missing', {
      permission: 'shipment.register',
      who: whoMay('shipment.register').join(', '),
    })
  return stores
}

/** What would happen row by row; nothing is written. Fails with: permission.missing, upload.unreadable, request.too_large. */
export async function previewSheet(
  context: Context,
  { content }: z.infer<typeof PreviewSheet>,
): Promise<ShipmentSheetView> {
  const stores = registerableStores(context)
  const rows = await readSheet(Buffer.from(content, 'base64'))
  const known = await knownOf(
    rows.map((row) => row.cells.number),
    stores,
  )
  const now = context.now()
  const seen = new Set<string>()
  return {
    rows: rows.map((row): ShipmentRowView => {
      const { cells, line } = row
      const payments = known.get(cells.number) ?? []
      const payment = payments[0]?.payment
      const twice = payment !== undefined && isFilled(row) && seen.has(payment.id)
      if (payment && isFilled(row)) seen.add(payment.id)
      return {
        line,
        number: cells.number,
        orderName: payment?.orderName ?? null,
        courier: courierOf(cells.courier),
        trackingNumber: numberOf(row),
        verdict: judgeRow(row, payments, twice, now),
      }
    }),
  }
}

/** By the gateway's number of the payment, at these stores; the same number at two stores gives two. */
async function knownOf(
  numbers: readonly string[],
  stores: readonly string[] | null,
): Promise<ReadonlyMap<string, readonly Known[]>> {
  const references = await db.reference.findMany({
    where: {
      kind: { in: ['PAYMENT_ID', 'TNO', 'TRNO'] },
      value: { in: [...new Set(numbers)] },
      ...(stores && { storeId: { in: [...stores] } }),
    },
    include: {
      payment: {
        include: {
          ...withChannel,
          shipments: { where: { state: { in: [...openShipmentStates] } }, select: { id: true } },
        },
      },
    },
  })
  const found = new Map<string, Known[]>()
  for (const { kind, value, payment } of references) {
    // A payment is found by the number its gateway is asked by, and by no other that it has.
    if (connectorOf(payment.channel.account).addressedBy !== kind) continue
    const others = (found.get(value) ?? []).filter((one) => one.payment.id !== payment.id)
    const known = { payment, open: payment.shipments.length > 0 }
    found.set(value, [...others, known])
  }
  return found
}

const isFilled = ({ cells }: SheetRow): boolean => cells.courier !== '' || cells.trackingNumber !== ''

function judgeRow(row: SheetRow, payments: readonly Known[], twice: boolean, now: Instant): Verdict {
  if (row.problem) return no(row.problem.reason, { column: row.problem.column })
  const [known, other] = payments
  if (!isFilled(row)) return no('not_filled')
  if (row.cells.number === '') return no('no_number')
  if (!known) return no('not_found')
  if (other) return no('ambiguous')
  if (twice) return no('twice')
  const wish = wishOf(row, now)
  return 'reason' in wish ? no(wish.reason, wish.facts) : judgeWish(known, wish, now)
}

type Wish = { readonly courier: Courier; readonly trackingNumber: string; readonly sentAt: Instant }

/** Own delivery has no number but the one that says so. */
const numberOf = ({ cells }: SheetRow): string =>
  courierOf(cells.courier) === 'OWN' && cells.trackingNumber === '' ? OWN_NUMBER : cells.trackingNumber

function wishOf(row: SheetRow, now: Instant): Wish | { readonly reason: string; readonly facts: Facts } {
  const { cells } = row
  const courier = courierOf(cells.courier)
  if (cells.courier === '') return { reason: 'no_courier', facts: {} }
  if (courier === null) return { reason: 'courier_unknown', facts: { text: cells.courier } }
  const trackingNumber = tidyTracking(numberOf(row))
  if (trackingNumber === '') return { reason: 'no_tracking', facts: {} }
  if (!isTracking(courier, trackingNumber)) return { reason: 'tracking_form', facts: {} }
  const sentAt = cells.sentAt === '' ? now : (parseKst(cells.sentAt) ?? parseIso(cells.sentAt))
  return sentAt === null
    ? { reason: 'sent_at_form', facts: { text: cells.sentAt } }
    : { courier, trackingNumber, sentAt }
}

function judgeWish({ payment, open }: Known, wish: Wish, now: Instant): Verdict {
  const { courier, trackingNumber, sentAt } = wish
  const escrow = escrowOf(payment)
  // What is registered already can only be changed.
  const kind = escrow && stageOf(payment.status, escrow.status) !== 'shipment_due' ? 'change' : 'register'
  const facts = shippingFacts(payment, kind, now, open)
  const verdict = judgeShipment(kind, facts)
  if (verdict.kind === 'never') return no(verdict.reason)
  if (payment.store.stoppedAt !== null) return no('stopped')
  const untaken = courierProblem(payment, wish)
  if (untaken) return no(untaken)
  const late = sentAtProblem(sentAt, facts)
  if (late) return no(late)
  if (kind === 'change' && escrow?.invoiceNumber === trackingNumber && courierOf(escrow.company ?? '') === courier)
    return no('same')
  return {
    ok: true,
    kind,
    paymentId: payment.id,
    courier,
    sentAt,
    later: verdict.kind === 'later' ? verdict.at : null,
    warnings: verdict.warnings,
  }
}
