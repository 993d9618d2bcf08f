// Taking files out: whose, what is in them, once and in time, recorded, and in little memory however many rows.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import readExcel from 'read-excel-file/node'
import { createTranslator } from 'use-intl/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { formatTime, fromDate, kstDate, MINUTE_MS, plus } from '#lib/domain/kst.ts'
import { messagesOf, type Messages } from '#lib/i18n/messages.ts'
import { wordsOf, type Words } from '#lib/i18n/words.ts'
import { now } from '#lib/server/clock.ts'
import type { Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { contextOf, newPayment, newWorld, person, type Made, type World } from '#lib/testing/world.ts'
import { takeTurn } from '#lib/server/rate-limit.ts'
import { createExport, offerExport } from './create-export.ts'
import { unmarked } from './csv.ts'
import { downloadExport, getExport } from './download-export.ts'

let world: World
let manager: Person
let words: Words
let first: Made

beforeAll(async () => {
  world = await newWorld()
  manager = await person(world.storeId, 'MANAGER')
  words = wordsOf('ko', createTranslator<Messages>({ locale: 'ko', messages: await messagesOf('ko') }))
  first = await newPayment(world, { amount: 12_000 })
  await newPayment(world, { amount: 3_500 })
  await db.reference.updateMany({
    where: { paymentId: first.id, kind: 'APPROVAL_NUMBER' },
    data: { value: '00012345' },
  })
  await db.payment.update({ where: { id: first.id }, data: { pgTxId: '000123456789', orderName: '=1+1' } })
})

const wish = { what: 'payments' as const, format: 'csv' as const, filter: {}, reason: '정산 대조' }
type Wish = Parameters<typeof createExport>[1]
const make = (actor: Person, given: Partial<Wish> = {}) => createExport(contextOf(actor), { ...wish, ...given })
const bytesOf = async (actor: Person, id: string) => {
  const { body } = await downloadExport(contextOf(actor), { id }, words)
  return Buffer.from(await new Response(body).arrayBuffer())
}
const linesOf = (bytes: Buffer): Record<string, string>[] =>
  parse(bytes, { bom: true, columns: true, cast: (value) => unmarked(value) })
const csvOf = async (actor: Person, given: Partial<Wish> = {}) =>
  linesOf(await bytesOf(actor, (await make(actor, given)).id))

describe('what is in the file', () => {
  it('the payments found, times as on the screen, numbers as text, amounts as numbers: in both formats', async () => {
    const payment = await db.payment.findUniqueOrThrow({ where: { id: first.id } })
    const at = fromDate(payment.approvedAt)
    const rows = await csvOf(manager)
    expect(rows).toHaveLength(2)
    const row = rows.find((one) => one['거래번호'] === '000123456789')
    expect(row).toMatchObject({
      '승인 시각': `${kstDate(at)} ${formatTime(at)}`,
      상태: '승인',
      금액: '12000',
      남음: '12000',
      통화: 'KRW',
      주문명: '=1+1',
      승인번호: '00012345',
      환경: 'SANDBOX',
    })
    const { id } = await make(manager, { format: 'xlsx' })
    const [sheet] = await readExcel(await bytesOf(manager, id))
    const [head = [], ...body] = sheet?.data ?? []
    const cells = body.map((cellsOfRow) =>
      Object.fromEntries(head.map((name, index) => [String(name), cellsOfRow[index]])),
    )
    expect(cells.find((one) => one['거래번호'] === '000123456789')).toMatchObject({
      '승인 시각': `${kstDate(at)} ${formatTime(at)}`,
      금액: 12_000,
      주문명: '=1+1',
      승인번호: '00012345',
    })
  })

  it('what the list is narrowed to, and what was typed into its box, which is kept nowhere readable', async () => {
    expect(await csvOf(manager, { filter: { method: 'MOBILE' } })).toEqual([])
    const { id } = await make(manager, { filter: { q: first.paymentId, store: world.storeId } })
    const kept = await db.export.findUniqueOrThrow({ where: { id } })
    const entry = await db.auditEntry.findFirstOrThrow({ where: { subjectId: id } })
    expect(JSON.stringify([kept.filter, entry.facts])).not.toContain(first.paymentId)
    expect(linesOf(await bytesOf(manager, id)).map((row) => row['결제번호'])).toEqual([first.paymentId])
  })

  it('cancels and audit rows, page after page', async () => {
    expect(await csvOf(manager, { what: 'cancellations' })).toEqual([])
    await db.auditEntry.createMany({
      data: Array.from({ length: 2_300 }, (_, index) => ({
        at: new Date(),
        actor: 'worker',
        storeId: world.storeId,
        action: 'cancellation.asked',
        outcome: 'done',
        facts: { index },
        requestId: randomUUID(),
      })),
    })
    const rows = await csvOf(manager, { what: 'audit', filter: { action: 'cancellation.asked' } })
    expect(rows.map((row) => z.object({ index: z.number() }).parse(JSON.parse(row['내용'] ?? '')).index)).toEqual(
      Array.from({ length: 2_300 }, (_, index) => 2_299 - index),
    )
  })

  it('nothing of a payment that the list would not show: no name, no number in full', async () => {
    const sealed = await db.payment.findMany({ select: { personalSealed: true, buyerMasked: true } })
    expect(sealed.every((row) => row.personalSealed !== null)).toBe(true)
    const bytes = await bytesOf(manager, (await make(manager)).id)
    for (const { buyerMasked } of sealed) if (buyerMasked) expect(bytes.toString()).toContain(buyerMasked)
    expect(bytes.toString()).not.toMatch(/홍길동|010\d{8}|010-\d{4}-\d{4}/)
  })
})

describe('who', () => {
  it('below manager: denied with the permission and who has it; at another store there is nothing', async () => {
    for (const role of ['VIEWER', 'OPERATOR'] as const) {
      const denied = { code: 'permission.missing', facts: { permission: 'export.create', who: 'MANAGER, OWNER' } }
      const actor = await person(world.storeId, role)
      await expect(make(actor)).rejects.toMatchObject(denied)
      await expect(make(actor, { filter: { store: world.storeId } })).rejects.toMatchObject({ code: denied.code })
      await expect(offerExport(contextOf(actor), { what: 'payments' })).rejects.toMatchObject(denied)
    }
    const other = await newWorld(1)
    await expect(make(manager, { filter: { store: other.storeId } })).rejects.toMatchObject({ code: 'store.not_found' })
    expect(await db.export.count({ where: { filter: { path: ['rest', 'store'], equals: other.storeId } } })).toBe(0)
  })

  it('a store that may be seen and not taken out is left out, and said to be', async () => {
    const other = await newWorld(1)
    await newPayment(other, { amount: 777 })
    const mixed = { ...manager, grants: new Map([...manager.grants, [other.storeId, 'OPERATOR' as const]]) }
    const { name } = await db.store.findUniqueOrThrow({ where: { id: other.storeId } })
    const offer = await offerExport(contextOf(mixed), { what: 'payments' })
    expect(offer).toMatchObject({ rows: 2, leftOut: [name] })
    expect((await csvOf(mixed)).map((row) => row['금액'])).not.toContain('777')
    await expect(make(mixed, { filter: { store: other.storeId } })).rejects.toMatchObject({
      code: 'permission.missing',
    })
    const entry = await db.auditEntry.findFirstOrThrow({ where: { action: 'export.create' }, orderBy: { id: 'desc' } })
    expect(entry.facts).toMatchObject({ leftOut: [other.storeId] })
  })

  it('what the list does not know of a filter is neither kept nor recorded', async () => {
    const { id } = await make(manager, { filter: { method: 'CARD', surplus: '홍길동' } })
    const kept = await db.export.findUniqueOrThrow({ where: { id } })
    const said = await db.auditEntry.findFirstOrThrow({ where: { subjectId: id } })
    expect(JSON.stringify([kept.filter, said.facts])).toContain('CARD')
    expect(JSON.stringify([kept.filter, said.facts])).not.toMatch(/surplus|홍길동/)
  })

  it('how many there are of somebody is an answer too: it is counted and recorded as the search it is', async () => {
    const actor = await person(world.storeId, 'MANAGER')
    await offerExport(contextOf(actor), { what: 'payments', q: '20261120123456' })
    await offerExport(contextOf(actor), { what: 'payments', q: '홍길동' })
    const entries = await db.auditEntry.findMany({ where: { action: 'payment.list', actorId: actor.id } })
    expect(entries.map(({ facts }) => facts)).toEqual([{ by: 'name' }])
    for (let time = 1; time < 60; time += 1) await takeTurn('search', actor.id)
    await expect(offerExport(contextOf(actor), { what: 'payments', q: '홍길동' })).rejects.toMatchObject({
      code: 'request.too_many',
    })
  })

  it('a permission that is gone when the file is fetched', async () => {
    const { id } = await make(manager)
    const demoted = { ...manager, grants: new Map([[world.storeId, 'VIEWER' as const]]) }
    await expect(bytesOf(demoted, id)).rejects.toMatchObject({ code: 'permission.missing' })
    expect(linesOf(await bytesOf(manager, id))).toHaveLength(2)
  })
})

describe('once, in time, recorded', () => {
  it('its maker, once, also where two ask at the same moment', async () => {
    const { id } = await make(manager)
    await expect(bytesOf(await person(world.storeId, 'MANAGER'), id)).rejects.toMatchObject({
      code: 'export.not_found',
    })
    const answers = await Promise.allSettled([bytesOf(manager, id), bytesOf(manager, id)])
    expect(answers.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    expect(await getExport(contextOf(manager), { id })).toMatchObject({ state: 'finished', rows: 2, total: 2 })
    const entries = await db.auditEntry.findMany({ where: { subjectId: id }, orderBy: { id: 'asc' } })
    expect(entries.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['export.create', 'done'],
      ['export.download', 'done'],
    ])
    expect(entries[0]?.facts).toMatchObject({ what: 'payments', format: 'csv', reason: '정산 대조', rows: 2 })
    expect(entries[1]?.facts).toMatchObject({ rows: 2 })
  })

  it('not after ten minutes', async () => {
    const { id } = await make(manager)
    const later = { ...contextOf(manager), now: () => plus(now(), 10 * MINUTE_MS + 1) }
    expect(await getExport(later, { id })).toMatchObject({ state: 'expired' })
    await expect(downloadExport(later, { id }, words)).rejects.toMatchObject({ code: 'export.not_found' })
  })

  it('what broke off is recorded, and may be taken again', async () => {
    const { id } = await make(manager, { what: 'audit', filter: { action: 'cancellation.asked' } })
    const { body } = await downloadExport(contextOf(manager), { id }, words)
    const reader = body.getReader()
    await reader.read()
    await reader.cancel()
    expect(await getExport(contextOf(manager), { id })).toMatchObject({ state: 'ready' })
    const broken = await db.auditEntry.findFirst({ where: { subjectId: id, action: 'export.download' } })
    expect(broken?.outcome).toBe('failed')
    expect(linesOf(await bytesOf(manager, id))).toHaveLength(2_300)
  })

  it('a filter that no list takes is refused', async () => {
    await expect(make(manager, { filter: { method: 'GOLD' } })).rejects.toMatchObject({ code: 'request.invalid' })
    await expect(make(manager, { what: 'audit', filter: { outcome: 'x' } })).rejects.toMatchObject({
      code: 'request.invalid',
    })
  })
})

const ROWS = 200_000

describe('many rows', () => {
  it(`${ROWS} in a process with 128 MB, in both formats`, { timeout: 900_000 }, async () => {
    const many = await newWorld()
    const boss = await person(many.storeId, 'MANAGER')
    await db.$executeRaw`
      INSERT INTO "Payment" (id, "storeId", "channelId", environment, pg, mid, "pgTxId", method, currency, amount, "taxFree", received, "orderName", "requestedAt", "approvedAt", "paidAt", "buyerMasked", "methodFacts")
      SELECT gen_random_uuid(), ${many.storeId}::uuid, ${many.channelId}::uuid, 'sandbox', 'KSNET', 'many', lpad(n::text, 12, '0'), 'CARD', 'KRW', n, 0, n, '데일리 후드티 외 1건', t, t, t, '홍*동',
        '{"card":{"issuer":"KOOKMIN_CARD","number":"4017-61**-****-825*"}}'
      FROM generate_series(1, ${ROWS}::int) n, LATERAL (SELECT timestamptz '2026-06-01' + n * interval '1 minute' AS t) at`
    const takenOut = async (format: 'csv' | 'xlsx') => {
      const input = JSON.stringify({ personId: boss.id, storeId: many.storeId, format })
      const child = spawn(
        process.execPath,
        ['--conditions=react-server', '--max-old-space-size=128', 'lib/testing/export-all.ts', input],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      )
      const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
      expect(code).toBe(0)
      const { bytes, rows, rss } = z
        .object({ bytes: z.number(), rows: z.number(), rss: z.number() })
        .parse(JSON.parse(said))
      expect(rows).toBe(ROWS)
      expect(bytes).toBeGreaterThan(format === 'csv' ? 20_000_000 : 2_000_000)
      // The whole CSV alone would be some 40 MB of it; the rows as objects ten times that.
      expect(rss).toBeLessThan(450_000)
    }
    await Promise.all([takenOut('csv'), takenOut('xlsx')])
  })
})
