import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { kcpBytes } from '#lib/domain/kcp-text.ts'
import { instant, parseIso } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import type { Call, CancelInput, Reply, Wire } from '../connector.ts'
import { readArgument, readSet, US } from '../wire/separated.ts'
import { cancelByModule, cancelByRest, splitTax } from './cancel.ts'
import { refusals, refusedUnlessFound } from './codes.ts'
import { kcpModule, kcpRest } from './connector.ts'

const input: CancelInput = {
  intentId: '11111111-1111-4111-8111-111111111111',
  at: instant(Date.UTC(2026, 10, 21)),
  token: 'JP-0011223344556677',
  kind: 'CANCEL',
  paymentId: '22336466628585',
  channelKey: 'J1001',
  pgTxId: null,
  method: 'CARD',
  currency: 'KRW',
  amount: minor(22_500),
  taxFree: minor(0),
  whole: false,
  mixedTax: false,
  escrow: null,
  remainder: minor(27_900),
  refunded: minor(0),
  sequence: 1,
  reason: '고객 변심',
  refundAccount: null,
  earlierUnresolved: false,
}
const whole: CancelInput = { ...input, amount: minor(27_900), whole: true }
const account = { bank: '88', number: '110123456789', holder: '홍길동' } as const
const intoAccount: CancelInput = { ...whole, method: 'VIRTUAL_ACCOUNT', refundAccount: account }
const partIntoAccount: CancelInput = { ...input, method: 'VIRTUAL_ACCOUNT', refundAccount: account }
const call: Call = {
  credentials: { siteCd: 'J1001', siteKey: 'sandbox-key-of-J1001__' },
  endpoint: 'http://testpaygw.kcp.co.kr:8090',
  program: '/opt/kcp/bin/pp_cli',
}

const lineOf = (wire: Wire): string => {
  if (wire.via !== 'cli') throw new Error('not for the module')
  return iconv.decode(Buffer.from(wire.args[1] ?? '', 'base64'), 'cp949')
}
const argumentOf = (wire: Wire) => readArgument(lineOf(wire))
const fieldsOf = (wish: CancelInput): Record<string, string> | null => {
  const wire = cancelByModule.request(wish, call)
  if (wire.via === 'cli' && wire.args.length === 0) return null
  const fields = readSet(argumentOf(wire).get('modx_data') ?? '', 'mod_data')
  return fields && Object.fromEntries(fields)
}
const restBody = (wish: CancelInput): unknown => {
  const wire = cancelByRest.request(wish, call)
  return wire.via === 'http' && wire.body !== null ? JSON.parse(wire.body) : null
}

describe('the line for the module', () => {
  it('has two arguments, the sets in KCP’s form, and no key until it leaves', () => {
    const wire = cancelByModule.request(input, call)
    expect(wire).toMatchObject({ via: 'cli', program: '/opt/kcp/bin/pp_cli' })
    const modx =
      ['tno=22336466628585', 'mod_type=STPC', 'mod_ip=127.0.0.1', 'mod_desc=고객 변심 [JP-0011223344556677]'].join(US) +
      `${US}mod_mny=22500${US}rem_mny=27900${US}`
    const line =
      'home=/opt/kcp,site_cd=J1001,tx_cd=00200000,pa_url=testpaygw.kcp.co.kr,pa_port=8090,ordr_idxx=,payx_data=,' +
      `ordr_data=,rcvr_data=,escw_data=,modx_data=mod_data=${modx},enc_data=,enc_info=,trace_no=,cust_ip=127.0.0.1,` +
      'log_path=/opt/kcp/log,log_level=3,opt=0'
    expect(lineOf(wire)).toBe(line)
    expect(lineOf(kcpModule.sign(wire, call.credentials))).toBe(`${line},site_key=sandbox-key-of-J1001__`)
    expect(cancelByModule.request(input, call)).toEqual(wire)
  })
  it('cut short anywhere it has no whole key', () => {
    const signed = lineOf(kcpModule.sign(cancelByModule.request(input, call), call.credentials))
    for (let end = 0; end < signed.length; end++)
      expect(readArgument(signed.slice(0, end)).get('site_key')).not.toBe('sandbox-key-of-J1001__')
  })
  it('is signed with no key that would break it, and the self test with none', () => {
    const wire = cancelByModule.request(input, call)
    for (const siteKey of ['', 'a,b', 'a\x1fb', 'a\0'])
      expect(kcpModule.sign(wire, { siteKey })).toMatchObject({ args: [] })
    const test = kcpModule.operations.selfTest?.request(call.credentials, call) ?? expect.fail()
    expect(kcpModule.sign(test, call.credentials)).toEqual(test)
  })
})

