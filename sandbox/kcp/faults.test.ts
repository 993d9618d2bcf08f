import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Receiver } from '../sandbox-under-test.ts'
import { parseAnswer, runProgram, setOf, textOf, useKcp } from './kcp-under-test.ts'

const kcp = useKcp()
const part = { mod_type: 'STPC', mod_mny: '1000', rem_mny: '10000', mod_desc: 'x' }

/** The program's words where it got no answer to print; else what it printed. */
async function byModule(tno: string): Promise<string> {
  const set = setOf('mod_data', { tno, mod_ip: '127.0.0.1', ...part })
  const { stdout } = await runProgram('-h', kcp.data('00200000', { modx_data: set }))
  return parseAnswer(stdout)['res_cd'] ?? textOf(stdout).slice(0, 6)
}
const byRest = async (tno: string): Promise<string> =>
  kcp.rest('/gw/mod/v1/cancel', { tno, ...part }).then(
    ({ res_cd: code }) => String(code),
    () => 'nothing',
  )

test.each([
  ['reply-lost', 'S204', 'nothing', 1],
  ['request-lost', 'S203', 'nothing', 0],
  ['html-502', '<html>', 'nothing', 0],
  ['empty-body', '\n', 'nothing', 1],
  ['error-though-done', '8041', '8041', 1],
])('%s: what either way sees, and what was done', async (fault, module, rest, executed) => {
  for (const [ask, seen] of [
    [byModule, module],
    [byRest, rest],
  ] as const) {
    const { tno } = await kcp.pay()
    await kcp.fault(fault)
    expect(await ask(tno)).toBe(seen)
    expect(await kcp.journal(tno)).toEqual({ executed, asked: 1 })
    expect(await kcp.show(tno)).toMatchObject({ left: 10_000 - 1000 * executed })
    expect(await ask(tno)).toBe(executed === 1 ? '8037' : '0000')
  }
})

test('slow is done at once, late only then, though nobody waits any more', async () => {
  const { tno } = await kcp.pay()
  await kcp.fault('late', 'cancel', { ms: 60_000 })
  await kcp.settings({ moduleReceiveMs: 100 })
  expect(await byModule(tno)).toBe('S204')
  expect(await kcp.journal(tno)).toEqual({ executed: 0, asked: 0 })
  await kcp.fault('late', 'cancel', { ms: 400 })
  expect(await byModule(tno)).toBe('S204')
  await expect.poll(() => kcp.journal(tno), { timeout: 20_000 }).toEqual({ executed: 1, asked: 1 })
})

test('one operation’s fault is no other’s, and KCP has nothing asynchronous', async () => {
  const { tno } = await kcp.pay()
  await kcp.fault('reply-lost', 'inquire')
  expect(await byModule(tno)).toBe('0000')
  const wish = { gateway: 'kcp', operation: 'cancel', fault: 'async' }
  expect(await kcp.sandbox.ask('POST', '/faults', wish)).toMatchObject({ status: 400 })
})

test('the wrong key uses up no fault', async () => {
  const { tno } = await kcp.pay()
  await kcp.fault('reply-lost')
  const wrong = kcp.data('00200000', {}).replace('sandbox-key-of', 'nobodys-key-of')
  expect(parseAnswer((await runProgram('-h', wrong)).stdout)).toMatchObject({ res_cd: '8002' })
  expect(await byModule(tno)).toBe('S204')
})

test('everything is there after a restart; a torn last line never happened', async () => {
  const { tno } = await kcp.pay()
  await byModule(tno)
  await kcp.settings({ partialCancel: false })
  const ask = async () => [await kcp.show(tno), await kcp.sandbox.journal(), await kcp.settings({})]
  const before = await ask()
  await kcp.sandbox.restart()
  expect(await ask()).toEqual(before)
  const file = join(kcp.sandbox.dataDir, 'sandbox', 'kcp.jsonl')
  await kcp.settings({ partialCancel: true })
  const whole = readFileSync(file)
  await kcp.sandbox.stop()
  const lastLine = whole.toString('utf8').trimEnd().split('\n').at(-1) ?? ''
  writeFileSync(file, whole.subarray(0, whole.indexOf(lastLine) + 5))
  await kcp.sandbox.start()
  expect(await kcp.settings({})).toMatchObject({ partialCancel: false })
})

test('a notice not yet taken is sent on after a restart', async () => {
  const receiver = new Receiver()
  await receiver.start()
  await kcp.sandbox.control('POST', '/webhook-target', { gateway: 'kcp', url: receiver.url })
  const { tno } = await kcp.pay({ method: 'VIRTUAL_ACCOUNT', status: 'PAID' })
  await receiver.until(1)
  receiver.page = '<input type="hidden" name="result" value="0000">'
  await kcp.sandbox.restart()
  await receiver.until(2)
  await expect.poll(async () => (await kcp.notices(tno)).map((one) => one.state)).toEqual(['delivered'])
  await receiver.stop()
})
