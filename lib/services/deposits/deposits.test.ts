// Deposits that unsigned notices tell of: what counts at once, what waits for somebody, what is taken back. The sums always hold.
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import pg from 'pg'
import { beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS, plus } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { db } from '#lib/server/db.ts'
import { testDatabase } from '#lib/testing/database.ts'
import {
  ACCOUNT,
  depositFields,
  newNoticeWorld,
  newTno,
  noticeContext,
  paymentOf,
  personContext,
  SITE,
  tell,
  tellIssued,
  type Fields,
  type NoticeWorld,
} from '#lib/testing/notice-world.ts'
import { person, sheetFor } from '#lib/testing/world.ts'
import { previewCancellation } from '../cancellations/preview-cancellation.ts'
import { requestCancellation } from '../cancellations/request-cancellation.ts'
import { getPayment } from '../payments/get-payment.ts'
import { decideDeposit } from './decide-deposit.ts'

let world: NoticeWorld
let tno = ''
beforeEach(async () => {
  world = await newNoticeWorld()
  tno = newTno()
})

const problemOf = async (run: Promise<unknown>) => {
  try {
    await run
  } catch (error) {
    if (error instanceof DomainError) return error.code
    throw error
  }
  return null
}
const told = (amount: number, change: Fields = {}, of = tno) => tell(world, depositFields(world, of, amount, change))
const reversed = (amount: number, change: Fields = {}) => told(amount, { op_cd: '13', ...change })
const manager = () => personContext(world, world.manager)
const decide = (id: string | undefined, confirm = true, context = manager()) =>
  decideDeposit(context, { id: id ?? '', confirm, note: '관리자 페이지에서 확인' })
const depositsOf = async () => (await paymentOf(tno)).deposits.map(({ kind, state, why }) => [kind, state, why])
const unverified = async () => (await paymentOf(tno)).deposits.find(({ state }) => state === 'UNVERIFIED')?.id
const kinds = async () => (await paymentOf(tno)).tasks.map(({ kind }) => kind)
const sums = async () => {
  const { status, received, receivedTaxFree, paidAt } = await paymentOf(tno)
  return [status, Number(received), Number(receivedTaxFree), paidAt !== null]
}

async function sql(text: string, values: unknown[] = []) {
  const client = new pg.Client({ connectionString: testDatabase() })
  await client.connect()
  try {
    return await client.query(text, values)
  } finally {
    await client.end()
  }
}

const AT = (column: string) => `to_char(${column} AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD')`
/** A day's sums from the facts: what came in by deposits, and otherwise; what the bank took back, and what was given back. */
const SCAN = `
  SELECT day, sum(a)::integer AS approved, sum(c)::integer AS "cancelledCount", sum(d)::integer AS cancelled FROM (
    SELECT ${AT('at')} AS day, amount AS a, 0 AS c, 0 AS d FROM "Deposit" WHERE "storeId" = $1 AND state = 'APPLIED' AND kind = 'deposit'
    UNION ALL SELECT ${AT('at')}, 0, 1, amount FROM "Deposit" WHERE "storeId" = $1 AND state = 'APPLIED' AND kind = 'reversal'
    UNION ALL SELECT ${AT('"paidAt"')}, received, 0, 0 FROM "Payment" p WHERE "storeId" = $1 AND "paidAt" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "Deposit" d WHERE d."paymentId" = p.id AND d.state = 'APPLIED')
    UNION ALL SELECT ${AT('r."refundedAt"')}, 0, 1, r.amount FROM "Refund" r JOIN "Payment" p ON p.id = r."paymentId" WHERE p."storeId" = $1) facts
  GROUP BY day ORDER BY day`
const KEPT = `SELECT day, sum(approved)::integer AS approved, sum("cancelledCount")::integer AS "cancelledCount", sum(cancelled)::integer AS cancelled FROM "DayTotal" WHERE "storeId" = $1 GROUP BY day ORDER BY day`