const common = { tno: input.paymentId, mod_ip: '127.0.0.1', mod_desc: '고객 변심 [JP-0011223344556677]' }
const part = { mod_mny: '22500', rem_mny: '27900' }
const mod = { mod_bankcode: 'BK88', mod_account: '110123456789', mod_depositor: '홍길동' }
const trio = { refund_account: '110123456789', refund_nm: '홍길동', bank_code: '88' }
const tax = { tax_flag: 'TG03', mod_tax_mny: '13636', mod_vat_mny: '1364', mod_free_mny: '7500' }
const taxed = { mixedTax: true, taxFree: minor(7_500) }
const before = { escrow: 'before_shipment' } as const
const confirmed = { escrow: 'confirmed' } as const
const ste9 = { mod_type: 'STE9', mod_desc_cd: 'CA06' }

describe('which message', () => {
  it.each<[string, CancelInput, object | null]>([
    ['whole', whole, { mod_type: 'STSC' }],
    ['a part', input, { mod_type: 'STPC', ...part }],
    ['a part with tax', { ...input, ...taxed }, { mod_type: 'STPC', ...part, ...tax }],
    ['whole with tax', { ...whole, ...taxed }, { mod_type: 'STSC' }],
    ['the last after a part', { ...whole, whole: false }, { mod_type: 'STPC', mod_mny: '27900', rem_mny: '27900' }],
    ['account, whole', intoAccount, { mod_type: 'STHD', mod_sub_type: 'MDSC00', mod_comp_type: 'MDCP01', ...mod }],
    [
      'account, part',
      partIntoAccount,
      { mod_type: 'STPD', mod_sub_type: 'MDSC03', mod_comp_type: 'MDCP01', ...mod, ...part },
    ],
    [
      'account, part with tax',
      { ...partIntoAccount, ...taxed },
      { mod_type: 'STPD', mod_sub_type: 'MDSC04', mod_comp_type: 'MDCP01', ...mod, ...part, ...tax },
    ],
    [
      'account of a securities firm',
      { ...intoAccount, refundAccount: { ...account, bank: '218' } },
      { mod_type: 'STHD', mod_sub_type: 'MDSC00', mod_comp_type: 'MDCP01', ...mod, mod_bankcode: 'B218' },
    ],
    ['no account', { ...intoAccount, refundAccount: null }, null],
    ['close', { ...whole, kind: 'CLOSE', amount: minor(0), method: 'VIRTUAL_ACCOUNT' }, { mod_type: 'STSC' }],
    ['close escrow', { ...whole, kind: 'CLOSE', amount: minor(0), ...before }, { mod_type: 'STE5' }],
    ['escrow card', { ...whole, ...before }, { mod_type: 'STE2' }],
    ['escrow card, shipped', { ...whole, escrow: 'shipped' }, { mod_type: 'STE4' }],
    ['escrow account', { ...intoAccount, ...before }, { mod_type: 'STE2', ...trio }],
    ['escrow account, shipped', { ...intoAccount, escrow: 'shipped' }, { mod_type: 'STE4', ...trio }],
    ['escrow transfer', { ...whole, method: 'TRANSFER', ...before }, { mod_type: 'STE2' }],
    ['escrow account, no account', { ...intoAccount, ...before, refundAccount: null }, null],
    ['escrow, a part before', { ...input, ...before }, null],
    ['escrow, a part shipped', { ...input, escrow: 'shipped' }, null],
    ['STE9 card', { ...whole, ...confirmed }, { ...ste9, sub_mod_type: 'STSC', mod_sub_type: 'MDSC03' }],
    [
      'STE9 card, part',
      { ...input, ...confirmed },
      { ...ste9, sub_mod_type: 'STPC', mod_sub_type: 'MDSC03', part_canc_yn: 'Y', amount: '27900', ...part },
    ],
    [
      'STE9 transfer',
      { ...whole, ...confirmed, method: 'TRANSFER' },
      { ...ste9, sub_mod_type: 'STSC', mod_sub_type: 'MDSC03' },
    ],
    [
      'STE9 transfer, part',
      { ...input, ...confirmed, method: 'TRANSFER' },
      { ...ste9, sub_mod_type: 'STPC', mod_sub_type: 'MDSC04', part_canc_yn: 'Y', amount: '27900', ...part },
    ],
    [
      'STE9 transfer into an account',
      { ...whole, ...confirmed, method: 'TRANSFER', refundAccount: account },
      { ...ste9, sub_mod_type: 'STHD', mod_sub_type: 'MDSC04', mod_mny: '27900', ...mod },
    ],
    [
      'STE9 transfer, part into an account',
      { ...input, ...confirmed, method: 'TRANSFER', refundAccount: account },
      null,
    ],
    [
      'STE9 account',
      { ...intoAccount, ...confirmed },
      { ...ste9, sub_mod_type: 'STHD', mod_sub_type: 'MDSC00', mod_mny: '27900', ...mod },
    ],
    [
      'STE9 account, part',
      { ...partIntoAccount, ...confirmed },
      { ...ste9, sub_mod_type: 'STPD', mod_sub_type: 'MDSC04', part_canc_yn: 'Y', amount: '27900', ...part, ...mod },
    ],
    ['STE9 account, no account', { ...intoAccount, ...confirmed, refundAccount: null }, null],
    ['dollars', { ...whole, currency: 'USD' }, null],
    ['nothing', { ...input, amount: minor(0) }, null],
    ['whole, but less than there is', { ...whole, amount: minor(27_899) }, null],
    ['more tax-free than all of it', { ...input, mixedTax: true, taxFree: minor(22_501) }, null],
    ['more than there is', { ...input, amount: minor(27_901) }, null],
    ['a number that is none', { ...whole, paymentId: '1,site_cd=X' }, null],
  ])('%s', (_, wish, fields) => {
    expect(fieldsOf(wish)).toEqual(fields && { ...common, ...fields })
  })
  it('STE9 goes under a transaction code of its own', () => {
    expect(argumentOf(cancelByModule.request({ ...whole, ...confirmed }, call)).get('tx_cd')).toBe('70200200')
    expect(argumentOf(cancelByModule.request(whole, call)).get('tx_cd')).toBe('00200000')
  })
  it('by REST: whole and part, and nothing else', () => {
    const said = { site_cd: 'J1001', tno: input.paymentId, mod_desc: common.mod_desc }
    expect(restBody(whole)).toEqual({ ...said, mod_type: 'STSC' })
    expect(restBody(input)).toEqual({ ...said, mod_type: 'STPC', ...part })
    for (const wish of [intoAccount, { ...whole, ...before }, { ...whole, kind: 'CLOSE' as const }])
      expect(cancelByRest.request(wish, call)).toMatchObject({ url: '', body: null })
    expect(Object.keys(kcpRest.operations)).toEqual(['cancel', 'inquire'])
  })
})

