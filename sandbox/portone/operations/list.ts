import { z } from 'zod'
import { DAY_MS, plus, type Instant } from '#lib/domain/kst.ts'
import { isoInstant } from '../../iso-instant.ts'
import { PortOneError } from '../errors.ts'
import { readBody, readOnly, surroundings, type Call, type Operation } from '../operation.ts'
import { filterSchema, passes, refuseOthers } from '../payment-filter.ts'
import { paymentView } from '../payment-view.ts'
import type { Payment } from '../payment.ts'

const WINDOW_DAYS = 90
const LAST_ROW = 60_000

/** PortOne REST V2 1.16, `GetPaymentsBody`. */
const bodySchema = z.object({
  page: z
    .object({ number: z.number().int().nonnegative().default(0), size: z.number().int().positive().default(10) })
    .default({ number: 0, size: 10 }),
  filter: filterSchema
    .extend({
      timestampType: z.enum(['CREATED_AT', 'STATUS_CHANGED_AT']).default('STATUS_CHANGED_AT'),
      from: isoInstant.optional(),
      until: isoInstant.optional(),
      sortBy: z.enum(['REQUESTED_AT', 'STATUS_CHANGED_AT']).optional(),
      sortOrder: z.enum(['DESC', 'ASC']).default('DESC'),
    })
    .prefault({}),
})

type Filter = z.infer<typeof bodySchema>['filter']

export const list: Operation = {
  name: 'list',
  method: 'GET',
  path: '/payments',
  run(call) {
    const { page, filter } = readBody(bodySchema, call.body)
    if ((page.number + 1) * page.size > LAST_ROW) {
      throw new PortOneError('INVALID_REQUEST', `(page.number + 1) * page.size is more than ${LAST_ROW}`)
    }
    refuseOthers(filter)
    const found = find(call, filter)
    const items = found
      .slice(page.number * page.size, (page.number + 1) * page.size)
      .map((payment) => paymentView(payment, surroundings(call, payment)))
    return readOnly({ items, page: { number: page.number, size: page.size, totalCount: found.length } })
  },
}

function find(call: Call, filter: Filter): readonly Payment[] {
  const until = filter.until ?? call.now
  const from = filter.from ?? plus(until, -WINDOW_DAYS * DAY_MS)
  const sortsBy = filter.sortBy ?? (filter.timestampType === 'CREATED_AT' ? 'REQUESTED_AT' : 'STATUS_CHANGED_AT')
  const direction = filter.sortOrder === 'ASC' ? 1 : -1
  return call.state.payments
    .filter((payment) => {
      const at = filter.timestampType === 'CREATED_AT' ? payment.requestedAt : payment.statusChangedAt
      return from <= at && at <= until && passes(call.state, payment, filter)
    })
    .toSorted((a, b) => direction * (stamp(a, sortsBy) - stamp(b, sortsBy)))
}

const stamp = (payment: Payment, by: 'REQUESTED_AT' | 'STATUS_CHANGED_AT'): Instant =>
  by === 'REQUESTED_AT' ? payment.requestedAt : payment.statusChangedAt
