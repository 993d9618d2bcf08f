// What the database refuses whoever asks: raw SQL, from two connections where it matters.
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import pg from 'pg'
import { testDatabase } from '#lib/testing/database.ts'
import { db } from '#lib/server/db.ts'
import { control, newPayment, newWorld, type Made, type World } from '#lib/testing/world.ts'

let world: World
let payment: Made

beforeEach(async () => {
  await control('/reset', {})
  world = await newWorld()
  payment = await newPayment(world, { amount: 10_000, taxFree: 4_000 })
})

async function connected<T>(run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: testDatabase() })
  await client.connect()
  try {
    return await run(client)
  } finally {
    await client.end()
  }
}
const sql = (text: string, values: unknown[] = []) => connected((client) => client.query(text, values))

const INSERT = `INSERT INTO "Cancellation" (id, "paymentId", "storeId", "channelId", kind, state, amount, "taxFree", partial, "remainderShown", "remainderTaxFreeShown", reason, token, "inputHash", "requestedById", "requestedAt")
  VALUES ($1, $2, $3, $4, 'CANCEL', $5, $6, $7, true, 0, 0, 'raw', gen_random_uuid()::text, '', $8, now())`
const intent = (amount: number, taxFree = 0, state = 'READY', id = randomUUID()) => [
  id,
  payment.id,
  world.storeId,
  world.channelId,
  state,
  amount,
  taxFree,
  world.operator.id,
]
const refund = (amount: number, sequence: number | null = null, cancellationId: string | null = null) =>
  sql(
    `INSERT INTO "Refund" (id, "paymentId", "channelId", "gatewayCancellationId", amount, "taxFree", partial, sequence, "refundedAt", "seenAt", "cancellationId") VALUES ($1, $2, $3, $4, $5, 0, true, $6, now(), now(), $7)`,
    [randomUUID(), payment.id, world.channelId, randomUUID(), amount, sequence, cancellationId],
  )
/** Takes a partial all the way; answers its id. */
async function spent(amount: number, sequence: number): Promise<string> {
  const id = randomUUID()
  await sql(INSERT, intent(amount, 0, 'READY', id))
  await sql(`UPDATE "Cancellation" SET state = 'SENDING', sequence = $2 WHERE id = $1`, [id, sequence])
  await refund(amount, null, id)
  await sql(`UPDATE "Cancellation" SET state = 'DONE' WHERE id = $1`, [id])
  return id
}

