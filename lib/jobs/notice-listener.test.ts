// KSNET's records over real sockets: one byte back, and nothing else ever happens.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { db } from '#lib/server/db.ts'
import {
  applyArrived,
  depositRecord,
  issueOf,
  ksnetPaymentOf,
  newerRecord,
  newKsnetShop,
  newTrno,
  tellKsnet,
  type KsnetShop,
} from '#lib/testing/ksnet-inbound.ts'
import { startWorker } from '#lib/testing/worker.ts'
import { freePort } from '../../scripts/ports.ts'
import { listenForNotices, startNoticeListener, type NoticeListener } from './notice-listener.ts'

let shop: KsnetShop
let listener: NoticeListener
beforeEach(async () => {
  shop = await newKsnetShop()
  listener = await startNoticeListener({ host: '127.0.0.1', port: 0 })
})
afterEach(() => listener.stop())

const line = (port = listener.port) => connect({ host: '127.0.0.1', port })
async function answerOf(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', () => socket.destroy())
  await new Promise((resolve) => socket.once('close', resolve))
  return Buffer.concat(chunks).toString('hex')
}
const send = (parts: readonly Buffer[], port?: number) => {
  const socket = line(port)
  const answer = answerOf(socket)
  for (const part of parts) socket.write(part)
  return answer
}
const ACK = '06'
const NAK = '15'
const record = (amount = 10_000, trno = newTrno('6'), mid = shop.mid) => depositRecord({ mid, trno, amount })
const noticesOf = () => db.notice.findMany({ where: { account: { storeId: shop.storeId } } })

describe('a record by TCP', () => {
  it('is answered with 0x06 once it is stored, and counts as one over HTTP does', async () => {
    const trno = newTrno('6')
    await tellKsnet(shop, issueOf(trno, 10_000))
    const bytes = record(10_000, trno)
    expect(await send([bytes])).toBe(ACK)
    expect(await noticesOf()).toHaveLength(1)
    expect(await Promise.all([send([bytes]), send([bytes]), send([bytes])])).toEqual([ACK, ACK, ACK])
    expect(await noticesOf()).toMatchObject([{ repeats: 3 }])
    await applyArrived(shop.storeId)
    expect(await ksnetPaymentOf(shop.mid, trno)).toMatchObject({ status: 'PAID', received: 10_000n })
  })

  it('may come in pieces, in either form, and with more behind it', async () => {
    const bytes = newerRecord({ mid: shop.mid, trno: newTrno('6'), amount: 9_000 })
    const socket = line()
    const answer = answerOf(socket)
    for (const at of [0, 1, 3, 4, 300, 623]) {
      socket.write(bytes.subarray(at, [1, 3, 4, 300, 623, 624][[0, 1, 3, 4, 300, 623].indexOf(at)]))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await answer).toBe(ACK)
    expect(await send([record(), record()])).toBe(ACK)
    expect(await noticesOf()).toHaveLength(2)
  })

  it('that is none, another merchant’s, or under a known key with another meaning is answered with 0x15', async () => {
    const trno = newTrno('6')
    expect(await send([record(10_000, trno)])).toBe(ACK)
    for (const wrong of [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.from('0000'),
      Buffer.from('9999'),
      record(10_000, newTrno('6'), '2999199999'),
      record(9_000, trno),
      Buffer.alloc(5_000, 0xff),
    ])
      expect(await send([wrong])).toBe(NAK)
    expect(await noticesOf()).toHaveLength(1)
  })

  it('cut short stores nothing', async () => {
    const socket = line()
    const answer = answerOf(socket)
    socket.end(record().subarray(0, 200))
    expect(await answer).toBe(NAK)
    const reset = line()
    reset.on('error', () => undefined)
    await once(reset, 'connect')
    reset.write(record().subarray(0, 100))
    reset.resetAndDestroy()
    expect(await send([record()])).toBe(ACK)
    expect(await noticesOf()).toHaveLength(1)
  })

  it('goes to the store that knows the payment where several have the merchant, and to none where nobody does', async () => {
    const twin = await newKsnetShop(shop.mid)
    const trno = newTrno('6')
    expect(await send([record(10_000, trno)])).toBe(NAK)
    await tellKsnet(twin, issueOf(trno, 10_000))
    expect(await send([record(10_000, trno)])).toBe(ACK)
    expect(await noticesOf()).toEqual([])
    expect(await db.notice.count({ where: { accountId: twin.accountId } })).toBe(1)
  })
})

