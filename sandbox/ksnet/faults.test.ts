import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sizeOf } from '#lib/gateways/wire/fixed-length.ts'
import { Receiver } from '../sandbox-under-test.ts'
import { partsOf, record, useKsnet } from './ksnet-under-test.ts'
import { cancelRequest, cardAnswer, head } from './layouts.ts'

const ksnet = useKsnet()
const WHOLE = sizeOf(head) + sizeOf(cardAnswer)

/** Status and code, or how much came where that was no record, or that the connection broke. */
async function bySocket(trno: string): Promise<string> {
  const fields = { approvalType: '1010', cancelType: '3', transactionNo: trno, cancelData: '00000100001' }
  const answer = await ksnet.exchange(record(cancelRequest, fields)).catch(() => null)
  if (answer === null) return 'broken'
  if (answer.length !== WHOLE) return `${answer.length} bytes`
  const [, body = {}] = partsOf(answer, head, cardAnswer)
  return body['status'] === 'O' ? 'O' : `X ${body['authNo']}`
}
const byRest = async (trno: string): Promise<string> =>
  ksnet.restCancel(trno, { cancelType: 'PARTIAL', cancelTotalAmount: '1000', cancelSeq: '1' }).then(
    ({ data }) => data?.['respCode'] ?? '',
    () => 'nothing',
  )

test.each([
  ['reply-lost', 'broken', 'nothing', 1],
  ['request-lost', 'broken', 'nothing', 0],
  ['html-502', '90 bytes', 'nothing', 0],
  ['empty-body', '0 bytes', 'nothing', 1],
  ['half-answer', `${WHOLE / 2} bytes`, 'nothing', 1],
  ['doubled-answer', `${WHOLE * 2} bytes`, 'nothing', 1],
  ['error-though-done', 'X 8380', '8380', 1],
])('%s: what either way sees, and what was done', async (fault, socket, rest, executed) => {
  for (const [ask, seen, done, declined] of [
    [bySocket, socket, 'O', 'X P105'],
    [byRest, rest, '0000', 'P105'],
  ] as const) {
    const { trno } = await ksnet.pay()
    await ksnet.fault(fault)
    expect(await ask(trno)).toBe(seen)
    expect(await ksnet.journal(trno)).toEqual({ executed, asked: 1 })
    expect(await ksnet.show(trno)).toMatchObject({ left: 10_000 - 1000 * executed })
    expect(await ask(trno)).toBe(executed === 1 ? declined : done)
  }
})

test('half an answer is the first half of the true one', async () => {
  const { trno } = await ksnet.pay()
  await ksnet.fault('half-answer')
  const fields = { approvalType: '1010', cancelType: '0', transactionNo: trno }
  const half = await ksnet.exchange(record(cancelRequest, fields))
  expect(half.subarray(0, 4).toString()).toBe('0576')
  expect(half).toHaveLength(290)
})

test('slow is done at once, late only then, though nobody waits any more', async () => {
  const { trno } = await ksnet.pay()
  await ksnet.fault('late', 'cancel', { ms: 300 })
  const late = bySocket(trno)
  expect(await ksnet.journal(trno)).toEqual({ executed: 0, asked: 0 })
  expect(await late).toBe('O')
  await ksnet.fault('slow', 'cancel', { ms: 300 })
  const other = await ksnet.pay()
  const slow = bySocket(other.trno)
  await expect.poll(() => ksnet.journal(other.trno)).toEqual({ executed: 1, asked: 1 })
  expect(await slow).toBe('O')
})

test('the approval has the same faults: a lost answer is asked for again, and nothing is paid twice', async () => {
  const made = await ksnet.sandbox.control('POST', '/payments', {
    gateway: 'ksnet',
    method: 'CARD',
    amount: 10_000,
    status: 'AUTHENTICATED',
  })
  const key = /w1\w+/.exec(JSON.stringify(made))?.[0] ?? ''
  const ask = () => ksnet.page('/store/mb2/web_host/recv_post.jsp', `sndCommConId=${key}&sndActionType=1`)
  await ksnet.fault('reply-lost', 'approve')
  await expect(ask()).rejects.toThrow('fetch failed')
  const again = await ask()
  expect(again).toMatch(/^`O`/)
  const journal = await ksnet.sandbox.journal()
  expect(journal.map((entry) => entry.effect)).toEqual(['executed', 'replayed'])
})

test('the wrong key uses up no fault, and KSNET has nothing asynchronous', async () => {
  const { trno } = await ksnet.pay()
  await ksnet.fault('reply-lost')
  const wrong = { authorization: 'pgapi nobodys' }
  expect(await ksnet.rest('/api/v1/card/cancel', { cancelType: 'FULL' }, undefined, wrong)).toMatchObject({
    code: 'A0401',
  })
  expect(await bySocket(trno)).toBe('broken')
  const wish = { gateway: 'ksnet', operation: 'cancel', fault: 'async' }
  expect(await ksnet.sandbox.ask('POST', '/faults', wish)).toMatchObject({ status: 400 })
  const other = { gateway: 'kcp', operation: 'cancel', fault: 'half-answer' }
  expect(await ksnet.sandbox.ask('POST', '/faults', other)).toMatchObject({ status: 400 })
})

test('everything is there after a restart; a torn last line never happened', async () => {
  const { trno } = await ksnet.pay()
  await bySocket(trno)
  await ksnet.settings({ noOriginal: '7003' })
  const ask = async () => [await ksnet.show(trno), await ksnet.sandbox.journal(), await ksnet.settings({})]
  const before = await ask()
  await ksnet.sandbox.restart()
  expect(await ask()).toEqual(before)
  const file = join(ksnet.sandbox.dataDir, 'sandbox', 'ksnet.jsonl')
  await ksnet.settings({ noOriginal: 'P10O' })
  const whole = readFileSync(file)
  await ksnet.sandbox.stop()
  const lastLine = whole.toString('utf8').trimEnd().split('\n').at(-1) ?? ''
  writeFileSync(file, whole.subarray(0, whole.indexOf(lastLine) + 5))
  await ksnet.sandbox.start()
  expect(await ksnet.settings({})).toMatchObject({ noOriginal: '7003' })
})

test('a notice not yet taken is sent on after a restart', async () => {
  const receiver = new Receiver()
  await receiver.start()
  await ksnet.sandbox.control('POST', '/webhook-target', { gateway: 'ksnet', url: receiver.url })
  const { trno } = await ksnet.pay({ method: 'VIRTUAL_ACCOUNT', status: 'PAID' })
  await receiver.until(1)
  receiver.page = 'result=OK'
  await ksnet.sandbox.restart()
  await receiver.until(2)
  await expect.poll(async () => (await ksnet.notices(trno)).map((one) => one.state)).toEqual(['delivered'])
  await receiver.stop()
})

test('what was cancelled in the admin is cancelled, and nobody was told', async () => {
  const { trno } = await ksnet.pay()
  await ksnet.sandbox.control('POST', '/outside-cancel', { payment: trno, amount: 10_000 })
  expect((await ksnet.restCancel(trno)).data).toMatchObject({ respCode: 'P10Q' })
  expect(await ksnet.notices(trno)).toEqual([])
  expect(await ksnet.journal(trno)).toEqual({ executed: 0, asked: 1 })
})
