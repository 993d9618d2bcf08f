import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { parseKst } from '#lib/domain/kst.ts'
import { readRecord, sizeOf, writeRecord, type Layout, type Values } from '../wire/fixed-length.ts'
import { newNotice, noticeReceipt, noticeSize, oldNotice, readNotice } from './notice.ts'

/** The example of the protocol's description, with what a test wants otherwise. */
const old = {
  busiSele: 'VR',
  transactionNo: '697430000011',
  dealCode: 'KSNETVR',
  compCode: '20000010',
  accoCode: '04',
  messCode: '0200',
  jobDiff: '300',
  tranNumb: '1',
  seqNo: '000001',
  tranDate: '20260902',
  tranTime: '101530',
  stanRespCode: '0000',
  bankRespCode: '0000',
  accoNumb: '01817011660',
  compCnt: '01',
  dealSele: '20',
  inBankCd: '88',
  totalAmt: '10000',
  receNm: '홍길동',
  cmsNo: '79012345678901',
  dealStarDate: '20260902',
  dealStarTime: '101500',
  storeId: '2999199999',
}
const fresh = {
  ...old,
  length: '620',
  encType: '0',
  version: '0603',
  type: '00',
  resend: '0',
  orderNumber: 'ORD-20260901-0002',
  approvalType: '6100',
  accoCode: '000004',
  inBankCd: '88',
  seqNo: '0000000001',
}

function bytesOf<Name extends string>(fields: Layout<Name>, values: Partial<Values<Name>>): Buffer {
  const bytes = writeRecord(fields, values)
  if (!bytes) throw new Error(`not written: ${JSON.stringify(values)}`)
  return bytes
}
const oldBytes = (change: Partial<typeof old> = {}) => bytesOf(oldNotice, { ...old, ...change })
const newBytes = (change: Partial<typeof fresh> = {}) => {
  const { busiSele: _, ...values } = { ...fresh, ...change }
  return Buffer.concat([bytesOf(newNotice, values), Buffer.alloc(48, ' ')])
}
const read = (bytes: Buffer) => readNotice({ data: bytes.toString('latin1') })

const deposit = {
  kind: 'deposit',
  amount: 10_000,
  bank: 'KOOKMIN',
  account: '79012345678901',
  depositor: '홍길동',
  at: parseKst('2026-09-02 10:15:00'),
}

const example = (name: string) => readFileSync(join(import.meta.dirname, 'examples', name))

describe('a notice of KSNET', () => {
  it('of the examples is read', () => {
    expect(read(example('va_deposit_VR.bin'))).toMatchObject({
      type: 'VR 20',
      paymentId: '697430000011',
      event: deposit,
    })
    expect(read(example('va_deposit_6100.bin'))).toMatchObject({ type: '6100 20', paymentId: '697430000011' })
  })

  it('in the old record tells number, store, amount, account, name and time', () => {
    expect(sizeOf(oldNotice)).toBe(314)
    expect(read(oldBytes())).toEqual({
      key: '20/',
      personalKey: JSON.stringify(['20', '79012345678901', '000001', '20260902', '101500']),
      type: 'VR 20',
      storeKey: '2999199999',
      paymentId: '697430000011',
      orderNumber: null,
      at: parseKst('2026-09-02 10:15:30'),
      event: deposit,
    })
  })

  it('in the newer record tells the same, and the order number', () => {
    expect(sizeOf(newNotice)).toBe(576)
    expect(read(newBytes())).toEqual({
      key: '20/',
      personalKey: JSON.stringify(['20', '79012345678901', '000001', '20260902', '101500']),
      type: '6100 20',
      storeKey: '2999199999',
      paymentId: '697430000011',
      orderNumber: 'ORD-20260901-0002',
      at: parseKst('2026-09-02 10:15:30'),
      event: deposit,
    })
  })

  it('with 51 is a reversal under a key of its own; what is neither is kept as other', () => {
    const reversal = read(oldBytes({ dealSele: '51' }))
    expect(reversal?.event.kind).toBe('reversal')
    expect(reversal?.personalKey).not.toBe(read(oldBytes())?.personalKey)
    expect(read(oldBytes({ dealSele: '30' }))?.event).toEqual({ kind: 'other' })
    expect(read(newBytes({ approvalType: '5000' }))?.event).toEqual({ kind: 'other' })
    expect(read(newBytes({ approvalType: '6110' }))?.event.kind).toBe('deposit')
  })

  it('is told apart from another by account, message number and time, and not by what changes when it is sent again', () => {
    const key = (change: Partial<typeof old>) => read(oldBytes(change))?.personalKey
    expect(key({ tranNumb: '2', tranTime: '111111', receNm: '', totalAmt: '9' })).toBe(key({}))
    for (const change of [
      { cmsNo: '79012345678902' },
      { seqNo: '000002' },
      { dealStarDate: '20260903' },
      { dealStarTime: '101501' },
    ])
      expect(key(change)).not.toBe(key({}))
  })

  it('whose name was cut in a letter, or is none, is read without it; lost spaces at the end are no loss', () => {
    const at = oldBytes().indexOf(iconv.encode('홍길동', 'cp949'))
    const cut = oldBytes({ receNm: 'abcdefghijkl홍' })
    cut[at + 12] = 0x20
    cut[at + 13] = 0xc8
    expect(read(cut)?.event).toMatchObject({ depositor: 'abcdefghijkl' })
    const noise = oldBytes()
    noise.set([0xff, 0xff, 0x80], at)
    expect(read(noise)?.event).toMatchObject({ depositor: null, amount: 10_000, account: '79012345678901' })
    expect(read(oldBytes().subarray(0, 300))).toEqual(read(oldBytes()))
    expect(read(oldBytes().subarray(0, 299))).toBeNull()
    expect(read(Buffer.concat([oldBytes(), Buffer.from(' ')]))).toBeNull()
  })

  it('is not understood without a number, a store, a kind, or, of a deposit, its amount and time', () => {
    for (const change of [
      { transactionNo: '' },
      { transactionNo: '69743000001' },
      { transactionNo: '69743000001/' },
      { storeId: '' },
      { storeId: '299919999' },
      { dealSele: '' },
      { dealSele: '2' },
      { totalAmt: '' },
      { totalAmt: '0' },
      { dealStarDate: '20260931' },
      { dealStarDate: '' },
      { dealStarTime: '240000' },
      { busiSele: 'VS' },
    ])
      expect(read(oldBytes(change)), JSON.stringify(change)).toBeNull()
    const minus = oldBytes()
    minus.write('-', 135)
    expect(read(minus)).toBeNull()
    for (const change of [{ length: '619' }, { length: '0' }, { approvalType: 'X100' }])
      expect(read(newBytes(change)), JSON.stringify(change)).toBeNull()
    for (const data of ['', 'VR', 'result=OK', '홍'.repeat(157), ' '.repeat(314), '9'.repeat(5_000)])
      expect(readNotice({ data }), data.slice(0, 9)).toBeNull()
    expect(readNotice({})).toBeNull()
  })

  it('says at its beginning how long it is', () => {
    const size = (start: string) => noticeSize(Buffer.from(start))
    expect([size('V'), size('VR6'), size(''), size('06'), size('0620x')]).toEqual([314, 314, null, null, 624])
    expect([size('VX'), size('GET '), size('0000'), size('9999'), size('-001')]).toEqual([0, 0, 0, 0, 0])
  })

  it('is answered with what KSNET looks for, and nothing else', () => {
    expect(noticeReceipt.body).toBe('result=OK')
  })
})