/** What always holds, whatever came in whatever order. */
async function expectSums(): Promise<void> {
  const payments = await db.payment.findMany({
    where: { storeId: world.storeId },
    include: { deposits: true, tasks: true },
  })
  for (const payment of payments) {
    const sum = (kind: string) =>
      payment.deposits
        .filter((one) => one.state === 'APPLIED' && one.kind === kind)
        .reduce((total, one) => total + one.amount, 0n)
    expect(payment.received).toBe(sum('deposit') - sum('reversal'))
    expect(payment.paidAt === null).toBe(payment.received === 0n)
    const waiting = payment.deposits.filter(({ state }) => state === 'UNVERIFIED').map(({ id }) => id)
    const open = payment.tasks.filter(({ kind, resolvedAt }) => kind === 'deposit_unverified' && resolvedAt === null)
    expect(open.map(({ key }) => key).toSorted()).toEqual(waiting.toSorted())
  }
  expect((await sql(KEPT, [world.storeId])).rows).toEqual((await sql(SCAN, [world.storeId])).rows)
}

describe('a deposit', () => {
  it('that is what we know counts at once, once, and nobody has anything to do', async () => {
    const id = await tellIssued(world, tno, 10_000)
    const fields = depositFields(world, tno, 10_000)
    await tell(world, fields)
    await tell(world, fields)
    expect(await sums()).toEqual(['PAID', 10_000, 0, true])
    const { deposits, paidAt, tasks } = await paymentOf(tno)
    expect([deposits.length, deposits[0]?.decidedBy, deposits[0]?.number, tasks]).toEqual([1, 'notice', '****5678', []])
    expect(paidAt).toEqual(deposits[0]?.at)
    await expectSums()
    const view = await getPayment(manager(), id)
    expect(view.deposits).toMatchObject({ noticeAlone: false, items: [{ state: 'APPLIED', doubt: null }] })
    expect(JSON.stringify(view)).not.toContain(ACCOUNT)
  })

  it('of a compound payment counts with its tax-free part', async () => {
    await tellIssued(world, tno, 10_000, { res_tax_flag: 'TG03', res_free_mny: '4000' })
    await told(10_000)
    expect(await sums()).toEqual(['PAID', 10_000, 4_000, true])
  })

  it.each([
    ['other_account', {}, { account: '56219012345679' }, ['deposit_unverified']],
    ['other_account', {}, { account: '' }, ['deposit_unverified']],
    ['other_account', { account: '' }, {}, ['deposit_unverified']],
    ['other_amount', {}, { ipgm_mnyx: '9999' }, ['amount_differs', 'deposit_unverified']],
    ['other_amount', {}, { ipgm_mnyx: '20000' }, ['amount_differs', 'deposit_unverified']],
  ])('with %s is not counted, and somebody is told why', async (why, issued, change, tasks) => {
    await tellIssued(world, tno, 10_000, issued)
    await told(10_000, change)
    expect(await depositsOf()).toEqual([['deposit', 'UNVERIFIED', why]])
    expect(await sums()).toEqual(['ISSUED', 0, 0, false])
    expect(await kinds()).toEqual(tasks)
    await expectSums()
  })

  it('into a closed account, or one that was paid into, is not counted', async () => {
    await tellIssued(world, tno, 10_000)
    await tell(world, { tx_cd: 'TX07', tno })
    await told(10_000)
    expect(await depositsOf()).toEqual([['deposit', 'UNVERIFIED', 'not_awaited']])
    expect(await kinds()).toEqual(['deposit_after_close', 'deposit_unverified'])
    expect((await paymentOf(tno)).status).toBe('CLOSED')
    await decide(await unverified())
    expect(await sums()).toEqual(['PAID', 10_000, 0, true])
    await expectSums()

    tno = newTno()
    await tellIssued(world, tno, 10_000)
    await told(10_000)
    await told(10_000)
    expect(await depositsOf()).toEqual([
      ['deposit', 'APPLIED', null],
      ['deposit', 'UNVERIFIED', 'not_awaited'],
    ])
    expect(await sums()).toEqual(['PAID', 10_000, 0, true])
    await expectSums()
  })

  it('of part of what was ordered counts once a person confirms it, and so does the rest', async () => {
    await tellIssued(world, tno, 10_000)
    await told(4_000)
    await decide(await unverified())
    expect(await sums()).toEqual(['PAID', 4_000, 0, true])
    await told(6_000)
    await decide(await unverified())
    expect(await sums()).toEqual(['PAID', 10_000, 0, true])
    expect(await kinds()).toEqual(['amount_differs', 'amount_differs'])
    await expectSums()
  })
})

