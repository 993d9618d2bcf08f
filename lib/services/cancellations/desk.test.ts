// Refunds into accounts, the morning queue, two people, and closing by people, over the real sandbox and database.
import { setTimeout as pause } from 'node:timers/promises'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { DAY_MS, HOUR_MS, instant, MINUTE_MS, parseIso, plus, SECOND_MS, toIso, type Instant } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { db, transaction } from '#lib/server/db.ts'
import { log } from '#lib/server/log.ts'
import {
  accountOf,
  contextOf,
  control,
  invariantsOf,
  journalOf,
  newPayment,
  newWorld,
  person,
  sheetFor,
  systemContext,
  type Made,
  type World,
} from '#lib/testing/world.ts'
import { checkAccount } from '../account-checks/check-account.ts'
import { confirmAccountProof, proposeAccountProof } from '../account-checks/people-proof.ts'
import { readEvidence, uploadEvidence } from '../evidence/evidence.ts'
import { getPayment } from '../payments/get-payment.ts'
import { readAtGateway } from '../payments/read-at-gateway.ts'
import { resumeSending, stopSending } from '../stores/manage-stores.ts'
import type { Person } from '#lib/server/context.ts'
import { approveCancellation, rejectCancellation } from './approve-cancellation.ts'
import { findCancellations } from './find-cancellations.ts'
import { recordOutcome } from './record-outcome.ts'
import { requestCancellation, type RequestCancellation } from './request-cancellation.ts'
import { decideResolution, proposeResolution } from './resolve-cancellation.ts'
import { claimReplay, claimSending, sendCancellation, talk } from './send-cancellation.ts'
import { sweepCancellations } from './sweep-cancellations.ts'
import { withdrawCancellation } from './withdraw-cancellation.ts'

const atGateway = z.object({ cancellations: z.array(z.object({ pgCancellationId: z.string() })) })