describe('the database refuses', () => {
  it('more than was received, in whole or in its taxable and tax-free part', async () => {
    await expect(sql(INSERT, intent(10_001))).rejects.toThrow('over-refund')
    await expect(sql(INSERT, intent(6_001, 0))).rejects.toThrow('over-refund')
    await expect(sql(INSERT, intent(5_000, 4_001))).rejects.toThrow('over-refund')
    await sql(INSERT, intent(6_000, 0))
  })

  it('two open intents, also when two connections write them at once', async () => {
    const results = await Promise.allSettled([
      connected((one) => one.query(INSERT, intent(1_000))),
      connected((other) => other.query(INSERT, intent(1_000))),
    ])
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    expect(await db.payment.findUniqueOrThrow({ where: { id: payment.id } })).toMatchObject({
      open: 1_000n,
      openCount: 1,
    })
  })

  it('an over-refund made of two halves in two transactions that overlap', async () => {
    await connected(async (one) => {
      await one.query('BEGIN')
      await one.query(INSERT, intent(5_000, 0))
      const other = connected((client) => client.query(INSERT, intent(5_000, 0)))
      await one.query(`UPDATE "Cancellation" SET state = 'WITHDRAWN' WHERE "paymentId" = $1`, [payment.id])
      await one.query(INSERT, intent(4_000, 0))
      await one.query('COMMIT')
      await expect(other).rejects.toThrow(/over-refund|one_open/)
    })
  })

  it('a tenth sequence, a used one, one used elsewhere, and a partial without one', async () => {
    for (let sequence = 1; sequence <= 8; sequence += 1) await spent(100, sequence)
    await refund(100, 9)
    const id = randomUUID()
    await sql(INSERT, intent(100, 0, 'READY', id))
    const send = (sequence: number | null) =>
      sql(`UPDATE "Cancellation" SET state = 'SENDING', sequence = $2 WHERE id = $1`, [id, sequence])
    await expect(send(10)).rejects.toThrow('outside 1..9')
    await expect(send(3)).rejects.toThrow('Cancellation_sequence')
    await expect(send(9)).rejects.toThrow('made elsewhere')
    await expect(send(null)).rejects.toThrow('needs a sequence')
  })

  it('a step that a cancellation does not have, and a beginning that is not one', async () => {
    await expect(sql(INSERT, intent(100, 0, 'SENDING'))).rejects.toThrow('begins as an intent')
    await expect(sql(INSERT, intent(100, 0, 'DONE'))).rejects.toThrow('begins as an intent')
    const id = randomUUID()
    await sql(INSERT, intent(100, 0, 'READY', id))
    await expect(sql(`UPDATE "Cancellation" SET state = 'DONE' WHERE id = $1`, [id])).rejects.toThrow(
      'does not go from READY to DONE',
    )
    await sql(`UPDATE "Cancellation" SET state = 'SENDING', sequence = 1 WHERE id = $1`, [id])
    await expect(sql(`UPDATE "Cancellation" SET state = 'WITHDRAWN' WHERE id = $1`, [id])).rejects.toThrow(
      'does not go',
    )
    await expect(sql(`UPDATE "Cancellation" SET state = 'DONE' WHERE id = $1`, [id])).rejects.toThrow(
      'needs the refund',
    )
  })

  it('editing what was asked, what happened, what was sent, and the sums', async () => {
    const id = await spent(100, 1)
    await expect(sql(`UPDATE "Cancellation" SET amount = 1 WHERE id = $1`, [id])).rejects.toThrow('never edited')
    await expect(sql(`UPDATE "Refund" SET amount = 1 WHERE "cancellationId" = $1`, [id])).rejects.toThrow(
      'never edited',
    )
    await expect(sql(`UPDATE "Payment" SET refunded = 0 WHERE id = $1`, [payment.id])).rejects.toThrow('never set')
    for (const table of ['Refund', 'Cancellation', 'Payment'])
      await expect(sql(`DELETE FROM "${table}" WHERE true`)).rejects.toThrow(/append-only|violates/)
  })

  it('editing how it ended, whose it is, what was received, and emptying the facts', async () => {
    const id = await spent(100, 1)
    await expect(sql(`UPDATE "Cancellation" SET "approvalNumber" = '1' WHERE id = $1`, [id])).rejects.toThrow('ended')
    await expect(sql(`UPDATE "Payment" SET received = received + 1 WHERE id = $1`, [payment.id])).rejects.toThrow(
      'what was received is never edited',
    )
    const other = await newWorld(1)
    await expect(sql(`UPDATE "Payment" SET "storeId" = $2 WHERE id = $1`, [payment.id, other.storeId])).rejects.toThrow(
      'whose a payment is',
    )
    const [first, second, , ...rest] = intent(100)
    await expect(sql(INSERT, [first, second, other.storeId, ...rest])).rejects.toThrow(
      'store and channel of its payment',
    )
    await expect(refund(100, null, id)).rejects.toThrow('Refund_one_each')
    for (const table of ['Refund', 'Cancellation', 'Attempt', 'Payment'])
      await expect(sql(`TRUNCATE "${table}" CASCADE`)).rejects.toThrow('append-only')
  })

  it('a second payment under one payment id of a channel', async () => {
    const made = await newPayment(world, { amount: 500 })
    const again = sql(
      `INSERT INTO "Reference" ("paymentId", "storeId", "channelId", kind, value) VALUES ($1, $2, $3, 'PAYMENT_ID', $4)`,
      [made.id, world.storeId, world.channelId, payment.paymentId],
    )
    await expect(again).rejects.toThrow('Reference_one_payment')
  })

  it('changing, removing or emptying the audit', async () => {
    await expect(sql(`UPDATE "AuditEntry" SET action = 'x'`)).rejects.toThrow('append-only')
    await expect(sql(`DELETE FROM "AuditEntry"`)).rejects.toThrow('append-only')
    await expect(sql(`TRUNCATE "AuditEntry"`)).rejects.toThrow('append-only')
  })

  it('two refunds under one number of the gateway', async () => {
    const values = [payment.id, world.channelId, 'same']
    const insert = `INSERT INTO "Refund" (id, "paymentId", "channelId", "gatewayCancellationId", amount, "taxFree", partial, "refundedAt", "seenAt") VALUES (gen_random_uuid(), $1, $2, $3, 100, 0, true, now(), now())`
    await sql(insert, values)
    await expect(sql(insert, values)).rejects.toThrow('unique')
  })
})