describe('tax', () => {
  it('adds up, as in the guide’s example', () => {
    expect(splitTax(minor(100), minor(12))).toEqual({ supply: 80, vat: 8 })
    const amounts = fc.tuple(fc.nat(1_000_000_000), fc.nat(1_000_000_000))
    fc.assert(
      fc.property(amounts, ([taxable, free]) => {
        const { supply, vat } = splitTax(minor(taxable + free), minor(free))
        expect(supply + vat).toBe(taxable)
        // Half a won at most from the eleventh.
        expect(Math.abs(vat * 11 - taxable) * 2).toBeLessThanOrEqual(11)
      }),
    )
  })
})

describe('what is written into a field', () => {
  it('never leaves it, whatever it is, and fits', () => {
    const known = new Set(
      Object.keys({ ...common, ...part, ...mod, ...tax, mod_type: 0, mod_sub_type: 0, mod_comp_type: 0 }),
    )
    const names = [...argumentOf(cancelByModule.request(input, call)).keys()]
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom(
        'a,site_key=x',
        'a\x1ftno=1\x1f',
        '"\'`$(id)\\',
        'x\n\0y',
        '<script>eval(1)</script>',
        '뷁'.repeat(99),
        '가'.repeat(50_000),
      ),
    )
    fc.assert(
      fc.property(nasty, nasty, nasty, nasty, (reason, holder, number, paymentId) => {
        const tno = paymentId.length % 2 === 0 ? input.paymentId : paymentId
        const refundAccount = { ...account, holder, number: number.length % 2 === 0 ? account.number : number }
        const wire = cancelByModule.request({ ...partIntoAccount, reason, refundAccount, paymentId: tno }, call)
        const plain = cancelByModule.request({ ...input, reason }, call)
        for (const one of [wire, plain]) {
          if (one.via === 'cli' && one.args.length === 0) continue
          const argument = argumentOf(one)
          expect([...argument.keys()]).toEqual(names)
          const fields = readSet(argument.get('modx_data') ?? '', 'mod_data') ?? expect.fail('two of a name')
          for (const name of fields.keys()) expect(known).toContain(name)
          expect(kcpBytes(fields.get('mod_desc') ?? '')).toBeLessThanOrEqual(100)
          expect(fields.get('mod_desc')).toMatch(/\[JP-0011223344556677\]$/)
        }
        expect(plain).toMatchObject({ args: [expect.anything(), expect.anything()] })
      }),
    )
  })
  it('a holder that cannot be said is not said in part', () => {
    for (const holder of ['a,b', '홍길동😀', '', '가'.repeat(11), "O'Neil"])
      expect(fieldsOf({ ...intoAccount, refundAccount: { ...account, holder } })).toBeNull()
    expect(fieldsOf({ ...intoAccount, refundAccount: { ...account, holder: '뷁똠' } })).toMatchObject({
      mod_depositor: '뷁똠',
    })
  })
  it('a reason loses what CP949 lacks, and says so', () => {
    expect(fieldsOf({ ...whole, reason: 'A, B & "C" 😀\n끝' })?.['mod_desc']).toBe(
      'A， B ＆ ＂C＂ ? 끝 [JP-0011223344556677]',
    )
  })
})

