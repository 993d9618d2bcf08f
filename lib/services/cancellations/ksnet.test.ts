// Cancels at KSNET, by socket and by REST: nobody can be asked there, so what is not known stays unknown until people know it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { DAY_MS, HOUR_MS, instant, MINUTE_MS, plus, toIso } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { db, lockPayment, transaction } from '#lib/server/db.ts'
import { crashPoints } from '#lib/testing/crash.ts'
import { newKsnetPayment, newKsnetWorld } from '#lib/testing/ksnet-world.ts'
import {
  contextOf,
  control,
  invariantsOf,
  nextNoon,
  person,
  sheetFor,
  systemContext,
  type Made,
  type World,
} from '#lib/testing/world.ts'
import { uploadEvidence } from '../evidence/evidence.ts'
import { recordOutcome } from './record-outcome.ts'
import { requestCancellation, type RequestCancellation } from './request-cancellation.ts'
import { decideResolution, proposeResolution } from './resolve-cancellation.ts'
import { claimSending, sendCancellation, talk } from './send-cancellation.ts'
import { settleFromFile } from './settle-from-file.ts'
import { sweepCancellations } from './sweep-cancellations.ts'

let world: World
let clock = instant(0)
const system = () => ({ ...systemContext(), now: () => clock })
const clerk = () => ({ ...contextOf(world.operator), now: () => clock })
const rowOf = (id: string) => db.cancellation.findUniqueOrThrow({ where: { id } })
const paymentOf = ({ id }: Made) => db.payment.findUniqueOrThrow({ where: { id } })
const fault = (kind: string) =>
  control('/faults', { gateway: 'ksnet', operation: 'cancel', fault: kind, times: 1, ms: 60_000 })

const entries = z.array(z.object({ operation: z.string(), effect: z.string() }))
/** How often money went back at KSNET through us, and how often it was asked to. */
async function journal({ paymentId }: Made): Promise<{ executed: number; asked: number }> {
  const all = entries.parse(await control(`/journal?gateway=ksnet&payment=${paymentId}`))
  const cancels = all.filter((entry) => entry.operation === 'cancel')
  return { executed: cancels.filter((entry) => entry.effect === 'executed').length, asked: cancels.length }
}

/** Both clocks run on, and what has become due is done. */
async function later(ms: number): Promise<void> {
  clock = plus(clock, ms)
  await control('/clock', { now: toIso(clock) })
  while ((await sweepCancellations(system())) > 0);
}

async function cancelOf(payment: Made, amount: number, more: Partial<RequestCancellation> = {}): Promise<string> {
  const sheet = { ...(await sheetFor(payment, amount)), ...more }
  await requestCancellation(clerk(), sheet)
  await sendCancellation(system(), sheet.id)
  return sheet.id
}

async function refusal(payment: Made, amount: number): Promise<string> {
  const sheet = await sheetFor(payment, amount)
  const refused = await requestCancellation(clerk(), sheet).catch((error: unknown) => error)
  if (!(refused instanceof DomainError)) throw new Error(`not refused: ${String(refused)}`)
  expect(await db.cancellation.count({ where: { id: sheet.id } })).toBe(0)
  return `${String(refused.facts['rule'] ?? refused.code)}:${String(refused.facts['reason'] ?? '')}`
}

const LETTER = 'iVBORw0KGgo='

/** Two managers who looked it up in KSNET's own admin, or asked KSNET. */
async function peopleSay(id: string, happened: boolean): Promise<void> {
  const [first, second] = [await person(world.storeId, 'MANAGER'), await person(world.storeId, 'MANAGER')]
  const { paymentId } = await rowOf(id)
  const letter = await uploadEvidence(contextOf(first), { paymentId, name: '회신.png', data: LETTER })
  const { id: resolution } = await proposeResolution(
    { ...contextOf(first), now: () => clock },
    {
      cancellationId: id,
      happened,
      evidence: happened
        ? { kind: 'approval_number', approvalNumber: '00876543', again: '00876543' }
        : { kind: 'agent', agent: '상담원', spokenAt: clock, evidenceId: letter.id },
      note: 'KSNET 관리자 화면 확인',
    },
  )
  await decideResolution({ ...contextOf(second), now: () => clock }, { id: resolution, agree: true })
}