describe('a person', () => {
  beforeEach(async () => {
    await tellIssued(world, tno, 10_000)
    await told(9_000)
  })

  it('decides only as manager or owner of the store, signed in freshly, with a note that names no account', async () => {
    const id = (await unverified()) ?? ''
    const as = (actor: typeof world.manager) => decide(id, true, personContext(world, actor))
    expect(await problemOf(as(world.operator))).toBe('permission.missing')
    expect(await problemOf(as(await person((await newNoticeWorld()).storeId, 'MANAGER')))).toBe('deposit.not_found')
    expect(await problemOf(as({ ...world.manager, freshUntil: null }))).toBe('session.step_up')
    expect(await problemOf(decide(randomUUID()))).toBe('deposit.not_found')
    const note = '국민 110-123-456789 입금 확인'
    expect(await problemOf(decideDeposit(manager(), { id, confirm: true, note }))).toBe('memo.personal_number')
    expect(await sums()).toEqual(['ISSUED', 0, 0, false])
    expect(await problemOf(as(world.owner))).toBeNull()
  })

  it('confirms or refuses once, on record with who and why', async () => {
    const id = await unverified()
    const both = await Promise.allSettled([decide(id), decide(id)])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await problemOf(decide(id, false))).toBe('deposit.decided')
    const payment = await paymentOf(tno)
    expect(payment.deposits[0]).toMatchObject({
      state: 'APPLIED',
      decidedBy: 'person',
      decidedById: world.manager.id,
      note: '관리자 페이지에서 확인',
    })
    // The shop had told of the payment: nobody needs to vouch for it.
    expect([payment.confirmedById, payment.source]).toEqual([null, 'shop'])
    const audit = await db.auditEntry.findMany({ where: { action: 'deposit.confirm', subjectId: payment.id } })
    expect(audit.map(({ actorId, facts }) => [actorId, facts])).toEqual([
      [world.manager.id, { deposit: id, amount: 9_000, note: '관리자 페이지에서 확인' }],
    ])
    const [shown] = (await getPayment(manager(), payment.id)).deposits?.items ?? []
    expect(shown).toMatchObject({ who: world.manager.name, note: '관리자 페이지에서 확인', decidedBy: 'person' })
    await expectSums()
  })

  it('who refuses changes no sum, and the same notice again changes nothing', async () => {
    const id = await unverified()
    await decide(id, false)
    expect(await depositsOf()).toEqual([['deposit', 'REFUSED', 'other_amount']])
    expect(await sums()).toEqual(['ISSUED', 0, 0, false])
    expect(await kinds()).toEqual(['amount_differs'])
    await told(10_000)
    expect(await sums()).toEqual(['PAID', 10_000, 0, true])
    await expectSums()
  })
})

