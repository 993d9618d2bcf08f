// The sums of a day against the facts they follow from: random histories, by raw SQL, from two connections at once.
import '#lib/testing/database.ts'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '#lib/testing/database.ts'
import { db } from '#lib/server/db.ts'

const one = new pg.Client({ connectionString: testDatabase() })
const other = new pg.Client({ connectionString: testDatabase() })
const storeId = randomUUID()
const channels: string[] = []

beforeAll(async () => {
  await Promise.all([one.connect(), other.connect()])
  await db.store.create({ data: { id: storeId, name: 'sums' } })
  for (const environment of ['sandbox', 'test'] as const) {
    const account = await db.gatewayAccount.create({
      data: {
        storeId,
        gateway: 'portone',
        mode: 'portone',
        environment,
        name: environment,
        settings: {},
        secrets: {},
        hints: {},
      },
    })
    const channel = { accountId: account.id, name: environment, key: environment, pg: 'KSNET', mid: '1', contract: {} }
    channels.push((await db.channel.create({ data: channel })).id)
  }
})
afterAll(async () => {
  await Promise.all([one.end(), other.end(), db.$disconnect()])
})

type Wish = {
  readonly test: boolean
  readonly testStore: boolean
  readonly method: 'CARD' | 'VIRTUAL_ACCOUNT'
  readonly currency: 'KRW' | 'USD'
  readonly amount: number
  readonly paidLater: boolean
  readonly paid: boolean
  readonly minute: number
  /** Parts, each so many minutes after the payment, in the order they become known. */
  readonly refunds: readonly { readonly amount: number; readonly minutes: number }[]
}
const wish: fc.Arbitrary<Wish> = fc.record({
  test: fc.boolean(),
  testStore: fc.boolean(),
  method: fc.constantFrom('CARD', 'VIRTUAL_ACCOUNT'),
  currency: fc.constantFrom('KRW', 'USD'),
  amount: fc.integer({ min: 0, max: 1_000_000 }),
  paidLater: fc.boolean(),
  paid: fc.boolean(),
  // Four days, so that many meet on one; the end of a day in Seoul is 15:00 of UTC.
  minute: fc.integer({ min: 0, max: 4 * 1_440 }),
  refunds: fc.array(
    fc.record({ amount: fc.integer({ min: 0, max: 1_000 }), minutes: fc.integer({ min: 0, max: 3 * 1_440 }) }),
    {
      maxLength: 4,
    },
  ),
})

const AT = `(timestamptz '2026-11-01T00:00:00Z' + make_interval(mins => $1))`

/** One payment's life in one transaction, or in two. */
async function live(client: pg.Client, given: Wish): Promise<void> {
  const id = randomUUID()
  const channel = channels[given.test ? 1 : 0]
  const now = given.paid && !given.paidLater
  await client.query('BEGIN')
  await client.query(
    `INSERT INTO "Payment" (id, "storeId", "channelId", environment, "testStore", pg, mid, method, currency, amount, "taxFree", received, "orderName", "requestedAt", "approvedAt", "paidAt", "methodFacts")
     VALUES ($2, $3, $4, $5, $6, 'KSNET', '1', $7, $8, $9, 0, CASE WHEN $10 THEN $9::bigint ELSE 0 END, '', ${AT}, ${AT}, CASE WHEN $10 THEN ${AT} END, '{}')`,
    [
      given.minute,
      id,
      storeId,
      channel,
      given.test ? 'test' : 'sandbox',
      given.testStore,
      given.method,
      given.currency,
      given.amount,
      now,
    ],
  )
  if (given.paidLater) {
    await client.query('COMMIT')
    await client.query('BEGIN')
    if (given.paid)
      await client.query(`UPDATE "Payment" SET "paidAt" = ${AT}, received = amount WHERE id = $2`, [
        given.minute + 700,
        id,
      ])
  }
  if (given.paid)
    for (const refund of given.refunds)
      await client.query(
        `INSERT INTO "Refund" (id, "paymentId", "channelId", "gatewayCancellationId", amount, "taxFree", partial, "refundedAt", "seenAt")
         VALUES (gen_random_uuid(), $2, $3, gen_random_uuid()::text, $4, 0, true, ${AT}, now())`,
        [given.minute + refund.minutes, id, channel, refund.amount],
      )
  await client.query('COMMIT')
}