beforeEach(async () => {
  await control('/reset', {})
  clock = await nextNoon()
})

describe.each(['socket', 'rest'] as const)('by %s', (way) => {
  beforeEach(async () => {
    world = await newKsnetWorld(way)
  })

  it('parts and the last of it are done, each known by its number', async () => {
    const payment = await newKsnetPayment(world, { amount: 27_900 })
    const ids = [await cancelOf(payment, 22_500), await cancelOf(payment, 5_400)]
    const rows = await Promise.all(ids.map(rowOf))
    expect(rows.map((row) => [row.state, row.gatewayCancellationId])).toEqual([
      ['DONE', `${payment.paymentId}/01`],
      ['DONE', `${payment.paymentId}/02`],
    ])
    expect(await paymentOf(payment)).toMatchObject({ refunded: 27_900n, status: 'REFUNDED' })
    expect(await journal(payment)).toEqual({ executed: 2, asked: 2 })
    expect(await invariantsOf(payment.id)).toEqual([])
  })

  it('nine parts are taken, and a tenth is not, the rest included', async () => {
    const payment = await newKsnetPayment(world, { amount: 10_000 })
    for (let part = 1; part <= 9; part += 1) await cancelOf(payment, 1_000)
    expect(await paymentOf(payment)).toMatchObject({ refunded: 9_000n })
    expect(await refusal(payment, 1_000)).toContain('CANCEL-COUNT')
    expect(await journal(payment)).toEqual({ executed: 9, asked: 9 })
  })

  it('the whole is done at once', async () => {
    const payment = await newKsnetPayment(world, { amount: 12_000 })
    const id = await cancelOf(payment, 12_000)
    expect(await rowOf(id)).toMatchObject({ state: 'DONE', gatewayCancellationId: `${payment.paymentId}/00` })
    expect(await journal(payment)).toEqual({ executed: 1, asked: 1 })
  })

  it('of two clerks with the same sheet one is told, and one refund is made', async () => {
    const payment = await newKsnetPayment(world, { amount: 5_000 })
    const colleague = { ...contextOf(await person(world.storeId, 'OPERATOR')), now: () => clock }
    const [one, other] = [await sheetFor(payment, 1_000), await sheetFor(payment, 1_000)]
    const results = await Promise.allSettled([requestCancellation(clerk(), one), requestCancellation(colleague, other)])
    expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await sendCancellation(system(), one.id)
    await sendCancellation(system(), other.id)
    expect(await journal(payment)).toEqual({ executed: 1, asked: 1 })
  })

  it.each(['reply-lost', 'error-though-done', 'half-answer', 'doubled-answer', 'empty-body'])(
    'done, but answered with %s: unknown for ever, never sent again, and closed by two people',
    async (kind) => {
      const payment = await newKsnetPayment(world, { amount: 10_000 })
      await fault(kind)
      const id = await cancelOf(payment, 10_000)
      for (const wait of [MINUTE_MS, HOUR_MS, DAY_MS]) await later(wait)
      expect((await rowOf(id)).state).toBe('UNCONFIRMED')
      expect(await paymentOf(payment)).toMatchObject({ refunded: 0n, open: 10_000n })
      await expect(requestCancellation(clerk(), await sheetFor(payment, 10_000))).rejects.toBeInstanceOf(DomainError)
      const { executed, asked } = await journal(payment)
      expect([executed, asked]).toEqual([1, 1])
      await peopleSay(id, true)
      expect(await rowOf(id)).toMatchObject({ state: 'DONE', approvalNumber: '00876543' })
      expect(await paymentOf(payment)).toMatchObject({ refunded: 10_000n, open: 0n, status: 'REFUNDED' })
      expect(await invariantsOf(payment.id)).toEqual([])
    },
  )

  it('that people and then a file settled, and that is answered after all, is counted once', async () => {
    const payment = await newKsnetPayment(world, { amount: 10_000 })
    const sheet = await sheetFor(payment, 3_000)
    await requestCancellation(clerk(), sheet)
    const claim = await claimSending(system(), sheet.id)
    if (!claim) throw new Error('no claim')
    // The answer is there, but whoever heard it was stopped before it could be written down.
    const heard = await talk(claim)
    expect(heard.outcome.kind).toBe('done')
    await later(HOUR_MS)
    expect(await rowOf(sheet.id)).toMatchObject({ state: 'UNCONFIRMED' })
    await peopleSay(sheet.id, false)
    await transaction(async (tx) => {
      await lockPayment(tx, payment.id)
      const row = await tx.payment.findUniqueOrThrow({ where: { id: payment.id } })
      await settleFromFile(tx, system(), row, [{ amount: minor(3_000), at: clock }])
    })
    await recordOutcome(system(), claim, heard)
    expect(await paymentOf(payment)).toMatchObject({ refunded: 3_000n })
    const refunds = await db.refund.findMany({ where: { paymentId: payment.id }, include: { seen: true } })
    expect(refunds).toMatchObject([
      { source: 'file', amount: 3_000n, seen: [{ gatewayCancellationId: `${payment.paymentId}/01`, amount: 3_000n }] },
    ])
    expect(await invariantsOf(payment.id)).toEqual([])
  })

  it('nobody is said to have been asked, and nobody is asked again, where nobody can be', async () => {
    const payment = await newKsnetPayment(world, { amount: 10_000 })
    await fault('reply-lost')
    const ids = [await cancelOf(payment, 10_000)]
    const other = await newKsnetPayment(world, { amount: 10_000 })
    const sheet = await sheetFor(other, 10_000)
    await requestCancellation(clerk(), sheet)
    await claimSending(system(), sheet.id)
    for (const wait of [MINUTE_MS, HOUR_MS, DAY_MS]) await later(wait)
    for (const id of [...ids, sheet.id])
      expect(await rowOf(id)).toMatchObject({ state: 'UNCONFIRMED', asked: 0, nextAskAt: null })
    const said = await db.auditEntry.findMany({ where: { subjectId: { in: [payment.id, other.id] } } })
    expect(said.map(({ action }) => action)).not.toContain('cancellation.asked')
    expect(
      said.find(({ subjectId, action }) => subjectId === other.id && action === 'cancellation.outcome'),
    ).toMatchObject({
      facts: { state: 'UNCONFIRMED', cause: 'no_answer_recorded' },
    })
  })

  it('lost on the way there: unknown too; after people said that it did not happen a new one needs approval', async () => {
    const payment = await newKsnetPayment(world, { amount: 10_000 })
    await fault('request-lost')
    const id = await cancelOf(payment, 10_000)
    await later(DAY_MS)
    expect((await rowOf(id)).state).toBe('UNCONFIRMED')
    await peopleSay(id, false)
    expect((await rowOf(id)).state).toBe('DECLINED')
    const again = await cancelOf(payment, 10_000)
    expect(await rowOf(again)).toMatchObject({ state: 'AWAITING_APPROVAL', afterId: id })
    expect(await journal(payment)).toMatchObject({ executed: 0 })
  })

  it('cancelled before, in KSNET’s own admin: never called done', async () => {
    const payment = await newKsnetPayment(world, { amount: 10_000 })
    await control('/outside-cancel', { payment: payment.paymentId, amount: 10_000 })
    const id = await cancelOf(payment, 10_000)
    await later(DAY_MS)
    expect((await rowOf(id)).state).toBe('UNCONFIRMED')
    expect(await paymentOf(payment)).toMatchObject({ refunded: 0n })
    expect(await journal(payment)).toMatchObject({ executed: 0 })
  })

  it('nothing left this machine: sent again, and done once', async () => {
    const payment = await newKsnetPayment(world, { amount: 3_000 })
    const sheet = await sheetFor(payment, 3_000)
    await requestCancellation(clerk(), sheet)
    const claim = await claimSending(system(), sheet.id)
    if (!claim) throw new Error('no claim')
    const { connector, call } = claim.account
    // To a port where nobody listens.
    const wire = connector.operations.cancel.request(claim.input, { ...call, endpoint: 'http://127.0.0.1:1' })
    const heard = await talk({ ...claim, wire })
    expect(heard.outcome.kind).toBe('not_sent')
    await recordOutcome(system(), claim, heard)
    expect(await rowOf(sheet.id)).toMatchObject({ state: 'READY', notSent: 1 })
    await later(MINUTE_MS)
    expect((await rowOf(sheet.id)).state).toBe('DONE')
    expect(await journal(payment)).toEqual({ executed: 1, asked: 1 })
  })

  it.each(crashPoints)('killed %s: one refund at most, and what is not known stays so', async (point) => {
    const payment = await newKsnetPayment(world, { amount: 5_000 })
    if (point === 'no answer yet') await fault('slow')
    const wish = await sheetFor(payment, 5_000)
    const input = JSON.stringify({ point, personId: world.operator.id, storeId: world.storeId, wish })
    const child = spawn(process.execPath, ['--conditions=react-server', 'lib/testing/crash.ts', input], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [, signal]: unknown[] = await once(child, 'exit')
    expect(signal).toBe('SIGKILL')
    for (const wait of [MINUTE_MS, HOUR_MS, DAY_MS]) await later(wait)
    const { state } = await rowOf(wish.id)
    const known = point === 'after commit 1' || point === 'job not ended'
    expect(state).toBe(known ? 'DONE' : 'UNCONFIRMED')
    expect((await journal(payment)).asked).toBeLessThanOrEqual(1)
    if (state === 'DONE') expect(await journal(payment)).toEqual({ executed: 1, asked: 1 })
    expect(await invariantsOf(payment.id)).toEqual([])
  })

  it('a paid virtual account is never refunded: no public message does it', async () => {
    const payment = await newKsnetPayment(world, { amount: 9_000, method: 'VIRTUAL_ACCOUNT' })
    expect(await refusal(payment, 9_000)).toContain('CANCEL-VA-DIRECT')
    expect(await journal(payment)).toEqual({ executed: 0, asked: 0 })
  })
})

describe('by socket alone', () => {
  beforeEach(async () => {
    world = await newKsnetWorld('socket')
  })

  it('an account that nobody paid into is closed, and no money moves', async () => {
    const payment = await newKsnetPayment(world, {
      amount: 9_000,
      method: 'VIRTUAL_ACCOUNT',
      status: 'VIRTUAL_ACCOUNT_ISSUED',
    })
    const id = await cancelOf(payment, 0, { kind: 'CLOSE' })
    expect(await rowOf(id)).toMatchObject({ state: 'DONE', gatewayCancellationId: `close:${payment.paymentId}` })
    expect(await paymentOf(payment)).toMatchObject({ status: 'CLOSED', refunded: 0n })
  })

  it('a transfer goes back whole on its own day, and not on the next', async () => {
    const payment = await newKsnetPayment(world, { amount: 9_000, method: 'TRANSFER' })
    const other = await newKsnetPayment(world, { amount: 9_000, method: 'TRANSFER' })
    expect(await refusal(payment, 4_000)).toContain('CANCEL-TRANSFER')
    expect(await rowOf(await cancelOf(payment, 9_000))).toMatchObject({ state: 'DONE' })
    await later(DAY_MS)
    expect(await refusal(other, 9_000)).toContain('CANCEL-TRANSFER')
  })

  it('a payment by telephone goes back whole only', async () => {
    const payment = await newKsnetPayment(world, { amount: 9_000, method: 'MOBILE' })
    expect(await refusal(payment, 4_000)).toContain('CANCEL-MOBILE')
    expect(await rowOf(await cancelOf(payment, 9_000))).toMatchObject({ state: 'DONE' })
  })
})