describe('a reversal', () => {
  it('lowers what was received, withdraws what was not sent, and somebody is told', async () => {
    const id = await tellIssued(world, tno, 10_000)
    await told(4_000)
    await decide(await unverified())
    await told(6_000)
    await decide(await unverified())
    const intent = await ready(id, 5_000)
    await reversed(6_000)
    expect(await sums()).toEqual(['PAID', 4_000, 0, true])
    const row = await db.cancellation.findUniqueOrThrow({ where: { id: intent } })
    expect([row.state, row.cause]).toEqual(['WITHDRAWN', 'deposit_reversed'])
    expect(await kinds()).toContain('deposit_reversed')
    await expectSums()
    await reversed(4_000)
    expect(await sums()).toEqual(['ISSUED', 0, 0, false])
    await expectSums()
  })

  it('of what is on its way back becomes a task, and never less than nothing was received', async () => {
    const id = await tellIssued(world, tno, 10_000)
    await told(10_000)
    const intent = await ready(id, 5_000)
    await sql(`UPDATE "Cancellation" SET state = 'SENDING' WHERE id = $1`, [intent])
    await reversed(10_000)
    await reversed(10_000)
    expect(await depositsOf()).toEqual([
      ['deposit', 'APPLIED', null],
      ['reversal', 'APPLIED', null],
      ['reversal', 'UNVERIFIED', 'not_received'],
    ])
    expect((await db.cancellation.findUniqueOrThrow({ where: { id: intent } })).state).toBe('SENDING')
    expect(await kinds()).toEqual(['deposit_reversed', 'deposit_unverified', 'over_refund_possible'])
    // It may yet be refunded, so it was paid.
    expect(await sums()).toEqual(['PAID', 0, 0, true])
  })

  it('of a deposit that is not counted lowers nothing, even if a person confirms it', async () => {
    await tellIssued(world, tno, 10_000)
    await told(10_000)
    await told(5_000)
    await reversed(5_000)
    const { deposits } = await paymentOf(tno)
    const [, second, reversal] = deposits
    expect(reversal?.state).toBe('UNVERIFIED')
    expect(await problemOf(decide(reversal?.id))).toBe('deposit.not_received')
    expect(await sums()).toEqual(['PAID', 10_000, 0, true])
    // Once its deposit counts, so does what took it back.
    await decide(second?.id)
    expect(await depositsOf()).toEqual([
      ['deposit', 'APPLIED', null],
      ['deposit', 'APPLIED', 'not_awaited'],
      ['reversal', 'APPLIED', 'not_received'],
    ])
    expect(await sums()).toEqual(['PAID', 10_000, 0, true])
    await expectSums()
  })

  it('with another account than the deposit’s waits for a person', async () => {
    await tellIssued(world, tno, 10_000)
    await told(10_000)
    await reversed(10_000, { account: '99999999999999' })
    expect(await sums()).toEqual(['PAID', 10_000, 0, true])
    await decide(await unverified())
    expect(await sums()).toEqual(['ISSUED', 0, 0, false])
    expect(await kinds()).toEqual(['deposit_reversed'])
    await expectSums()
  })

  it('before its deposit makes the same of both', async () => {
    await tellIssued(world, tno, 10_000)
    await reversed(10_000)
    expect(await depositsOf()).toEqual([['reversal', 'UNVERIFIED', 'not_received']])
    await told(10_000)
    expect(await sums()).toEqual(['ISSUED', 0, 0, false])
    expect(await kinds()).toEqual(['deposit_reversed'])
    await expectSums()
  })
})

/** An intent that waits to be sent, as if the account it pays into had been proven. */
async function ready(paymentId: string, amount: number): Promise<string> {
  const id = randomUUID()
  const payment = await db.payment.findUniqueOrThrow({ where: { id: paymentId } })
  await sql(
    `INSERT INTO "Cancellation" (id, "paymentId", "storeId", "channelId", kind, state, amount, "taxFree", partial, "remainderShown", "remainderTaxFreeShown", reason, token, "inputHash", "requestedById", "requestedAt", "refundAccount", "refundAccountMasked", "refundAccountHash")
     VALUES ($1, $2, $3, $4, 'CANCEL', 'READY', $5, 0, true, 0, 0, 'test', gen_random_uuid()::text, '', $6, now(), '', '{"bank":"04","number":"****","holder":"*"}', 'hash')`,
    [id, paymentId, payment.storeId, payment.channelId, amount, world.operator.id],
  )
  await sql(
    `INSERT INTO "AccountCheck" (id, "storeId", "paymentId", by, result, bank, account, masked, hash, "checkedById", "checkedAt", "cancellationId")
     VALUES (gen_random_uuid(), $1, $2, 'gateway', 'MATCHED', '04', '', '{"bank":"04","number":"****","holder":"*"}', 'hash', $3, now(), $4)`,
    [payment.storeId, paymentId, world.operator.id, id],
  )
  return id
}