const SCAN = `
  SELECT "channelId", method::text, currency, day, counted, sum(a)::text AS "approvedCount", sum(b)::text AS approved, sum(c)::text AS "cancelledCount", sum(d)::text AS cancelled FROM (
    SELECT p."channelId", method, currency, left(("paidAt" + interval '9 hours')::timestamptz AT TIME ZONE 'UTC' || '', 10) AS day, NOT (environment = 'test' OR "testStore") AS counted, 1 AS a, received AS b, 0 AS c, 0 AS d
    FROM "Payment" p WHERE "paidAt" IS NOT NULL
    UNION ALL
    SELECT p."channelId", method, currency, left(("refundedAt" + interval '9 hours')::timestamptz AT TIME ZONE 'UTC' || '', 10), NOT (environment = 'test' OR "testStore"), 0, 0, 1, r.amount
    FROM "Refund" r JOIN "Payment" p ON p.id = r."paymentId") facts
  GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5`
const KEPT = `
  SELECT "channelId", method::text, currency, day, counted, "approvedCount"::text, approved::text, "cancelledCount"::text, cancelled::text
  FROM "DayTotal" ORDER BY 1, 2, 3, 4, 5`
async function expectKept(): Promise<number> {
  const scan = (await one.query(SCAN)).rows
  expect((await one.query(KEPT)).rows).toEqual(scan)
  return scan.length
}

test(
  'after any history the kept sums are those of the facts, and two connections never block each other for good',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(wish, { minLength: 4, maxLength: 16 }), async (wishes) => {
        const half = wishes.length / 2
        const run = async (client: pg.Client, mine: readonly Wish[]) => {
          for (const given of mine) await live(client, given)
        }
        // A deadlock would reject one of the two.
        await Promise.all([run(one, wishes.slice(0, half)), run(other, wishes.slice(half))])
        await expectKept()
      }),
      { numRuns: 25 },
    )
    expect(await expectKept()).toBeGreaterThan(10)
  },
)

test('two payments whose refunds become known in opposite order of days do not deadlock', async () => {
  const given = (minutes: readonly number[]): Wish => ({
    test: false,
    testStore: false,
    method: 'CARD',
    currency: 'KRW',
    amount: 100_000,
    paidLater: false,
    paid: true,
    minute: 0,
    refunds: minutes.map((one) => ({ amount: 1, minutes: one })),
  })
  const days = [0, 1_440, 2_880, 4_320]
  for (let turn = 0; turn < 10; turn++)
    await Promise.all([live(one, given(days)), live(other, given(days.toReversed()))])
  await expectKept()
})

test('what is undone is not counted, many in one statement are, and by hand nothing is', async () => {
  await one.query('BEGIN')
  await one.query(
    `INSERT INTO "Payment" (id, "storeId", "channelId", environment, pg, mid, method, currency, amount, "taxFree", received, "orderName", "requestedAt", "approvedAt", "paidAt", "methodFacts")
     SELECT gen_random_uuid(), $1, $2, 'sandbox', 'KSNET', '1', 'CARD', 'KRW', n, 0, n, '', t, t, t, '{}' FROM generate_series(1, 5000) n, LATERAL (SELECT timestamptz '2026-01-01' + n * interval '1 hour' AS t) at`,
    [storeId, channels[0]],
  )
  await expectKept()
  await one.query('ROLLBACK')
  await expectKept()
  await expect(one.query(`UPDATE "DayTotal" SET approved = 1`)).rejects.toThrow('never set')
  await expect(one.query(`DELETE FROM "DayTotal"`)).rejects.toThrow('never set')
  await expect(
    one.query(`UPDATE "Payment" SET "testStore" = NOT "testStore" WHERE "paidAt" IS NOT NULL`),
  ).rejects.toThrow('never edited')
})

test('the migration counts what was there before it', async () => {
  const file = 'prisma/migrations/20261121103548_operations_desk/migration.sql'
  const [, backfill] =
    /-- What is there already\.\n(INSERT INTO "DayTotal"[^;]*;)/.exec(readFileSync(file, 'utf8')) ?? []
  expect(backfill).toBeDefined()
  await one.query('BEGIN')
  await one.query('ALTER TABLE "DayTotal" DISABLE TRIGGER day_total_guard')
  await one.query('DELETE FROM "DayTotal"')
  await one.query(backfill ?? '')
  await expectKept()
  await one.query('ROLLBACK')
})