/** Bytes of CP949 as characters of Latin-1. */
const printedText = (fields: object): string => {
  const text = Object.entries(fields).map(([key, value]) => `${key}=${value}`)
  return iconv.encode(text.join(US), 'cp949').toString('latin1')
}
const printed = (fields: object, exitCode: number | null = 0): Reply => ({
  via: 'cli',
  stdout: Buffer.from(`${printedText(fields)}\n`, 'latin1'),
  exitCode,
})
const answered = (body: unknown, status = 200): Reply => ({
  via: 'http',
  status,
  contentType: 'application/json',
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const ok = { res_cd: '0000', res_msg: '정상처리', res_en_msg: 'processing completed', tno: input.paymentId }
/** The guide's numbers: 27,900 less 22,500. */
const partDone = {
  ...ok,
  amount: '27900',
  card_mny: '27900',
  panc_mod_mny: '22500',
  panc_rem_mny: '5400',
  canc_time: '20261121140322',
  app_no: '12345678',
}
const restPartDone = { ...ok, amount: 27_900, mod_mny: 22_500, rem_mny: 5_400, canc_time: '20261121140322' }
const byModule = (fields: object, wish = input, exitCode: number | null = 0) =>
  cancelByModule.reply(printed(fields, exitCode), wish)
const byRest = (body: unknown, wish = input, status = 200) => cancelByRest.reply(answered(body, status), wish)
const at = parseIso('2026-11-21T14:03:22+09:00')

describe('the answer', () => {
  it('to a part is done with the balance it leaves, by either way', () => {
    const done = {
      kind: 'done',
      reference: '22336466628585/22500',
      value: {
        cancellationId: '22336466628585/22500',
        amount: 22_500,
        taxFree: 0,
        approvalNumber: null,
        cancelledAt: at,
      },
    }
    expect(byModule(partDone)).toEqual(done)
    expect(byRest(restPartDone)).toEqual(done)
    expect(byRest({ ...restPartDone, rem_mny: '5400', mod_mny: '22500' })).toEqual(done)
  })
  it('whose balance is the one before, or any other, or none, is not', () => {
    for (const left of ['27900', '5401', '0', '', '5400.0', '-5400', 'x']) {
      expect(byModule({ ...partDone, panc_rem_mny: left }).kind).toBe('unknown')
      expect(byRest({ ...restPartDone, rem_mny: left }).kind).toBe('unknown')
    }
    // Each way's own word only.
    expect(byModule({ ...ok, rem_mny: '5400' }).kind).toBe('unknown')
    expect(byRest({ ...ok, panc_rem_mny: '5400' }).kind).toBe('unknown')
    expect(byRest({ ...restPartDone, rem_mny: { left: 5_400 } }).kind).toBe('unknown')
  })
  it('of another amount or another payment is not', () => {
    expect(byModule({ ...partDone, panc_mod_mny: '22501' }).kind).toBe('unknown')
    expect(byRest({ ...restPartDone, mod_mny: 22_501 }).kind).toBe('unknown')
    for (const tno of ['22336466628586', '', '2233646662858']) {
      expect(byModule({ ...partDone, tno }).kind).toBe('unknown')
      expect(byRest({ ...restPartDone, tno }).kind).toBe('unknown')
    }
    expect(byModule({ ...ok, amount: '27901' }, whole).kind).toBe('unknown')
    expect(byModule({ ...partDone, canc_time: '20261321140322' }).kind).toBe('unknown')
  })
  it('to a whole cancel leaves nothing', () => {
    for (const outcome of [byModule({ ...ok, amount: '27900' }, whole), byRest({ ...ok, amount: 27_900 }, whole)])
      expect(outcome).toMatchObject({ kind: 'done', reference: '22336466628585/27900' })
    expect(byModule({ ...ok, panc_rem_mny: '1' }, whole).kind).toBe('unknown')
  })
  it('to a refund into an account or of escrow names no balance: it is what was left less the amount', () => {
    expect(byModule(ok, partIntoAccount)).toMatchObject({ kind: 'done', reference: '22336466628585/22500' })
    expect(byModule(ok, { ...input, ...confirmed })).toMatchObject({ reference: '22336466628585/22500' })
    expect(byModule({ ...ok, panc_rem_mny: '5401' }, partIntoAccount).kind).toBe('unknown')
  })
  it('to a closing moves nothing', () => {
    const closing: CancelInput = { ...whole, kind: 'CLOSE', amount: minor(0), remainder: minor(0) }
    expect(byModule(ok, closing)).toMatchObject({
      kind: 'done',
      reference: 'close:22336466628585',
      value: { amount: 0 },
    })
  })
  it('is read before the exit status, which says nothing', () => {
    for (const exitCode of [0, 116, 123, null]) expect(byModule(partDone, input, exitCode).kind).toBe('done')
  })
  it('in UTF-8 where the server sent that, and of bytes that are neither, not', () => {
    const text = Object.entries(partDone)
      .map(([key, value]) => `${key}=${value}`)
      .join(US)
    expect(cancelByModule.reply({ via: 'cli', stdout: Buffer.from(text), exitCode: 0 }, input).kind).toBe('done')
    const broken = Buffer.concat([Buffer.from(`res_msg=`), Buffer.of(0xff, 0xff), Buffer.from(`${US}${text}`)])
    expect(cancelByModule.reply({ via: 'cli', stdout: broken, exitCode: 0 }, input).kind).toBe('unknown')
  })
  it('at the module’s limit may be cut inside an amount', () => {
    const sized = (size: number) => {
      const { length } = printedText({ ...partDone, res_en_msg: '' })
      const text = printedText({ ...partDone, res_en_msg: 'x'.repeat(size - length) })
      return cancelByModule.reply({ via: 'cli', stdout: Buffer.from(text, 'latin1'), exitCode: 0 }, input).kind
    }
    expect([8_190, 8_191, 8_192, 20_000].map(sized)).toEqual(['done', 'unknown', 'unknown', 'unknown'])
  })
  it('that says a thing twice is not understood', () => {
    const text = `res_cd=0000${US}tno=${input.paymentId}${US}panc_rem_mny=5400${US}panc_rem_mny=5400`
    expect(cancelByModule.reply({ via: 'cli', stdout: Buffer.from(text), exitCode: 0 }, input).kind).toBe('unknown')
  })
})

describe('a refusal', () => {
  it('declines by the table, at HTTP 200, and not while an earlier sending is open', () => {
    for (const [code, reason] of Object.entries(refusals)) {
      const said = { res_cd: code, res_msg: '거절' }
      const declined = { kind: 'declined', code, reason, message: '거절' }
      expect(byModule(said)).toEqual(declined)
      expect(byModule(said, input, 123)).toEqual(declined)
      expect(byRest(said)).toEqual(declined)
      expect(byRest(said, input, 500).kind).toBe('unknown')
      expect(byModule(said, { ...input, earlierUnresolved: true })).toEqual({ kind: 'unknown', cause: code })
      expect(byModule({ ...said, tno: '1' }).kind).toBe('unknown')
    }
  })
  it('that may speak of a cancel made before goes to confirmation, told by its code alone', () => {
    for (const code of ['8133', '8023', 'CCA6', ...refusedUnlessFound]) {
      expect(refusedUnlessFound.has(code)).toBe(true)
      expect(Object.hasOwn(refusals, code)).toBe(false)
      for (const outcome of [byModule({ res_cd: code }), byRest({ res_cd: code })])
        expect(outcome).toEqual({ kind: 'unknown', cause: code })
    }
  })
  it.each([
    'S203',
    'S204',
    'S101',
    'S201',
    'S301',
    '6001',
    '6003',
    '6004',
    '9601',
    '9502',
    '8041',
    '8042',
    '8043',
    '8044',
    '8045',
    '8046',
    '8047',
    '8048',
    '8995',
    '8996',
    '8997',
    '8340',
    '8387',
    '8388',
    '8999',
    '9999',
    'V000',
  ])('%s is not known, wherever it comes from', (code) => {
    for (const outcome of [byModule({ res_cd: code }), byModule({ res_cd: code }, input, 72), byRest({ res_cd: code })])
      expect(outcome.kind).toBe('unknown')
  })
  it('S202 was not sent, by the program’s word and its own ending, and by nothing else', () => {
    expect(byModule({ res_cd: 'S202', res_msg: 'x' }, input, 123)).toEqual({ kind: 'not_sent', cause: 'connect: S202' })
    expect(byModule({ res_cd: 'S202' }, input, 0).kind).toBe('unknown')
    expect(byRest({ res_cd: 'S202' }).kind).toBe('unknown')
    expect(byModule({ res_cd: 'S102' }, input, 123).kind).toBe('not_sent')
  })
  it('of nothing printed is not known', () => {
    for (const text of ['', '\n', ' \r\n'])
      expect(cancelByModule.reply({ via: 'cli', stdout: Buffer.from(text), exitCode: 160 }, input).kind).toBe('unknown')
  })
})