describe('a payment that only a notice told of', () => {
  const refund = async () => {
    const { id } = await paymentOf(tno)
    const sheet = await sheetFor({ id, paymentId: tno, pgTxId: tno }, 10_000)
    return requestCancellation(personContext(world, world.operator), sheet)
  }

  it('is on record, unverified, counted nowhere and given back by nobody', async () => {
    await told(10_000)
    const payment = await paymentOf(tno)
    expect(payment).toMatchObject({ source: 'notice', method: 'VIRTUAL_ACCOUNT', status: 'ISSUED', amount: 10_000n })
    expect(await depositsOf()).toEqual([['deposit', 'UNVERIFIED', 'unknown_payment']])
    expect(await kinds()).toEqual(['deposit_unverified'])
    expect(payment.personalSealed).not.toContain(ACCOUNT)
    const view = await getPayment(personContext(world, world.operator), payment.id)
    expect(view.deposits).toMatchObject({ noticeAlone: true, may: false, confirmed: null })
    expect([view.denial?.rule, view.close?.denial?.rule]).toEqual(['SUM-SOURCE', 'SUM-SOURCE'])
    const close = { ...(await sheetFor({ id: payment.id, paymentId: tno, pgTxId: tno }, 0)), kind: 'CLOSE' as const }
    expect(await problemOf(requestCancellation(personContext(world, world.operator), close))).toBe(
      'cancellation.refused',
    )
    expect(await problemOf(refund())).toBe('cancellation.refused')
    await expectSums()
  })

  it('is vouched for by the person who confirms its deposit, and can then be given back into a proven account', async () => {
    await told(10_000)
    await decide(await unverified())
    const payment = await paymentOf(tno)
    expect(payment).toMatchObject({ source: 'notice', status: 'PAID', confirmedById: world.manager.id })
    const judged = await previewCancellation(personContext(world, world.operator), {
      paymentId: payment.id,
      amount: 10_000,
      taxFree: 0,
    })
    expect(judged.denial).toMatchObject({ rule: 'CANCEL-ACCOUNT', kind: 'needs' })
    await ready(payment.id, 10_000)
    const view = await getPayment(manager(), payment.id)
    expect(view.deposits).toMatchObject({ noticeAlone: false, confirmed: { who: world.manager.name } })
    await expectSums()
  })

  it('is judged again when the shop tells of it: what fits counts, what does not is said', async () => {
    await told(10_000)
    await tellIssued(world, tno, 10_000)
    expect(await sums()).toEqual(['PAID', 10_000, 0, true])
    const payment = await paymentOf(tno)
    expect([payment.source, payment.deposits[0]?.decidedBy, payment.orderName]).toEqual([
      'shop',
      'record',
      '핸드드립 원두',
    ])
    expect(await kinds()).toEqual([])
    await tellIssued(world, tno, 10_000)
    await expectSums()

    tno = newTno()
    await told(10_000)
    await tellIssued(world, tno, 12_000)
    expect(await sums()).toEqual(['ISSUED', 0, 0, false])
    expect(await kinds()).toEqual(['amount_differs', 'deposit_unverified'])
    const [shown] = (await getPayment(manager(), (await paymentOf(tno)).id)).deposits?.items ?? []
    expect(shown?.doubt).toBe('other_amount')
  })

  it('that was vouched for and turns out to be of another amount is said too', async () => {
    await told(10_000)
    await decide(await unverified())
    await tellIssued(world, tno, 12_000)
    expect(await sums()).toEqual(['PAID', 10_000, 0, true])
    expect(await kinds()).toEqual(['amount_differs'])
    const [task] = (await paymentOf(tno)).tasks
    expect(task?.facts).toEqual({ ordered: 12_000, deposited: 10_000 })
  })

  it('and taken back: both are kept, and count only together', async () => {
    await reversed(10_000)
    await told(10_000)
    expect((await depositsOf()).map(([, state]) => state)).toEqual(['UNVERIFIED', 'UNVERIFIED'])
    await tellIssued(world, tno, 10_000)
    expect((await depositsOf()).map(([, state]) => state)).toEqual(['APPLIED', 'APPLIED'])
    expect(await sums()).toEqual(['ISSUED', 0, 0, false])
    await expectSums()
  })

  it('first seen by two at once is one payment', async () => {
    const fields = [depositFields(world, tno, 10_000), depositFields(world, tno, 10_000)]
    await Promise.all([...fields.map((one) => tell(world, one)), tellIssued(world, tno, 10_000)])
    await tell(world, depositFields(world, tno, 1, { noti_id: 'last' }))
    expect(await db.payment.count({ where: { storeId: world.storeId } })).toBe(1)
    expect((await sums()).slice(0, 2)).toEqual(['PAID', 10_000])
    await expectSums()
  })
})