describe('who is listened to', () => {
  it('is only who may tell some account: others are shut out before a byte is read', async () => {
    await db.$executeRaw`UPDATE "GatewayAccount" SET environment = 'test' WHERE gateway = 'ksnet'`
    expect(await send([record()])).toBe('')
    await db.$executeRaw`UPDATE "GatewayAccount" SET settings = settings || '{"noticeFrom":"127.0.0.1"}' WHERE id = ${shop.accountId}::uuid`
    expect(await send([record()])).toBe(ACK)
    const other = await newKsnetShop()
    await db.$executeRaw`UPDATE "GatewayAccount" SET environment = 'test' WHERE id = ${other.accountId}::uuid`
    // Some account may be told from there, but not this one.
    expect(await send([record(10_000, newTrno('6'), other.mid)])).toBe(NAK)
    await db.$executeRaw`UPDATE "GatewayAccount" SET environment = 'sandbox' WHERE gateway = 'ksnet'`
  })

  it('is so many at a time; the others find it open again when these have gone', async () => {
    const idle = Array.from({ length: 16 }, () => line())
    await Promise.all(idle.map((socket) => once(socket, 'connect')))
    // Whoever comes now is shut out, without a byte.
    expect(await send([record()])).toBe('')
    const gone = idle.map((socket) => once(socket, 'close'))
    for (const socket of idle) socket.destroy()
    await Promise.all(gone)
    await expect.poll(() => send([record()]), { timeout: 10_000 }).toBe(ACK)
  })

  it('is nobody once it was told to stop; a port that is another’s is said', async () => {
    const stop = new AbortController()
    await expect(listenForNotices({ host: '127.0.0.1', port: listener.port }, stop.signal)).rejects.toThrow(
      'EADDRINUSE',
    )
    const open = line()
    open.on('error', () => undefined)
    await once(open, 'connect')
    const closed = once(open, 'close')
    await listener.stop()
    await closed
    listener = await startNoticeListener({ host: '127.0.0.1', port: 0 })
    stop.abort()
    await listenForNotices({ host: '127.0.0.1', port: listener.port }, stop.signal)
  })
})

it('the worker listens where it is told to, applies what it stored, and ends when it is told to', async () => {
  const port = await freePort()
  const worker = startWorker({ JEONPYO_KSNET_NOTICES: `127.0.0.1:${port}` })
  const ended = once(worker, 'exit')
  const trno = newTrno('6')
  await tellKsnet(shop, issueOf(trno, 10_000))
  await expect.poll(() => send([record(10_000, trno)], port), { timeout: 60_000, interval: 500 }).toBe(ACK)
  const received = async () => Number((await ksnetPaymentOf(shop.mid, trno)).received)
  await expect.poll(received, { timeout: 60_000, interval: 500 }).toBe(10_000)
  worker.kill('SIGTERM')
  expect((await ended)[0]).toBe(0)
}, 150_000)

it('two thousand malformed records over real sockets neither crash it, nor have an effect, nor fill the memory', async () => {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  const heap = () => {
    if (typeof collect === 'function') collect()
    return process.memoryUsage().heapUsed
  }
  let seed = 5
  const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below
  const noise = (size: number) => Buffer.from(Array.from({ length: size }, () => random(256)))
  const malformed = (): Buffer => {
    const base = random(2) === 0 ? record() : newerRecord({ mid: shop.mid, trno: newTrno('6'), amount: 1_000 })
    switch (random(6)) {
      case 0:
        return noise(random(2_000))
      case 1:
        return base.subarray(0, random(300))
      case 2:
        return Buffer.concat([base.subarray(0, 20), noise(base.length - 20)])
      case 3:
        return Buffer.concat([Buffer.from('0620'), noise(620)])
      case 4:
        return Buffer.concat([Buffer.from('VR'), noise(312), noise(random(9_000))])
      default:
        return record(10_000, newTrno('6'), '0000000000')
    }
  }
  const effects = () => Promise.all([db.payment.count(), db.deposit.count(), db.task.count(), db.notice.count()])
  const one = async () => {
    const socket = line()
    const answer = answerOf(socket)
    if (random(20) === 0) {
      socket.write(malformed())
      socket.once('connect', () => socket.resetAndDestroy())
    } else socket.end(malformed())
    const got = await answer
    // Nothing at all where the other side went first.
    if (got !== NAK && got !== '') expect.fail(got)
  }
  const run = async (times: number) => {
    for (let turn = 0; turn < times; turn += 10) await Promise.all(Array.from({ length: 10 }, one))
  }
  const before = await effects()
  await run(300)
  const start = heap()
  await run(1_700)
  expect(heap() - start).toBeLessThan(24 * 1024 * 1024)
  expect(await effects()).toEqual(before)
  expect(await send([record()])).toBe(ACK)
}, 180_000)
