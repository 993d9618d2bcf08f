import { z } from 'zod'
import { DAY_MS, plus, toIso } from '#lib/domain/kst.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import type { FeedInput, FeedPage, FindInput, Inquiry, InquireInput, Operation, Reply } from '../connector.ts'
import { readPayment } from './payment.ts'
import { readJson } from './reply.ts'
import { get, getWithBody, paymentUrl } from './request.ts'

/** Operations 1, 2 and 4 of PortOne REST V2 1.16: what only reads. An error here never changes a state. */
const FEED_SIZE = 200
const storeOf = (credentials: Readonly<Record<string, string>>) => credentials['storeId'] ?? ''

export const inquire: Operation<InquireInput, Inquiry> = {
  deadlineMs: 20_000,
  resend: 'when_not_sent',
  request: (input, call) =>
    get(`${paymentUrl(call.endpoint, input.paymentId)}?storeId=${encodeURIComponent(storeOf(call.credentials))}`),
  reply: (raw, input) =>
    read(raw, (body) => {
      const same = z.object({ id: z.literal(input.paymentId) }).safeParse(body).success
      return same ? readPayment(body) : null
    }),
}

const found = z.object({ items: z.array(z.object({ id: z.string() })) })

/** By KSNET's trno or the card's approval number, over the last six months. Answers payment ids, to be read one by one. */
export const find: Operation<FindInput, readonly string[]> = {
  deadlineMs: 20_000,
  resend: 'when_not_sent',
  request: (input, call) =>
    getWithBody(`${call.endpoint}/payments`, {
      page: { number: 0, size: 10 },
      filter: {
        storeId: storeOf(call.credentials),
        timestampType: 'CREATED_AT',
        from: toIso(plus(input.now, -190 * DAY_MS)),
        until: toIso(plus(input.now, DAY_MS)),
        textSearch: [{ field: input.by === 'pg_tx_id' ? 'PG_TX_ID' : 'CARD_APPROVAL_NUMBER', value: input.value }],
      },
    }),
  reply: (raw) => read(raw, (body) => found.safeParse(body).data?.items.map((item) => item.id) ?? null),
}

const page = z.object({
  items: z.array(
    z.object({
      cursor: z.string(),
      paymentEvent: z.object({
        paymentId: z.string(),
        storeId: z.string(),
        channel: z.object({ key: z.string().optional() }).optional(),
      }),
    }),
  ),
})

export const feed: Operation<FeedInput, FeedPage> = {
  deadlineMs: 30_000,
  resend: 'when_not_sent',
  request: (input, call) =>
    getWithBody(`${call.endpoint}/payment-events-by-cursor`, {
      storeId: storeOf(call.credentials),
      from: toIso(input.from),
      until: toIso(input.until),
      size: FEED_SIZE,
      ...(input.cursor !== null && { cursor: input.cursor }),
    }),
  reply: (raw) =>
    read(raw, (body) => {
      const items = page.safeParse(body).data?.items
      if (!items) return null
      const events = items.map(({ paymentEvent }) => ({
        paymentId: paymentEvent.paymentId,
        storeKey: paymentEvent.storeId,
        channelKey: paymentEvent.channel?.key ?? null,
      }))
      return { events, next: items.at(-1)?.cursor ?? null, more: items.length === FEED_SIZE }
    }),
}

const failure = z.object({ type: z.string() })
const refusedReading: Readonly<Record<string, number>> = {
  PAYMENT_NOT_FOUND: 404,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  INVALID_REQUEST: 400,
}

function read<Value>(raw: Reply, understand: (body: unknown) => Value | null): Outcome<Value> {
  const answer = readJson(raw)
  if (answer.kind === 'unknown') return answer
  const { status, body } = answer
  if (status === 200) {
    const value = understand(body)
    return value === null ? { kind: 'unknown', cause: 'answer not understood' } : { kind: 'done', value, reference: '' }
  }
  const type = failure.safeParse(body).data?.type ?? ''
  if (!Object.hasOwn(refusedReading, type) || refusedReading[type] !== status)
    return { kind: 'unknown', cause: `status ${status} ${type}` }
  return {
    kind: 'declined',
    code: type,
    reason: type === 'PAYMENT_NOT_FOUND' ? 'not_found' : type === 'INVALID_REQUEST' ? 'bad_request' : 'credentials',
  }
}