describe('in any order, any number of times', () => {
  type Step = 'issued' | 'deposit' | 'again' | 'reversal' | 'small' | 'small back' | 'elsewhere'
  const steps: readonly Step[] = ['issued', 'deposit', 'again', 'reversal', 'small', 'small back', 'elsewhere']

  it('the same came in, the sums hold, and the days hold what their deposits and reversals come to', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.subarray([...steps]),
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.boolean(),
        async (some, seed, twice) => {
          const outcomes = new Set<string>()
          for (let turn = 0; turn < 2; turn += 1) {
            world = await newNoticeWorld()
            tno = newTno()
            const noon = world.clock.now
            const day = (days: number) => {
              world.clock.now = plus(noon, days * DAY_MS)
            }
            const fields = new Map<Step, Fields>()
            const of = (step: Step, days: number, amount: number, change: Fields = {}) => {
              day(days)
              fields.set(step, depositFields(world, tno, amount, change))
            }
            of('deposit', 0, 10_000)
            of('again', 2, 10_000)
            of('reversal', 1, 10_000, { op_cd: '13' })
            of('small', 0, 3_000)
            of('small back', 1, 3_000, { op_cd: '13' })
            of('elsewhere', 1, 10_000, { account: '11111111111111' })
            for (const step of shuffled(twice ? [...some, ...some] : some, seed + turn)) {
              const notice = fields.get(step)
              if (notice) await tell(world, notice)
              else await tellIssued(world, tno, 10_000)
              await expectSums()
            }
            const payment = await db.payment.findFirst({
              where: { storeId: world.storeId },
              include: { deposits: true },
            })
            outcomes.add(String(payment?.received ?? 0n))
          }
          expect(outcomes.size).toBe(1)
        },
      ),
      { numRuns: 12 },
    )
  }, 120_000)

  /** A fixed order for a number, so that a failing run can be repeated. */
  function shuffled(some: readonly Step[], seed: number): Step[] {
    return some
      .map(
        (step, index) =>
          [step, Math.sin(seed + index * 7.3) * 10_000 - Math.floor(Math.sin(seed + index * 7.3) * 10_000)] as const,
      )
      .toSorted(([, a], [, b]) => a - b)
      .map(([step]) => step)
  }
})