describe('of anything that comes', () => {
  const layouts = [
    ['old', oldNotice, oldBytes()],
    ['new', newNotice, newBytes().subarray(0, 576)],
  ] as const

  it.each(layouts)('the %s record holds what was written, byte for byte', (_, fields) => {
    const texts = fields.map(([, size, kind = 'X']) =>
      kind === '9'
        ? fc.integer({ min: 0, max: 10 ** Math.min(size, 13) - 1 }).map(String)
        : fc.string({ unit: fc.constantFrom('a', '0', '-', '홍', '똠'), maxLength: Math.floor(size / 2) }),
    )
    fc.assert(
      fc.property(fc.tuple(...texts), (values) => {
        const given = Object.fromEntries(fields.map(([name], index) => [name, values[index] ?? '']))
        const bytes = writeRecord<string>(fields, given)
        expect(bytes?.length).toBe(sizeOf(fields))
        const again = bytes && readRecord<string>(fields, bytes)
        expect(again && writeRecord<string>(fields, again)).toEqual(bytes)
      }),
      { numRuns: 2_000 },
    )
  })

  it('100,000 malformed records make neither a crash nor a deposit that says less than it must, in flat memory', () => {
    setFlagsFromString('--expose-gc')
    const collect: unknown = runInNewContext('gc')
    const heap = () => {
      if (typeof collect === 'function') collect()
      return process.memoryUsage().heapUsed
    }
    let seed = 7
    const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below
    const bases = [oldBytes(), newBytes(), Buffer.alloc(400, 'V'), Buffer.alloc(0)]
    const malformed = () => {
      const bytes = Buffer.from(bases[random(bases.length)] ?? [])
      for (let times = random(6); times >= 0; times -= 1)
        if (bytes.length > 0) bytes[random(bytes.length)] = random(3) === 0 ? 0x30 + random(10) : random(256)
      const end = random(4) === 0 ? random(bytes.length + 1) : bytes.length
      return random(50) === 0 ? Buffer.concat([bytes, bytes]) : bytes.subarray(0, end)
    }
    let understood = 0
    const run = (times: number) => {
      for (let turn = 0; turn < times; turn += 1) {
        const told = read(malformed())
        if (told === null) continue
        understood += 1
        const well =
          /^[0-9A-Za-z]{12}$/.test(told.paymentId) &&
          /^[0-9A-Za-z]{10}$/.test(told.storeKey) &&
          told.key.length + told.type.length < 20 &&
          !/\\u0000|\\ud[89a-f]/i.test(JSON.stringify([told.event, told.orderNumber]))
        const money = told.event.kind === 'deposit' || told.event.kind === 'reversal' ? told.event : null
        if (!well || (money !== null && !(Number.isSafeInteger(money.amount) && money.amount > 0)))
          expect.fail(JSON.stringify(told))
      }
    }
    run(10_000)
    const before = heap()
    run(90_000)
    expect(understood).toBeGreaterThan(1_000)
    expect(heap() - before).toBeLessThan(16 * 1024 * 1024)
  }, 60_000)

  it('and no text, however it is made', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 700 }), (data) => {
        readNotice({ data })
        expect(noticeSize(Buffer.from(data))).not.toBeNaN()
      }),
      { numRuns: 2_000 },
    )
  })
})