describe('of two people, proofs and decisions, the database refuses', () => {
  const other = randomUUID()
  const approval = (id: string) =>
    sql(
      `INSERT INTO "Approval" ("cancellationId", reasons, snapshot, "snapshotHash", "expiresAt") VALUES ($1, '{amount}', '{}', 'h', now() + interval '3 days')`,
      [id],
    )
  const decide = (id: string, by: string, approved = true) =>
    sql(`UPDATE "Approval" SET "decidedById" = $2, "decidedAt" = now(), approved = $3 WHERE "cancellationId" = $1`, [
      id,
      by,
      approved,
    ])
  const to = (id: string, state: string) => sql(`UPDATE "Cancellation" SET state = $2 WHERE id = $1`, [id, state])
  async function waiting(): Promise<string> {
    const id = randomUUID()
    await sql(INSERT, intent(1_000, 0, 'AWAITING_APPROVAL', id))
    await approval(id)
    return id
  }

  it('going on without a second person, by one who asked, or after a refusal', async () => {
    const id = await waiting()
    await expect(to(id, 'READY')).rejects.toThrow('a second person must agree')
    await expect(to(id, 'SENDING')).rejects.toThrow('does not go from')
    await expect(decide(id, world.operator.id)).rejects.toThrow('nobody decides about their own request')
    await decide(id, other, false)
    await expect(to(id, 'READY')).rejects.toThrow('a second person must agree')
    await expect(decide(id, other, true)).rejects.toThrow('decided once')
  })

  it('an approval that begins decided, and a decision that nobody made', async () => {
    const id = randomUUID()
    await sql(INSERT, intent(1_000, 0, 'AWAITING_APPROVAL', id))
    const decided = sql(
      `INSERT INTO "Approval" ("cancellationId", reasons, snapshot, "snapshotHash", "expiresAt", "decidedById", "decidedAt", approved) VALUES ($1, '{amount}', '{}', 'h', now(), $2, now(), true)`,
      [id, other],
    )
    await expect(decided).rejects.toThrow('nothing begins decided')
    const resolved = (by: string | null, at: string) =>
      sql(
        `INSERT INTO "Resolution" (id, "cancellationId", happened, "evidenceKind", note, "proposedById", "proposedAt", "decidedById", "decidedAt", agreed) VALUES (gen_random_uuid(), $1, true, 'agent', 'x', $2, now(), $3, ${at}, true)`,
        [id, world.operator.id, by],
      )
    await expect(resolved(other, 'now()')).rejects.toThrow('nothing begins decided')
    await expect(resolved(null, 'NULL')).rejects.toThrow('has a person and a time')
    const resolution = randomUUID()
    await sql(
      `INSERT INTO "Resolution" (id, "cancellationId", happened, "evidenceKind", note, "proposedById", "proposedAt") VALUES ($1, $2, true, 'agent', 'x', $3, now())`,
      [resolution, id, world.operator.id],
    )
    await expect(
      sql(`UPDATE "Resolution" SET "decidedAt" = now(), agreed = true WHERE id = $1`, [resolution]),
    ).rejects.toThrow('has a person and a time')
  })

  it('a changed snapshot, and a changed requester', async () => {
    const id = await waiting()
    await expect(sql(`UPDATE "Approval" SET "snapshotHash" = 'x' WHERE "cancellationId" = $1`, [id])).rejects.toThrow(
      'frozen',
    )
    await expect(sql(`UPDATE "Cancellation" SET "requestedById" = $2 WHERE id = $1`, [id, other])).rejects.toThrow(
      'never edited',
    )
    await expect(sql(`DELETE FROM "Approval" WHERE "cancellationId" = $1`, [id])).rejects.toThrow('append-only')
    await decide(id, other)
    await to(id, 'READY')
  })

  it('sending while the store is stopped', async () => {
    const id = randomUUID()
    await sql(INSERT, intent(1_000, 0, 'READY', id))
    await sql(`UPDATE "Store" SET "stoppedAt" = now() WHERE id = $1`, [world.storeId])
    await expect(sql(`UPDATE "Cancellation" SET state = 'SENDING', sequence = 1 WHERE id = $1`, [id])).rejects.toThrow(
      'sending is stopped',
    )
  })

  it('a sending of what waits for a second person, and a replay while the store is stopped', async () => {
    const attempt = (id: string) =>
      sql(
        `INSERT INTO "Attempt" (id, "cancellationId", number, "startedAt", "settleBy", wire, remainder) VALUES (gen_random_uuid(), $1, 1, now(), now(), 's', 0)`,
        [id],
      )
    await expect(attempt(await waiting())).rejects.toThrow('nothing is sent of what waits')
    await sql(`UPDATE "Cancellation" SET state = 'WITHDRAWN' WHERE state = 'AWAITING_APPROVAL'`)
    const id = randomUUID()
    await sql(INSERT, intent(1_000, 0, 'READY', id))
    await sql(`UPDATE "Cancellation" SET state = 'SENDING', sequence = 1 WHERE id = $1`, [id])
    await to(id, 'UNCONFIRMED')
    await sql(`UPDATE "Store" SET "stoppedAt" = now() WHERE id = $1`, [world.storeId])
    await expect(attempt(id)).rejects.toThrow('sending is stopped')
  })

  it('a refund that only people vouch for without their decision, a decision by one, and a second decision', async () => {
    const id = randomUUID()
    await sql(INSERT, intent(1_000, 0, 'READY', id))
    await sql(`UPDATE "Cancellation" SET state = 'SENDING', sequence = 1 WHERE id = $1`, [id])
    await to(id, 'UNCONFIRMED')
    const byPeople = () =>
      sql(
        `INSERT INTO "Refund" (id, "paymentId", "channelId", "gatewayCancellationId", amount, "taxFree", partial, "refundedAt", "seenAt", "cancellationId") VALUES ($1, $2, $3, $4, 1000, 0, true, now(), now(), $5)`,
        [randomUUID(), payment.id, world.channelId, `people:${id}`, id],
      )
    await expect(byPeople()).rejects.toThrow('needs their decision')
    const resolution = randomUUID()
    await sql(
      `INSERT INTO "Resolution" (id, "cancellationId", happened, "evidenceKind", note, "proposedById", "proposedAt") VALUES ($1, $2, true, 'approval_number', 'x', $3, now())`,
      [resolution, id, world.operator.id],
    )
    const agree = (by: string, alone = false) =>
      sql(`UPDATE "Resolution" SET "decidedById" = $2, "decidedAt" = now(), agreed = true, alone = $3 WHERE id = $1`, [
        resolution,
        by,
        alone,
      ])
    await expect(agree(world.operator.id)).rejects.toThrow('their own proposal')
    await expect(agree(world.operator.id, true)).rejects.toThrow('their own proposal')
    await sql(`UPDATE "Store" SET "oneAfterDay" = true WHERE id = $1`, [world.storeId])
    await expect(agree(world.operator.id, true)).rejects.toThrow('their own proposal')
    await expect(sql(`UPDATE "Resolution" SET happened = false WHERE id = $1`, [resolution])).rejects.toThrow(
      'never edited',
    )
    await agree(other)
    await expect(agree(randomUUID())).rejects.toThrow('made once')
    await byPeople()
    await to(id, 'DONE')
  })

  it('a proof made up by people alone, edited, confirmed by its maker, or of another payment', async () => {
    const check = (id: string, by: string, result: string, storeId = world.storeId) =>
      sql(
        `INSERT INTO "AccountCheck" (id, "storeId", "paymentId", by, result, bank, account, masked, hash, "checkedById", "checkedAt") VALUES ($1, $2, $3, $4, $5, '88', 's', '{}', 'h', $6, now())`,
        [id, storeId, payment.id, by, result, world.operator.id],
      )
    await expect(check(randomUUID(), 'people', 'MATCHED')).rejects.toThrow('begins with one of them')
    await expect(check(randomUUID(), 'nobody', 'MATCHED')).rejects.toThrow('begins with one of them')
    const elsewhere = check(randomUUID(), 'people', 'AWAITING', (await newWorld(1)).storeId)
    await expect(elsewhere).rejects.toThrow('store of its payment')
    const id = randomUUID()
    await check(id, 'people', 'AWAITING')
    const confirm = (by: string | null, alone = false) =>
      sql(
        `UPDATE "AccountCheck" SET result = 'MATCHED', "confirmedById" = $2, "confirmedAt" = now(), alone = $3 WHERE id = $1`,
        [id, by, alone],
      )
    await expect(confirm(null)).rejects.toThrow('their own proof')
    await expect(confirm(world.operator.id)).rejects.toThrow('their own proof')
    await expect(confirm(world.operator.id, true)).rejects.toThrow('their own proof')
    await expect(sql(`UPDATE "AccountCheck" SET hash = 'other' WHERE id = $1`, [id])).rejects.toThrow('never edited')
    await confirm(other)
    const stranger = randomUUID()
    await sql(INSERT, intent(1_000, 0, 'READY', stranger))
    await expect(sql(`UPDATE "AccountCheck" SET "cancellationId" = $2 WHERE id = $1`, [id, stranger])).rejects.toThrow(
      'one payment and one account',
    )
  })
})