describe('the database refuses', () => {
  const insert = (change: Record<string, unknown> = {}) => {
    const row: Record<string, unknown> = {
      id: randomUUID(),
      storeId: world.storeId,
      accountId: world.accountId,
      key: randomUUID(),
      kind: 'deposit',
      amount: 10_000,
      at: new Date(),
      state: 'APPLIED',
      seenAt: new Date(),
      decidedBy: 'notice',
      decidedAt: new Date(),
      ...change,
    }
    const names = Object.keys(row)
    return sql(
      `INSERT INTO "Deposit" (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
      Object.values(row),
    )
  }

  it('to edit, undo, delete or count twice what came in, and what was received by hand', async () => {
    const paymentId = await tellIssued(world, tno, 10_000)
    await told(10_000)
    const id = (await paymentOf(tno)).deposits[0]?.id
    for (const set of [
      `amount = 1`,
      `state = 'REFUSED'`,
      `state = 'UNVERIFIED', "decidedBy" = NULL, "decidedAt" = NULL, why = 'x'`,
      `"decidedAt" = now()`,
      `"paymentId" = gen_random_uuid()`,
      `note = 'x'`,
    ])
      await expect(sql(`UPDATE "Deposit" SET ${set} WHERE id = $1`, [id]), set).rejects.toThrow('decided once')
    await expect(sql(`DELETE FROM "Deposit" WHERE id = $1`, [id])).rejects.toThrow('append-only')
    await expect(sql(`TRUNCATE "Deposit"`)).rejects.toThrow('append-only')
    const { key, accountId } = (await paymentOf(tno)).deposits[0] ?? {}
    await expect(insert({ paymentId, key, accountId })).rejects.toThrow('Deposit_accountId_key_key')
    for (const set of ['received = 1', '"paidAt" = NULL, received = 0', '"receivedTaxFree" = 5', '"paidAt" = now()'])
      await expect(sql(`UPDATE "Payment" SET ${set} WHERE id = $1`, [paymentId]), set).rejects.toThrow('never edited')
    expect(await sums()).toEqual(['PAID', 10_000, 0, true])
  })

  it('a deposit that says not who decided, of nothing, of a card, or of another store', async () => {
    const paymentId = await tellIssued(world, tno, 10_000)
    await expect(insert({ paymentId, decidedBy: null })).rejects.toThrow('Deposit_check')
    await expect(insert({ paymentId, decidedBy: 'person' })).rejects.toThrow('Deposit_check')
    await expect(insert({ paymentId, amount: 0 })).rejects.toThrow('Deposit_check')
    await expect(insert({ paymentId, kind: 'gift' })).rejects.toThrow('Deposit_check')
    const open = { state: 'UNVERIFIED', decidedBy: null, decidedAt: null }
    await expect(insert({ paymentId, ...open })).rejects.toThrow('Deposit_check')
    await expect(insert({ paymentId, storeId: (await newNoticeWorld()).storeId })).rejects.toThrow('of its store')
    const card = await tellIssued(world, newTno(), 10_000, { pay_method: 'PACA', card_cd: 'CCLG', account: '' })
    await expect(insert({ paymentId: card })).rejects.toThrow('belongs to a virtual account')
    await insert({ paymentId, ...open, why: 'other_amount' })
    expect(await sums()).toEqual(['ISSUED', 0, 0, false])
  })

  it('a refund of what only a notice told, and a source that gets worse', async () => {
    await told(10_000)
    const { id } = await paymentOf(tno)
    // Money on it by force, so that the sums alone would let it go.
    await insert({ paymentId: id })
    await expect(ready(id, 1_000)).rejects.toThrow('told by a notice alone')
    await expect(sql(`UPDATE "Payment" SET source = 'elsewhere' WHERE id = $1`, [id])).rejects.toThrow(
      'Payment_source_check',
    )
    await tellIssued(world, tno, 10_000)
    await expect(sql(`UPDATE "Payment" SET source = 'notice' WHERE id = $1`, [id])).rejects.toThrow('who told')
    await sql(`UPDATE "Payment" SET "confirmedById" = gen_random_uuid(), "confirmedAt" = now() WHERE id = $1`, [id])
    await expect(sql(`UPDATE "Payment" SET "confirmedAt" = now() WHERE id = $1`, [id])).rejects.toThrow('vouched')
    await ready(id, 1_000)
  })
})

it('nothing of a notice stands in clear where only masked data may', async () => {
  await told(10_000, { remitter: '뚱딴지' })
  const rows = await sql(
    `SELECT (SELECT json_agg(d) FROM "Deposit" d WHERE "storeId" = $1)::text || (SELECT json_agg(p) FROM "Payment" p WHERE "storeId" = $1)::text || (SELECT json_agg(n) FROM "Notice" n WHERE "accountId" = $2)::text || (SELECT json_agg(a) FROM "AuditEntry" a WHERE "storeId" = $1)::text || (SELECT json_agg(t) FROM "Task" t WHERE "storeId" = $1)::text AS all`,
    [world.storeId, world.accountId],
  )
  const all = JSON.stringify(rows.rows)
  expect(all).toContain(tno)
  for (const secret of [ACCOUNT, '뚱딴지']) expect(all).not.toContain(secret)
  expect(noticeContext(world).actor).toEqual({ kind: 'system', name: 'notice' })
  expect(SITE).toHaveLength(5)
})
