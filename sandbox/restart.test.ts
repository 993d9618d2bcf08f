import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Receiver, useSandbox } from './sandbox-under-test.ts'

const sandbox = useSandbox()
const key = 'jeonpyo-cancellation-0001'

test('everything is there after a restart', async () => {
  const { paymentId } = await sandbox.pay()
  const first = await sandbox.cancel(paymentId, { amount: 1000 }, key)
  await sandbox.control('POST', '/settings', { platform: true })
  await sandbox.fault('html-502', 'list', { times: 2 })
  await sandbox.control('POST', '/notices', { payment: paymentId, mode: 'withhold' })
  await sandbox.cancel(paymentId, { amount: 500 })
  const ask = async () => [
    await sandbox.show(paymentId),
    await sandbox.journal(),
    await sandbox.control('GET', '/faults'),
    await sandbox.control('GET', '/settings'),
    await sandbox.control('GET', '/clock').then((clock) => ({ ...Object(clock), real: null })),
    (await sandbox.notices(paymentId)).map(({ id, state }) => [id, state]),
  ]
  const before = await ask()
  await sandbox.restart()
  expect(await ask()).toEqual(before)
  expect(await sandbox.cancel(paymentId, { amount: 1000 }, key)).toMatchObject({ status: 200, text: first.text })
  expect(await sandbox.executedCancels(paymentId)).toBe(2)
})

test('a torn last line never happened; what comes after it is whole', async () => {
  const { paymentId } = await sandbox.pay()
  await sandbox.cancel(paymentId, { amount: 1000 }, key)
  const whole = readFileSync(sandbox.stateFile)
  await sandbox.stop()
  const lines = whole.toString('utf8').trimEnd().split('\n')
  const cancelAt = whole.indexOf(lines.at(-1) ?? '')
  for (const cut of [cancelAt + 1, Math.floor((cancelAt + whole.length) / 2), whole.length - 1]) {
    writeFileSync(sandbox.stateFile, whole.subarray(0, cut))
    await sandbox.start()
    const executed = await sandbox.executedCancels(paymentId)
    expect(await sandbox.show(paymentId)).toMatchObject({ cancellable: 10_000 - 1000 * executed })
    await sandbox.cancel(paymentId, { amount: 1000 }, key)
    await sandbox.restart()
    expect(await sandbox.executedCancels(paymentId)).toBe(1)
    await sandbox.stop()
  }
  await sandbox.start()
})

test('a line that is not JSON is told, not skipped', async () => {
  await sandbox.stop()
  const whole = readFileSync(sandbox.stateFile)
  appendFileSync(sandbox.stateFile, 'nonsense\n')
  await expect(sandbox.start()).rejects.toThrow(/portone\.jsonl, line \d+ is not JSON/)
  writeFileSync(sandbox.stateFile, whole)
  await sandbox.start()
})

test('what was open is taken up: a webhook not yet delivered, an asynchronous cancel not yet ended', async () => {
  const receiver = new Receiver()
  await receiver.start()
  receiver.answers = [500]
  await sandbox.control('POST', '/webhook-target', { url: receiver.url })
  const { paymentId } = await sandbox.pay()
  await receiver.until(1)
  await sandbox.fault('async', 'cancel', { ms: 3_600_000 })
  await sandbox.cancel(paymentId, {})
  await sandbox.restart()
  await receiver.until(3)
  await sandbox.control('POST', `/payments/${paymentId}/settle`)
  expect(await sandbox.executedCancels(paymentId)).toBe(1)
  await receiver.until(4)
  await receiver.stop()
})