let world: World
let clock: Instant = instant(Date.now())
const system = () => ({ ...systemContext(), now: () => clock })
const as = (who: Person) => ({ ...contextOf(who), now: () => clock })
const clerk = () => as(world.operator)
const problemOf = async (run: Promise<unknown>) => {
  try {
    await run
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error('no problem')
}
const at = (text: string): Instant => parseIso(text) ?? instant(Number.NaN)
/** Both clocks: ours and the gateway's. */
async function setClock(now: Instant): Promise<void> {
  clock = now
  await control('/clock', { now: toIso(now), ticking: false })
}
async function settle(): Promise<void> {
  while ((await sweepCancellations(system())) > 0);
}
const cancellation = (id: string) => db.cancellation.findUniqueOrThrow({ where: { id } })
const stateOf = async (id: string) => (await cancellation(id)).state
const HONG = { bank: '88', number: '110-123-456789', holder: '홍길동' } as const
const PNG = Buffer.from('89504e470d0a1a0a00', 'hex').toString('base64')

beforeEach(async () => {
  await control('/reset', {})
  await control('/settings', { platform: true })
  await db.rateLimiterFlexible.deleteMany()
  world = await newWorld()
  await db.channel.update({ where: { id: world.channelId }, data: { contract: { vaRefund: true } } })
  await setClock(at('2026-11-20T14:00:00+09:00'))
})

const deposit = (amount = 5_000) =>
  newPayment(world, {
    amount,
    method: 'VIRTUAL_ACCOUNT',
    status: 'PAID',
    paidAt: '2026-11-20T10:00:00+09:00',
  })
async function proven(payment: Made, account: { bank: string; number: string; holder: string } = HONG) {
  const check = await checkAccount(clerk(), { paymentId: payment.id, ...read(account) })
  return { checkId: check.id, ...account }
}
/** As the action's schema reads it. */
const read = (account: { bank: string; number: string; holder: string }) => ({
  ...account,
  bank: account.bank === '88' ? ('88' as const) : ('04' as const),
  number: account.number.replaceAll('-', ''),
})
async function wishFor(payment: Made, amount: number, more: Partial<RequestCancellation> = {}) {
  return { ...(await sheetFor(payment, amount)), ...more }
}
async function refusal(payment: Made, amount: number, more: Partial<RequestCancellation>) {
  const before = await db.cancellation.count()
  const { code, facts } = await problemOf(requestCancellation(clerk(), await wishFor(payment, amount, more)))
  expect(await db.cancellation.count()).toBe(before)
  return code === 'cancellation.refused' ? `${String(facts['rule'])}:${String(facts['reason'])}` : code
}

describe('a refund into an account', () => {
  it('goes only into the account that was checked, and the gateway gets that account', async () => {
    const payment = await deposit()
    const account = await proven(payment)
    const wish = await wishFor(payment, 2_000, { account })
    await requestCancellation(clerk(), wish)
    await sendCancellation(system(), wish.id)
    expect(await stateOf(wish.id)).toBe('DONE')
    expect(await invariantsOf(payment.id)).toEqual([])
    const [row] = await db.$queryRaw<
      { text: string }[]
    >`SELECT to_jsonb(c)::text AS text FROM "Cancellation" c WHERE id = ${wish.id}::uuid`
    expect(row?.text).toContain('6789')
    expect(row?.text).not.toMatch(/110123456789|홍길동/)
    const view = await getPayment(clerk(), payment.id)
    expect(view.cancellations[0]?.account).toEqual({ bank: '88', number: '****6789', holder: '홍*동' })
    expect(JSON.stringify(view)).not.toContain('110123456789')
  })

  it('is refused without a check, after an edit, twice with one check, and when the holder is another', async () => {
    const payment = await deposit()
    expect(await refusal(payment, 1_000, {})).toBe('CANCEL-ACCOUNT:none')
    const account = await proven(payment)
    expect(await refusal(payment, 1_000, { account: { ...account, number: '110222333444' } })).toBe(
      'CANCEL-ACCOUNT:edited',
    )
    expect(await refusal(payment, 1_000, { account: { ...account, holder: '홍길순' } })).toBe('CANCEL-ACCOUNT:edited')
    const wish = await wishFor(payment, 1_000, { account })
    await requestCancellation(clerk(), wish)
    await sendCancellation(system(), wish.id)
    expect(await stateOf(wish.id)).toBe('DONE')
    expect(await refusal(payment, 1_000, { account })).toBe('CANCEL-ACCOUNT:used')
    const other = await proven(payment, { ...HONG, holder: '김철수' })
    expect(await refusal(payment, 1_000, { account: other })).toBe('CANCEL-ACCOUNT:not_matched')
  })

  it('is refused with the check of another payment', async () => {
    const [payment, other] = [await deposit(), await deposit()]
    const account = await proven(other)
    expect(await refusal(payment, 1_000, { account })).toBe('CANCEL-ACCOUNT:edited')
  })

  it('is refused with a check that is ten minutes old, and taken a second before', async () => {
    const payment = await deposit()
    const account = await proven(payment)
    const checked = clock
    await setClock(plus(checked, 10 * MINUTE_MS + SECOND_MS))
    expect(await refusal(payment, 1_000, { account })).toBe('CANCEL-ACCOUNT:old')
    await setClock(plus(checked, 10 * MINUTE_MS))
    expect(await refusal(payment, 1_000, { account })).toBe('CANCEL-ACCOUNT:old')
    await setClock(plus(checked, 10 * MINUTE_MS - SECOND_MS))
    const wish = await wishFor(payment, 1_000, { account })
    await requestCancellation(clerk(), wish)
    await sendCancellation(system(), wish.id)
    expect(await stateOf(wish.id)).toBe('DONE')
  })

  it('tells a closed account, no answer, and a product that is not contracted from a match, and proves nothing by them', async () => {
    const payment = await deposit()
    const ask = (number: string) => checkAccount(clerk(), { paymentId: payment.id, ...read({ ...HONG, number }) })
    expect((await ask('110000000001')).result).toBe('REFUSED')
    expect((await ask('110000000002')).result).toBe('UNKNOWN')
    await control('/settings', { platform: false })
    const off = await ask('110123456789')
    expect([off.result, off.code, off.usableUntil]).toEqual(['REFUSED', 'PLATFORM_NOT_ENABLED', null])
    const view = await getPayment(clerk(), payment.id)
    expect(view.refundAccount?.how).toBe('people')
  })

  it('is not taken along by a cancel that goes back the way it came', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const account = await proven(payment)
    const wish = await wishFor(payment, 1_000, { account })
    await requestCancellation(clerk(), wish)
    const row = await cancellation(wish.id)
    expect([row.refundAccount, row.refundAccountHash]).toEqual([null, null])
    const check = await db.accountCheck.findUniqueOrThrow({ where: { id: account.checkId } })
    expect(check.cancellationId).toBeNull()
  })

  it('with one check asked for twice at once is asked for once', async () => {
    const payment = await deposit()
    const account = await proven(payment)
    const wishes = [await wishFor(payment, 1_000, { account }), await wishFor(payment, 1_000, { account })]
    const results = await Promise.allSettled(wishes.map((wish) => requestCancellation(clerk(), wish)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await db.cancellation.count({ where: { paymentId: payment.id } })).toBe(1)
  })

  it('is bounded: one account cannot be asked about again and again', async () => {
    const payment = await deposit()
    for (let times = 0; times < 20; times += 1) await proven(payment, { ...HONG, number: '100987654321' })
    expect((await problemOf(proven(payment, { ...HONG, number: '100987654321' }))).code).toBe('account_check.too_many')
  })
})

describe('a proof by people', () => {
  const upload = (payment: Made, who = world.operator) =>
    uploadEvidence(as(who), { paymentId: payment.id, name: '통장.png', data: PNG })

  it('is offered only where the gateway cannot check, needs evidence and a second person, and then carries a refund', async () => {
    const payment = await deposit()
    const evidenceId = (await upload(payment)).id
    const proposal = { paymentId: payment.id, evidenceId, ...read(HONG) }
    expect((await problemOf(proposeAccountProof(clerk(), proposal))).code).toBe('account_check.gateway_can')
    await control('/settings', { platform: false })
    await proven(payment)
    const { id: checkId } = await proposeAccountProof(clerk(), proposal)
    const account = { checkId, ...HONG }
    expect(await refusal(payment, 1_000, { account })).toBe('CANCEL-ACCOUNT:awaiting')
    const proposer = { ...world.operator, grants: new Map([[world.storeId, 'MANAGER' as const]]) }
    expect((await problemOf(confirmAccountProof(as(proposer), { checkId, agree: true }))).code).toBe(
      'account_check.own',
    )
    const manager = await person(world.storeId, 'MANAGER')
    await confirmAccountProof(as(manager), { checkId, agree: true })
    const wish = await wishFor(payment, 1_000, { account })
    await requestCancellation(clerk(), wish)
    await sendCancellation(system(), wish.id)
    expect(await stateOf(wish.id)).toBe('DONE')
  })

  it('is confirmed by one person only where the store allows it, a day later', async () => {
    const payment = await deposit()
    await control('/settings', { platform: false })
    await proven(payment)
    const manager = await person(world.storeId, 'MANAGER')
    const { id: evidenceId } = await upload(payment, manager)
    const { id: checkId } = await proposeAccountProof(as(manager), {
      paymentId: payment.id,
      evidenceId,
      ...read(HONG),
    })
    const confirm = () => confirmAccountProof(as(manager), { checkId, agree: true })
    await db.store.update({ where: { id: world.storeId }, data: { oneAfterDay: true } })
    await setClock(plus(clock, DAY_MS - SECOND_MS))
    expect((await problemOf(confirm())).code).toBe('account_check.own')
    await setClock(plus(clock, SECOND_MS))
    await confirm()
    expect((await db.accountCheck.findUniqueOrThrow({ where: { id: checkId } })).alone).toBe(true)
  })

  it('takes only files that are what they say', async () => {
    const payment = await deposit()
    const html = Buffer.from('<script>').toString('base64')
    const bad = uploadEvidence(clerk(), { paymentId: payment.id, name: 'x.png', data: html })
    expect((await problemOf(bad)).code).toBe('evidence.kind')
  })

  it('shows its file to who may confirm, as often as a person may be shown, each time on record', async () => {
    const { id } = await upload(await deposit())
    const stranger = await person((await newWorld(1)).storeId, 'MANAGER')
    expect((await problemOf(readEvidence(as(stranger), { id }))).code).toBe('evidence.not_found')
    expect((await problemOf(readEvidence(clerk(), { id }))).code).toBe('permission.missing')
    const reader = await person(world.storeId, 'MANAGER')
    const file = await readEvidence(as(reader), { id })
    expect(Buffer.from(await file.arrayBuffer()).toString('base64')).toBe(PNG)
    expect(file.headers.get('content-disposition')).toMatch(/^attachment/)
    for (let time = 1; time < 30; time += 1) await readEvidence(as(reader), { id })
    expect((await problemOf(readEvidence(as(reader), { id }))).code).toBe('request.too_many')
    expect(await db.auditEntry.count({ where: { action: 'evidence.view', subjectId: id } })).toBe(30)
  })
})

describe('closing a virtual account nobody paid into', () => {
  it('moves no money, and is done by the answer or by the record', async () => {
    for (const lost of [false, true]) {
      const payment = await newPayment(world, {
        amount: 3_000,
        method: 'VIRTUAL_ACCOUNT',
        status: 'VIRTUAL_ACCOUNT_ISSUED',
      })
      if (lost) await control('/faults', { gateway: 'portone', operation: 'close', fault: 'reply-lost', times: 1 })
      const wish = await wishFor(payment, 0, { kind: 'CLOSE' })
      await requestCancellation(clerk(), wish)
      await sendCancellation(system(), wish.id)
      if (lost) {
        expect(await stateOf(wish.id)).toBe('UNCONFIRMED')
        await setClock(plus(clock, MINUTE_MS))
        await settle()
      }
      expect(await stateOf(wish.id)).toBe('DONE')
      const row = await db.payment.findUniqueOrThrow({ where: { id: payment.id }, include: { refunds: true } })
      expect([row.status, row.refunded, row.openCount, row.refunds.length]).toEqual(['CLOSED', 0n, 0, 0])
    }
  })

  it('is done where the record calls the closed one FAILED', async () => {
    await control('/settings', { vaCloseStatus: 'FAILED' })
    const issued = { amount: 3_000, method: 'VIRTUAL_ACCOUNT', status: 'VIRTUAL_ACCOUNT_ISSUED' }
    const payment = await newPayment(world, issued)
    await control('/faults', { gateway: 'portone', operation: 'close', fault: 'reply-lost', times: 1 })
    const wish = await wishFor(payment, 0, { kind: 'CLOSE' })
    await requestCancellation(clerk(), wish)
    await sendCancellation(system(), wish.id)
    expect(await stateOf(wish.id)).toBe('UNCONFIRMED')
    await setClock(plus(clock, MINUTE_MS))
    await settle()
    expect(await stateOf(wish.id)).toBe('DONE')
    const row = await db.payment.findUniqueOrThrow({ where: { id: payment.id } })
    expect([row.status, row.refunded]).toEqual(['CLOSED', 0n])
  })

  it('that was paid into while it was being closed tells somebody, though it was closed', async () => {
    const issued = { amount: 3_000, method: 'VIRTUAL_ACCOUNT', status: 'VIRTUAL_ACCOUNT_ISSUED' }
    const payment = await newPayment(world, issued)
    const wish = await wishFor(payment, 0, { kind: 'CLOSE' })
    await requestCancellation(clerk(), wish)
    const claim = await claimSending(system(), wish.id)
    if (!claim) throw new Error('not claimed')
    const heard = await talk(claim)
    await control(`/payments/${payment.paymentId}/deposit`, { late: true })
    await readAtGateway(systemContext(), await accountOf(world), payment.paymentId)
    expect(await stateOf(wish.id)).toBe('SENDING')
    await recordOutcome(system(), claim, heard)
    expect(await stateOf(wish.id)).toBe('DONE')
    const tasks = await db.task.findMany({ where: { paymentId: payment.id, resolvedAt: null } })
    expect(tasks.map(({ kind }) => kind)).toEqual(['deposit_after_close'])
  })

  it('takes nothing of what a person may refund in a day', async () => {
    await db.store.update({ where: { id: world.storeId }, data: { personDayCount: 0 } })
    const issued = { amount: 3_000, method: 'VIRTUAL_ACCOUNT', status: 'VIRTUAL_ACCOUNT_ISSUED' }
    const payment = await newPayment(world, issued)
    await requestCancellation(clerk(), await wishFor(payment, 0, { kind: 'CLOSE' }))
  })

  it('is refused for a paid one, and a paid one is refused without an account', async () => {
    const payment = await deposit()
    expect(await refusal(payment, 0, { kind: 'CLOSE' })).toBe('CANCEL-VA-UNPAID:not_unpaid')
  })
})

describe('a refund asked at night', () => {
  const night = async (text: string) => {
    const payment = await deposit()
    await setClock(at(text))
    return { payment, account: await proven(payment) }
  }

  it('is sent at 22:59:59', async () => {
    const { payment, account } = await night('2026-11-20T22:59:59+09:00')
    const wish = await wishFor(payment, 1_000, { account })
    await requestCancellation(clerk(), wish)
    await sendCancellation(system(), wish.id)
    expect(await stateOf(wish.id)).toBe('DONE')
  })

  it.each([
    ['2026-11-20T23:00:00+09:00', '2026-11-21T06:00:00+09:00'],
    ['2026-11-21T05:59:59+09:00', '2026-11-21T06:00:00+09:00'],
  ])('at %s waits for %s, is refused without that wish, stoppable until then, and sent then', async (asked, due) => {
    const { payment, account } = await night(asked)
    expect(await refusal(payment, 1_000, { account })).toBe('CANCEL-VA-HOURS:closed')
    const wish = await wishFor(payment, 1_000, { account, later: true })
    await requestCancellation(clerk(), wish)
    const row = await cancellation(wish.id)
    expect([row.state, row.dueAt?.getTime()]).toEqual(['SCHEDULED', at(due)])
    await setClock(plus(at(due), -1))
    await settle()
    expect(await stateOf(wish.id)).toBe('SCHEDULED')
    await withdrawCancellation(clerk(), { id: wish.id })
    expect(await stateOf(wish.id)).toBe('WITHDRAWN')
    await setClock(at(asked))
    const again = await wishFor(payment, 1_000, { account: await proven(payment), later: true })
    await requestCancellation(clerk(), again)
    await setClock(at(due))
    await settle()
    expect([await stateOf(again.id), await journalOf(payment.paymentId)]).toEqual(['DONE', { executed: 1, asked: 1 }])
    expect(await invariantsOf(payment.id)).toEqual([])
  })

  it.each([
    ['was read', true, 'WITHDRAWN'],
    ['was not read', false, 'DECLINED'],
  ])('is judged again in the morning: after a cancel made elsewhere that %s, it is not done', async (_, read, end) => {
    const { payment, account } = await night('2026-11-20T23:30:00+09:00')
    const wish = await wishFor(payment, 5_000, { account, later: true })
    await requestCancellation(clerk(), wish)
    await setClock(at('2026-11-21T06:00:00+09:00'))
    const elsewhere = { where: 'portone-console', amount: 1_000 }
    await control('/outside-cancel', { payment: payment.paymentId, ...elsewhere })
    if (read) await readAtGateway(system(), await accountOf(world), payment.paymentId)
    await settle()
    for (let times = 0; times < 4; times += 1) {
      await setClock(plus(clock, 30 * SECOND_MS))
      await settle()
    }
    const row = await cancellation(wish.id)
    expect([row.state, row.cause ?? row.declineCode]).toEqual([
      end,
      read ? 'outside_cancel' : 'CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN',
    ])
    expect((await db.payment.findUniqueOrThrow({ where: { id: payment.id } })).refunded).toBe(1_000n)
    expect(await invariantsOf(payment.id)).toEqual([])
  })

  it('is not sent for somebody who may no longer ask for it', async () => {
    const { payment, account } = await night('2026-11-20T23:30:00+09:00')
    const wish = await wishFor(payment, 1_000, { account, later: true })
    await requestCancellation(clerk(), wish)
    await db.grant.updateMany({ where: { userId: world.operator.id }, data: { role: 'VIEWER' } })
    await setClock(at('2026-11-21T06:00:00+09:00'))
    await settle()
    const row = await cancellation(wish.id)
    expect([row.state, row.cause]).toEqual(['WITHDRAWN', 'requester_gone'])
    expect(await journalOf(payment.paymentId)).toEqual({ executed: 0, asked: 0 })
  })

  it('cannot wait beyond the last day of the window', async () => {
    const payment = await newPayment(world, {
      amount: 5_000,
      method: 'VIRTUAL_ACCOUNT',
      status: 'PAID',
      paidAt: '2026-05-20T10:00:00+09:00',
    })
    await setClock(at('2026-11-20T23:10:00+09:00'))
    const account = await proven(payment)
    expect(await refusal(payment, 1_000, { account, later: true })).toBe('CANCEL-VA-HOURS:closed_to_the_end')
  })

  it('with a proof that is a day old at sending time is withdrawn', async () => {
    const { payment, account } = await night('2026-11-20T23:30:00+09:00')
    const wish = await wishFor(payment, 1_000, { account, later: true })
    await requestCancellation(clerk(), wish)
    await stopSending(as(await person(world.storeId, 'MANAGER')), { storeId: world.storeId, why: '점검' })
    await setClock(at('2026-11-21T23:30:00+09:00'))
    await settle()
    expect(await stateOf(wish.id)).toBe('SCHEDULED')
    await setClock(at('2026-11-22T08:00:00+09:00'))
    await resumeSending(as(await person(world.storeId, 'MANAGER')), { storeId: world.storeId })
    await settle()
    const row = await cancellation(wish.id)
    expect([row.state, row.cause]).toEqual(['WITHDRAWN', 'rule:CANCEL-ACCOUNT:expired'])
    expect(await journalOf(payment.paymentId)).toEqual({ executed: 0, asked: 0 })
  })
})

describe('two people', () => {
  const needApproval = () => db.store.update({ where: { id: world.storeId }, data: { approvalAbove: 3_000n } })

  it('are needed from the amount on; nobody approves their own, and the second sees what was frozen', async () => {
    await needApproval()
    const manager = await person(world.storeId, 'MANAGER')
    const second = await person(world.storeId, 'MANAGER')
    const payment = await newPayment(world, { amount: 9_000 })
    const small = await wishFor(payment, 2_999)
    await requestCancellation(as(manager), small)
    await sendCancellation(system(), small.id)
    expect(await stateOf(small.id)).toBe('DONE')
    const wish = await wishFor(payment, 3_000)
    await requestCancellation(as(manager), wish)
    await settle()
    expect(await stateOf(wish.id)).toBe('AWAITING_APPROVAL')
    const [item] = (await findCancellations(second, { view: 'approvals' })).items
    expect(item?.approval?.snapshot).toMatchObject({ amount: 3_000, taxFree: 0, left: 6_001 })
    const hash = item?.approval?.snapshotHash ?? ''
    const approve = (who: Person, snapshotHash: string) => approveCancellation(as(who), { id: wish.id, snapshotHash })
    expect((await problemOf(approve(manager, hash))).code).toBe('cancellation.own_request')
    expect((await problemOf(approve(world.operator, hash))).code).toBe('permission.missing')
    expect((await problemOf(approve({ ...second, freshUntil: null }, hash))).code).toBe('session.step_up')
    expect((await problemOf(approve(second, 'other'))).code).toBe('cancellation.snapshot_changed')
    expect(await approve(second, hash)).toMatchObject({ state: 'READY' })
    await settle()
    expect([await stateOf(wish.id), await journalOf(payment.paymentId)]).toEqual(['DONE', { executed: 2, asked: 2 }])
    expect((await problemOf(approve(second, hash))).code).toBe('cancellation.not_awaiting')
  })

  it('may refuse, and let time pass: 72 hours', async () => {
    await needApproval()
    const manager = await person(world.storeId, 'MANAGER')
    const payment = await newPayment(world, { amount: 9_000 })
    const refused = await wishFor(payment, 4_000)
    await requestCancellation(clerk(), refused)
    await rejectCancellation(as(manager), { id: refused.id, note: '주문 확인 필요' })
    expect(await stateOf(refused.id)).toBe('REJECTED')
    const forgotten = await wishFor(payment, 4_000)
    await requestCancellation(clerk(), forgotten)
    await setClock(plus(clock, 72 * HOUR_MS - 1))
    await settle()
    expect(await stateOf(forgotten.id)).toBe('AWAITING_APPROVAL')
    await setClock(plus(clock, 1))
    await settle()
    expect((await cancellation(forgotten.id)).cause).toBe('approval_expired')
    expect(await journalOf(payment.paymentId)).toEqual({ executed: 0, asked: 0 })
    expect(await invariantsOf(payment.id)).toEqual([])
  })

  it('agree to nothing once a cancel made elsewhere has changed what was frozen', async () => {
    await needApproval()
    const payment = await newPayment(world, { amount: 9_000 })
    const wish = await wishFor(payment, 4_000)
    await requestCancellation(clerk(), wish)
    await control('/outside-cancel', { payment: payment.paymentId, where: 'portone-console', amount: 1_000 })
    await readAtGateway(system(), await accountOf(world), payment.paymentId)
    const row = await cancellation(wish.id)
    expect([row.state, row.cause]).toEqual(['WITHDRAWN', 'snapshot_changed'])
    expect(await journalOf(payment.paymentId)).toEqual({ executed: 0, asked: 0 })
  })

  it('agreed to something that has changed before it was sent: nothing is sent', async () => {
    await needApproval()
    const manager = await person(world.storeId, 'MANAGER')
    const payment = await deposit(9_000)
    await setClock(at('2026-11-20T23:10:00+09:00'))
    const wish = await wishFor(payment, 4_000, { account: await proven(payment), later: true })
    await requestCancellation(clerk(), wish)
    const { snapshotHash } = await db.approval.findUniqueOrThrow({ where: { cancellationId: wish.id } })
    await approveCancellation(as(manager), { id: wish.id, snapshotHash })
    expect(await stateOf(wish.id)).toBe('SCHEDULED')
    await setClock(at('2026-11-21T06:00:00+09:00'))
    await control('/outside-cancel', { payment: payment.paymentId, where: 'portone-console', amount: 1_000 })
    await readAtGateway(system(), await accountOf(world), payment.paymentId)
    const row = await cancellation(wish.id)
    expect([row.state, row.cause]).toEqual(['WITHDRAWN', 'snapshot_changed'])
    expect(await journalOf(payment.paymentId)).toMatchObject({ asked: 0 })
  })

  it('one whose end cannot be written does not keep the others waiting', async () => {
    await needApproval()
    const [broken, other] = [await newPayment(world, { amount: 9_000 }), await newPayment(world, { amount: 9_000 })]
    const [forgotten, small] = [await wishFor(broken, 4_000), await wishFor(other, 1_000)]
    await requestCancellation(clerk(), forgotten)
    await setClock(plus(clock, 73 * HOUR_MS))
    await requestCancellation(clerk(), small)
    await db.$executeRaw`CREATE FUNCTION test_broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$`
    await db.$executeRaw`CREATE TRIGGER test_broken BEFORE UPDATE ON "Cancellation" FOR EACH ROW WHEN (NEW.cause = 'approval_expired') EXECUTE FUNCTION test_broken()`
    const said = vi.spyOn(log, 'error').mockImplementation(() => undefined)
    try {
      await settle()
    } finally {
      await db.$executeRaw`DROP FUNCTION test_broken CASCADE`
    }
    expect([await stateOf(forgotten.id), await stateOf(small.id)]).toEqual(['AWAITING_APPROVAL', 'DONE'])
    expect(said).toHaveBeenCalled()
    said.mockRestore()
    await settle()
    expect(await stateOf(forgotten.id)).toBe('WITHDRAWN')
  })

  it('agree, refuse and take back at once: one of them counts', async () => {
    await needApproval()
    const managers = [await person(world.storeId, 'MANAGER'), await person(world.storeId, 'MANAGER')] as const
    for (let times = 0; times < 3; times += 1) {
      const payment = await newPayment(world, { amount: 9_000 })
      const wish = await wishFor(payment, 4_000)
      await requestCancellation(clerk(), wish)
      const { snapshotHash } = await db.approval.findUniqueOrThrow({ where: { cancellationId: wish.id } })
      const agreed = approveCancellation(as(managers[0]), { id: wish.id, snapshotHash })
      const refused = rejectCancellation(as(managers[1]), { id: wish.id, note: '확인 필요' })
      const takenBack = withdrawCancellation(clerk(), { id: wish.id })
      const [agree, refuse] = await Promise.allSettled([agreed, refused, takenBack, settle(), settle()])
      expect([agree.status, refuse.status]).not.toEqual(['fulfilled', 'fulfilled'])
      const { approval, state } = await db.cancellation.findUniqueOrThrow({
        where: { id: wish.id },
        include: { approval: true },
      })
      expect((await journalOf(payment.paymentId)).asked).toBe(state === 'DONE' ? 1 : 0)
      if (state === 'DONE') expect(approval?.approved).toBe(true)
      expect(['DONE', 'REJECTED', 'WITHDRAWN', 'READY']).toContain(state)
      expect(await invariantsOf(payment.id)).toEqual([])
    }
  })

  it('the same request again after it was agreed to is the same answer, and at another store nobody sees it', async () => {
    await needApproval()
    const manager = await person(world.storeId, 'MANAGER')
    const payment = await newPayment(world, { amount: 9_000 })
    const wish = await wishFor(payment, 4_000)
    await requestCancellation(clerk(), wish)
    const { snapshotHash } = await db.approval.findUniqueOrThrow({ where: { cancellationId: wish.id } })
    const stranger = as(await person((await newWorld()).storeId, 'MANAGER'))
    for (const attempt of [
      () => approveCancellation(stranger, { id: wish.id, snapshotHash }),
      () => rejectCancellation(stranger, { id: wish.id, note: 'x' }),
      () => withdrawCancellation(stranger, { id: wish.id }),
    ])
      expect((await problemOf(attempt())).code).toBe('cancellation.not_found')
    expect((await problemOf(stopSending(stranger, { storeId: world.storeId, why: 'x' }))).code).toBe('store.not_found')
    await approveCancellation(as(manager), { id: wish.id, snapshotHash })
    expect(await requestCancellation(clerk(), wish)).toEqual({ id: wish.id })
    await settle()
    expect(await requestCancellation(clerk(), wish)).toEqual({ id: wish.id })
    expect(await journalOf(payment.paymentId)).toEqual({ executed: 1, asked: 1 })
  })

  it('agree at night: it is sent in the morning', async () => {
    await needApproval()
    const manager = await person(world.storeId, 'MANAGER')
    const payment = await deposit()
    await setClock(at('2026-11-20T22:50:00+09:00'))
    const wish = await wishFor(payment, 4_000, { account: await proven(payment) })
    await requestCancellation(clerk(), wish)
    await setClock(at('2026-11-20T23:40:00+09:00'))
    const [item] = (await findCancellations(manager, { view: 'approvals' })).items
    const hash = item?.approval?.snapshotHash ?? ''
    expect(await approveCancellation(as(manager), { id: wish.id, snapshotHash: hash })).toMatchObject({
      state: 'SCHEDULED',
    })
    await setClock(at('2026-11-21T06:00:00+09:00'))
    await settle()
    expect(await stateOf(wish.id)).toBe('DONE')
  })
})

describe('the switch', () => {
  it('stops requests and sending, says who and why, and lets what waited go when it is released', async () => {
    const manager = await person(world.storeId, 'MANAGER')
    const payment = await newPayment(world, { amount: 9_000 })
    const wish = await wishFor(payment, 1_000)
    await requestCancellation(clerk(), wish)
    await stopSending(as(manager), { storeId: world.storeId, why: '재고 점검' })
    await sendCancellation(system(), wish.id)
    await settle()
    expect(await stateOf(wish.id)).toBe('READY')
    const other = await newPayment(world, { amount: 9_000 })
    const stopped = await problemOf(requestCancellation(clerk(), await wishFor(other, 1_000)))
    expect([stopped.code, stopped.facts]).toEqual(['sending.stopped', { who: manager.name, why: '재고 점검' }])
    await resumeSending(as(manager), { storeId: world.storeId })
    await setClock(plus(clock, MINUTE_MS))
    await settle()
    expect([await stateOf(wish.id), await journalOf(payment.paymentId)]).toEqual(['DONE', { executed: 1, asked: 1 }])
  })
})

it('what is claimed while the switch is being turned waits for it', async () => {
  const payment = await newPayment(world, { amount: 9_000 })
  const wish = await wishFor(payment, 1_000)
  await requestCancellation(clerk(), wish)
  let claimed: ReturnType<typeof claimSending> = Promise.resolve(null)
  await transaction(async (tx) => {
    await tx.$executeRaw`UPDATE "Store" SET "stoppedAt" = now() WHERE id = ${world.storeId}::uuid`
    claimed = claimSending(system(), wish.id)
    await pause(300)
  })
  expect(await claimed).toBeNull()
  expect([await stateOf(wish.id), await journalOf(payment.paymentId)]).toEqual(['READY', { executed: 0, asked: 0 }])
})

describe('limits of one person and day', () => {
  it('hold over requests made at once, and begin anew at midnight in Seoul', async () => {
    await db.store.update({ where: { id: world.storeId }, data: { personDayAmount: 5_000n, personDayCount: 3 } })
    await setClock(at('2026-11-20T23:59:59+09:00'))
    const payments = await Promise.all([1, 2, 3, 4].map(() => newPayment(world, { amount: 9_000 })))
    const wishes = await Promise.all(payments.map((payment) => wishFor(payment, 2_000)))
    const results = await Promise.allSettled(wishes.map((wish) => requestCancellation(clerk(), wish)))
    expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(2)
    const used = await db.cancellation.count({ where: { storeId: world.storeId } })
    expect(used).toBe(2)
    await setClock(at('2026-11-21T00:00:00+09:00'))
    const next = await newPayment(world, { amount: 9_000 })
    await requestCancellation(clerk(), await wishFor(next, 5_000))
  })

  it('a fresh sign-in is asked for from an amount on', async () => {
    await db.store.update({ where: { id: world.storeId }, data: { stepUpAbove: 2_000n } })
    const payment = await newPayment(world, { amount: 9_000 })
    const tired = { ...clerk(), actor: { ...world.operator, freshUntil: null } }
    expect((await problemOf(requestCancellation(tired, await wishFor(payment, 2_000)))).code).toBe('session.step_up')
    await requestCancellation(tired, await wishFor(payment, 1_999))
  })
})

describe('what asking does not settle', () => {
  /** The answer is lost, the gateway cannot be read any more, and the replay's time has gone. */
  async function stuck(executed: boolean): Promise<{ payment: Made; id: string; managers: [Person, Person] }> {
    const managers: [Person, Person] = [await person(world.storeId, 'MANAGER'), await person(world.storeId, 'MANAGER')]
    const payment = await newPayment(world, { amount: 9_000 })
    await control('/faults', {
      gateway: 'portone',
      operation: 'cancel',
      fault: executed ? 'reply-lost' : 'request-lost',
      times: 1,
    })
    await control('/faults', { gateway: 'portone', operation: 'inquire', fault: 'html-502', times: 1_000 })
    const wish = await wishFor(payment, 2_000)
    await requestCancellation(clerk(), wish)
    await sendCancellation(system(), wish.id)
    for (const ms of [2, 5, 15, 30, 60]) {
      await setClock(plus(clock, ms * SECOND_MS))
      await settle()
    }
    expect(await stateOf(wish.id)).toBe('UNCONFIRMED')
    return { payment, id: wish.id, managers }
  }
  const agent = async (payment: Made, who: Person) => ({
    kind: 'agent' as const,
    agent: '상담원',
    spokenAt: clock,
    evidenceId: (await uploadEvidence(as(who), { paymentId: payment.id, name: '회신.png', data: PNG })).id,
  })

  it('two people close as done, with the number; marked for ever, and found again later it is the same refund', async () => {
    const { payment, id, managers } = await stuck(true)
    const [first, second] = managers
    const propose = () =>
      proposeResolution(as(first), {
        cancellationId: id,
        happened: true,
        evidence: { kind: 'approval_number', approvalNumber: '00876543', again: '00876543' },
        note: 'KSNET 확인',
      })
    expect((await problemOf(propose())).code).toBe('cancellation.not_closable')
    await setClock(plus(clock, 2 * HOUR_MS))
    const { id: resolution } = await propose()
    expect((await problemOf(propose())).code).toBe('resolution.decided')
    const decide = (who: Person) => decideResolution(as(who), { id: resolution, agree: true })
    expect((await problemOf(decide(first))).code).toBe('resolution.own_proposal')
    expect(await stateOf(id)).toBe('UNCONFIRMED')
    await decide(second)
    expect(await stateOf(id)).toBe('DONE')
    expect(await invariantsOf(payment.id)).toEqual([])
    await control('/faults', undefined, 'DELETE')
    await setClock(plus(clock, MINUTE_MS))
    for (let times = 0; times < 2; times += 1) await readAtGateway(system(), await accountOf(world), payment.paymentId)
    const row = await db.payment.findUniqueOrThrow({ where: { id: payment.id }, include: { refunds: true } })
    expect([row.refunded, row.refunds.length]).toEqual([2_000n, 1])
    const decided = await db.resolution.findUniqueOrThrow({ where: { id: resolution } })
    expect([decided.seenAt !== null, decided.agreed]).toEqual([true, true])
  })

  it('two people close as not done; another cancel then needs a second person and names the old one', async () => {
    const { payment, id, managers } = await stuck(false)
    const [first, second] = managers
    await setClock(plus(clock, 3 * HOUR_MS))
    const { id: resolution } = await proposeResolution(as(first), {
      cancellationId: id,
      happened: false,
      evidence: await agent(payment, first),
      note: '취소 내역 없음 확인',
    })
    await decideResolution(as(second), { id: resolution, agree: true })
    expect([await stateOf(id), (await cancellation(id)).declineCode]).toEqual(['DECLINED', 'PEOPLE'])
    await control('/faults', undefined, 'DELETE')
    const wish = await wishFor(payment, 2_000)
    await requestCancellation(clerk(), wish)
    const again = await cancellation(wish.id)
    expect([again.state, again.afterId]).toEqual(['AWAITING_APPROVAL', id])
    const [item] = (await findCancellations(second, { view: 'approvals' })).items
    expect(item?.approval?.reasons).toEqual(['after_people'])
  })

  it('nobody decides while a replay may still be answered', async () => {
    const { payment, id, managers } = await stuck(false)
    const [first] = managers
    const { sendingSince } = await cancellation(id)
    await setClock(plus(instant(sendingSince?.getTime() ?? 0), 2 * HOUR_MS - SECOND_MS))
    expect(await claimReplay(system(), id)).not.toBeNull()
    const propose = async () =>
      proposeResolution(as(first), {
        cancellationId: id,
        happened: false,
        evidence: await agent(payment, first),
        note: '없다고 들음',
      })
    await setClock(plus(clock, MINUTE_MS))
    expect((await problemOf(propose())).code).toBe('cancellation.not_closable')
    await setClock(plus(clock, MINUTE_MS))
    await propose()
  })

  it('a cancel somebody made elsewhere is ours where people typed its number, and is counted once', async () => {
    const { payment, id, managers } = await stuck(false)
    const [first, second] = managers
    await control('/faults', undefined, 'DELETE')
    await setClock(plus(clock, 3 * HOUR_MS))
    await control('/outside-cancel', { payment: payment.paymentId, where: 'portone-console', amount: 2_000 })
    const { call } = await accountOf(world)
    const record = await fetch(`${call.endpoint}/payments/${payment.paymentId}`, {
      headers: { Authorization: `PortOne ${call.credentials['apiSecret']}` },
    })
    const { cancellations } = atGateway.parse(await record.json())
    const number = cancellations[0]?.pgCancellationId ?? ''
    const { id: resolution } = await proposeResolution(as(first), {
      cancellationId: id,
      happened: true,
      evidence: { kind: 'approval_number', approvalNumber: number, again: number },
      note: '콘솔에서 취소함',
    })
    await decideResolution(as(second), { id: resolution, agree: true })
    for (let times = 0; times < 2; times += 1) await readAtGateway(system(), await accountOf(world), payment.paymentId)
    const row = await db.payment.findUniqueOrThrow({ where: { id: payment.id }, include: { refunds: true } })
    expect([row.refunded, row.refunds.length]).toEqual([2_000n, 1])
    expect((await db.resolution.findUniqueOrThrow({ where: { id: resolution } })).seenAt).not.toBeNull()
  })

  it('the number of a refund that is on record is no proof of another, when proposing or when agreeing', async () => {
    const { payment, id, managers } = await stuck(false)
    const [first, second] = managers
    await control('/faults', undefined, 'DELETE')
    await setClock(plus(clock, 3 * HOUR_MS))
    const propose = (number: string) =>
      proposeResolution(as(first), {
        cancellationId: id,
        happened: true,
        evidence: { kind: 'approval_number', approvalNumber: number, again: number },
        note: '확인',
      })
    await control('/outside-cancel', { payment: payment.paymentId, where: 'portone-console', amount: 1_500 })
    const { call } = await accountOf(world)
    const record = await fetch(`${call.endpoint}/payments/${payment.paymentId}`, {
      headers: { Authorization: `PortOne ${call.credentials['apiSecret']}` },
    })
    const number = atGateway.parse(await record.json()).cancellations[0]?.pgCancellationId ?? ''
    const { id: resolution } = await propose(number)
    await readAtGateway(system(), await accountOf(world), payment.paymentId)
    const agreeing = decideResolution(as(second), { id: resolution, agree: true })
    expect((await problemOf(agreeing)).code).toBe('resolution.number_recorded')
    await decideResolution(as(second), { id: resolution, agree: false })
    expect((await problemOf(propose(number))).code).toBe('resolution.number_recorded')
    expect((await db.payment.findUniqueOrThrow({ where: { id: payment.id } })).refunded).toBe(1_500n)
    expect(await invariantsOf(payment.id)).toEqual([])
  })

  it('one person alone where the store allows it, 24 hours after proposing', async () => {
    const { id, managers } = await stuck(true)
    const [first] = managers
    await setClock(plus(clock, 3 * HOUR_MS))
    const { id: resolution } = await proposeResolution(as(first), {
      cancellationId: id,
      happened: true,
      evidence: { kind: 'approval_number', approvalNumber: '1', again: '1' },
      note: '혼자 근무',
    })
    const decide = () => decideResolution(as(first), { id: resolution, agree: true })
    await setClock(plus(clock, DAY_MS))
    expect((await problemOf(decide())).code).toBe('resolution.own_proposal')
    await db.store.update({ where: { id: world.storeId }, data: { oneAfterDay: true } })
    await setClock(plus(clock, -SECOND_MS))
    expect((await problemOf(decide())).code).toBe('resolution.own_proposal')
    await setClock(plus(clock, SECOND_MS))
    await decide()
    expect((await db.resolution.findUniqueOrThrow({ where: { id: resolution } })).alone).toBe(true)
    expect(await stateOf(id)).toBe('DONE')
  })

  it('a late answer after people decided is the same refund, not a second one', async () => {
    const { payment, id, managers } = await stuck(true)
    const [first, second] = managers
    await setClock(plus(clock, 3 * HOUR_MS))
    const { id: resolution } = await proposeResolution(as(first), {
      cancellationId: id,
      happened: false,
      evidence: await agent(payment, first),
      note: '없다고 들음',
    })
    await decideResolution(as(second), { id: resolution, agree: true })
    await control('/faults', undefined, 'DELETE')
    await readAtGateway(system(), await accountOf(world), payment.paymentId)
    // They were wrong: the refund is recorded as it is, and a person must look.
    const row = await db.payment.findUniqueOrThrow({ where: { id: payment.id }, include: { tasks: true } })
    expect([row.refunded, row.tasks.map((task) => task.kind)]).toEqual([2_000n, ['declined_but_done']])
    expect(await stateOf(id)).toBe('DECLINED')
  })
})
