import { z } from 'zod'
import { DAY_MS, plus, type Instant } from '#lib/domain/kst.ts'
import { isoInstant, storedInstant } from '../../iso-instant.ts'
import { parseJson, type JsonObject } from '../../json.ts'
import { PortOneError } from '../errors.ts'
import { actingStore, readBody, readOnly, surroundings, type Call, type Operation } from '../operation.ts'
import { paymentEventView, paymentView } from '../payment-view.ts'
import type { Payment } from '../payment.ts'

const WINDOW_DAYS = 90

/** PortOne REST V2 1.16, `GetAllPaymentsByCursorBody`, `GetAllPaymentEventsByCursorBody`. */
const bodySchema = z.object({
  storeId: z.string().optional(),
  from: isoInstant.optional(),
  until: isoInstant.optional(),
  cursor: z.string().optional(),
  size: z.number().int().min(1).max(1000).default(10),
})
type Body = z.infer<typeof bodySchema>

interface Row {
  /** Unique, so that rows of the same instant have an order. */
  readonly id: string
  readonly createdAt: Instant
  readonly storeId: string
  view(): JsonObject
}

export const cursor: Operation = {
  name: 'cursor',
  method: 'GET',
  path: '/payments-by-cursor',
  run: (call) =>
    feed(
      call,
      'payment',
      call.state.payments.map((payment) => paymentRow(call, payment)),
    ),
}

export const events: Operation = {
  name: 'events',
  method: 'GET',
  path: '/payment-events-by-cursor',
  run: (call) =>
    feed(
      call,
      'paymentEvent',
      call.state.payments.flatMap((payment) => eventRows(call, payment)),
    ),
}

function feed(call: Call, name: string, rows: readonly Row[]) {
  const body = readBody(bodySchema, call.body)
  if (body.storeId !== undefined) actingStore(body.storeId)
  const direction = call.state.settings.cursorOrder === 'ASC' ? 1 : -1
  const inRange = rows.filter(isWanted(call, body)).toSorted((a, b) => direction * compare(a, b))
  const start = body.cursor === undefined ? 0 : after(inRange, body.cursor, direction)
  const items = inRange.slice(start, start + body.size)
  return readOnly({ items: items.map((row) => ({ [name]: row.view(), cursor: cursorOf(row) })) })
}

function isWanted(call: Call, body: Body): (row: Row) => boolean {
  const until = body.until ?? call.now
  const from = body.from ?? plus(until, -WINDOW_DAYS * DAY_MS)
  return (row) => from <= row.createdAt && row.createdAt <= until && (body.storeId ?? row.storeId) === row.storeId
}

type Place = Pick<Row, 'createdAt' | 'id'>

const compare = (a: Place, b: Place): number => a.createdAt - b.createdAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
const cursorOf = (row: Row): string => Buffer.from(JSON.stringify([row.createdAt, row.id])).toString('base64url')

function after(rows: readonly Row[], cursorText: string, direction: number): number {
  const place = readCursor(cursorText)
  const index = rows.findIndex((row) => direction * compare(row, place) > 0)
  return index === -1 ? rows.length : index
}

const placeSchema = z.tuple([storedInstant, z.string()]).transform(([createdAt, id]): Place => ({ createdAt, id }))

function readCursor(text: string): Place {
  const place = placeSchema.safeParse(parseJson(Buffer.from(text, 'base64url').toString('utf8')))
  if (!place.success) throw new PortOneError('INVALID_REQUEST', 'cursor: not one of these')
  return place.data
}

const paymentRow = (call: Call, payment: Payment): Row => ({
  id: payment.transactionId,
  createdAt: payment.requestedAt,
  storeId: payment.storeId,
  view: () => paymentView(payment, surroundings(call, payment)),
})

/** Only what moved money: a closed account that was never paid leaves no event (inferred). */
function eventRows(call: Call, payment: Payment): readonly Row[] {
  const { storeId, paidAt } = payment
  if (paidAt === undefined) return []
  const paid = { id: `${payment.transactionId}-paid`, type: 'PAID', amount: payment.paid, createdAt: paidAt }
  return [paid, ...cancelEvents(payment)].map((event) => ({
    id: event.id,
    createdAt: event.createdAt,
    storeId,
    view: () => paymentEventView(payment, surroundings(call, payment), event),
  }))
}

function cancelEvents(payment: Payment) {
  let left = payment.paid
  return payment.cancellations.flatMap((cancellation) => {
    if (cancellation.status !== 'SUCCEEDED' || cancellation.unpaid || cancellation.cancelledAt === undefined) return []
    left -= cancellation.totalAmount
    const type = left === 0 ? 'CANCELLED' : 'PARTIAL_CANCELLED'
    return [
      {
        id: cancellation.id,
        type,
        amount: -cancellation.totalAmount,
        createdAt: cancellation.cancelledAt,
        cancellation,
      },
    ]
  })
}
