import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseKst } from '#lib/domain/kst.ts'
import { noticeReceipt, readNotice } from './notice.ts'

/** As KCP's common_return sample names them. */
const common = { site_cd: 'J1001', tno: '20261121926266', order_no: 'ORDER-1', tx_tm: '20261121140500' }
const deposit = {
  ...common,
  tx_cd: 'TX00',
  ipgm_name: '홍길동',
  remitter: '홍부인',
  ipgm_mnyx: '12000',
  totl_mnyx: '12000',
  ipgm_time: '20261121140322',
  bank_code: '04',
  account: '12345678901234',
  noti_id: '20261121000000012345',
  op_cd: '',
}
const event = (fields: Record<string, string>) => readNotice({ ...common, ...fields })?.event

describe('a notice of KCP', () => {
  it('of a deposit tells amount, account, time and who paid', () => {
    expect(readNotice(deposit)).toEqual({
      key: 'TX00/20261121000000012345/',
      type: 'TX00',
      storeKey: 'J1001',
      paymentId: '20261121926266',
      orderNumber: 'ORDER-1',
      at: parseKst('2026-11-21 14:05:00'),
      event: {
        kind: 'deposit',
        amount: 12_000,
        bank: 'KOOKMIN',
        account: '12345678901234',
        depositor: '홍부인',
        at: parseKst('2026-11-21 14:03:22'),
      },
    })
    expect(event({ ...deposit, bank_code: 'BK26' })).toMatchObject({ bank: 'SHINHAN' })
    expect(event({ ...deposit, account: '1234-5678-901234' })).toMatchObject({ account: '12345678901234' })
  })

  it('with op_cd 13 is a reversal, under another key than its deposit', () => {
    const reversal = readNotice({ ...deposit, op_cd: '13' })
    expect(reversal?.event.kind).toBe('reversal')
    expect(reversal?.key).toBe('TX00/20261121000000012345/13')
    expect(event({ ...deposit, op_cd: '50' })).toMatchObject({ kind: 'deposit' })
  })

  it.each([
    [
      { tx_cd: 'TX01', refund_mny: '5000' },
      { kind: 'refunded', amount: 5_000 },
    ],
    [{ tx_cd: 'TX01' }, { kind: 'refunded', amount: null }],
    [
      { tx_cd: 'TX02', st_cd: 'Y' },
      { kind: 'escrow', status: 'CONFIRMED' },
    ],
    [
      { tx_cd: 'TX02', st_cd: 'S' },
      { kind: 'escrow', status: 'CONFIRMED' },
    ],
    [
      { tx_cd: 'TX02', st_cd: 'N', can_msg: '색상' },
      { kind: 'escrow', status: 'REJECTED' },
    ],
    [{ tx_cd: 'TX02', st_cd: '2' }, { kind: 'other' }],
    [
      { tx_cd: 'TX03', waybill_no: '000123456789', waybill_corp: '롯데택배' },
      { kind: 'escrow', status: 'REGISTERED', trackingNumber: '000123456789', courier: '롯데택배' },
    ],
    [{ tx_cd: 'TX04' }, { kind: 'escrow', status: 'HELD' }],
    [{ tx_cd: 'TX05' }, { kind: 'escrow', status: 'CANCELLED' }],
    [{ tx_cd: 'TX06' }, { kind: 'escrow', status: 'CANCELLED' }],
    [{ tx_cd: 'TX07' }, { kind: 'closed' }],
    [{ tx_cd: 'TX08', ipgm_mnyx: '1000', bank_code: '04' }, { kind: 'other' }],
    [{ tx_cd: 'TX42' }, { kind: 'other' }],
  ])('%j is %j', (fields, meaning) => {
    expect(event(fields)).toMatchObject(meaning)
  })

  it('without a noti_id is known by what it tells, and not by how often it was sent or whom it names', () => {
    const shipped = { ...common, tx_cd: 'TX03', waybill_no: '1', waybill_corp: 'EMS' }
    const key = readNotice(shipped)?.key
    expect(readNotice({ ...shipped, noti_cnt: '2', noti_hash: 'x', refund_nm: '홍길동' })?.key).toBe(key)
    for (const [name, value] of Object.entries({ waybill_no: '2', tno: '20261121926267', tx_tm: '20261121140501' }))
      expect(readNotice({ ...shipped, [name]: value })?.key).not.toBe(key)
    expect(key).not.toContain('20261121926266')
  })

  it('is not understood without a number, a site, a kind, or, of a deposit, its amount and time', () => {
    for (const [name, value] of [
      ['tno', ''],
      ['tno', '2016081892626'],
      ['tno', '2026112192626\n'],
      ['site_cd', ''],
      ['tx_cd', 'TX0'],
      ['tx_cd', 'TX00\u001f'],
      ['ipgm_mnyx', '0'],
      ['ipgm_mnyx', '-12000'],
      ['ipgm_mnyx', '12,000'],
      ['ipgm_mnyx', '1e4'],
      ['ipgm_mnyx', '1234567890123'],
      ['ipgm_time', '20261321140322'],
      ['ipgm_time', '00001121140322'],
      ['ipgm_time', ''],
    ] as const)
      expect(readNotice({ ...deposit, [name]: value }), `${name} ${JSON.stringify(value)}`).toBeNull()
  })

  it('never throws, whatever the fields hold, and never lets through what no column takes', () => {
    const names = Object.keys({ ...deposit, st_cd: '', waybill_no: '', waybill_corp: '', refund_mny: '' })
    const value = fc.oneof(fc.constantFrom(...Object.values(deposit)), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), fc.boolean(), (fields, base) => {
        const told = readNotice(base ? { ...deposit, ...fields } : fields)
        expect(JSON.stringify(told ?? '')).not.toMatch(/\\u0000|\\ud[89a-f]/i)
        if (told) expect(told.key.length).toBeLessThan(60)
      }),
      { numRuns: 2_000 },
    )
  })

  it('is answered with what KCP looks for', () => {
    expect(noticeReceipt.body).toContain('name="result" value="0000"')
  })
})
