// What only reads, escrow, credentials and slips at KCP.
import { execFileSync } from 'node:child_process'
import { createVerify, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS, fromDate, instant, parseIso, plus } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { plainSite, secondPlainSite } from '#sandbox/kcp/merchant.ts'
import type { Call, Finding, HolderInput, InquireInput, Reply, ShipmentInput, Wire } from '../connector.ts'
import { ask, exchange } from '../exchange.ts'
import { readArgument, readFields, readSet, readSubsets, US } from '../wire/separated.ts'
import { inspect } from './certificate.ts'
import { holderRefusals } from './codes.ts'
import { kcpModule, kcpRest } from './connector.ts'
import { holdSettlement, kcpCouriers, registerShipment } from './escrow.ts'
import { holder } from './holder.ts'
import { inquireByModule, inquireByRest } from './inquire.ts'
import { selfTest } from './self-test.ts'
import { oneLine, tidyPem } from './sign.ts'

const call: Call = {
  credentials: { siteCd: 'J1001', siteKey: 'sandbox-key-of-J1001__' },
  endpoint: 'http://testpaygw.kcp.co.kr:8090',
  program: '/opt/kcp/bin/pp_cli',
}
const argumentOf = (wire: Wire) =>
  readArgument(wire.via === 'cli' ? iconv.decode(Buffer.from(wire.args[1] ?? '', 'base64'), 'cp949') : '')
const modOf = (wire: Wire) => Object.fromEntries(readSet(argumentOf(wire).get('modx_data') ?? '', 'mod_data') ?? [])
const isUnsayable = (wire: Wire) =>
  wire.via === 'cli' ? wire.args.length === 0 : wire.via === 'http' && wire.url === ''
const printed = (fields: object, exitCode: number | null = 0): Reply => {
  const text = Object.entries(fields).map(([key, value]) => `${key}=${value}`)
  return { via: 'cli', stdout: iconv.encode(`${text.join(US)}\n`, 'cp949'), exitCode }
}
const answered = (body: object): Reply => ({
  via: 'http',
  status: 200,
  contentType: 'application/json',
  body: JSON.stringify(body),
})
const ok = { res_cd: '0000', res_msg: '정상처리' }

describe('asking for a payment', () => {
  const input: InquireInput = { paymentId: '22336466628585', method: 'CARD', orderNumber: 'ORDER-1' }
  const card = {
    ...ok,
    tno: input.paymentId,
    stat_ca_cd: 'STSR',
    pay_method: 'PACA',
    amount: '27900',
    order_no: 'ORDER-1',
  }
  const ways = [
    ['module', (fields: object) => inquireByModule.reply(printed(fields), input)],
    ['REST', (fields: object) => inquireByRest.reply(answered(fields), input)],
  ] as const

  it('names payment, method and order', () => {
    const modOfMethod = (method: InquireInput['method']) => modOf(inquireByModule.request({ ...input, method }, call))
    expect(modOfMethod('CARD')).toEqual({
      tno: input.paymentId,
      mod_type: 'STSQ',
      pay_type: 'PACA',
      mod_ordr_idxx: 'ORDER-1',
    })
    const methods = ['TRANSFER', 'VIRTUAL_ACCOUNT', 'MOBILE', 'EASY_PAY', 'OTHER', null] as const
    expect(methods.map((method) => modOfMethod(method)['pay_type'])).toEqual([
      'PABK',
      'PAVC',
      'PAMC',
      'PACA',
      'PACA',
      'PACA',
    ])
    expect(modOf(inquireByModule.request({ ...input, orderNumber: 'a,b' }, call))).not.toHaveProperty('mod_ordr_idxx')
    for (const operation of [inquireByModule, inquireByRest])
      expect(isUnsayable(operation.request({ ...input, paymentId: '1\x1fmod_type=STSC' }, call))).toBe(true)
  })
  it.each(ways)('by %s: what is left, by status and balance', (_, read) => {
    const sums = (change: object) => {
      const outcome = read({ ...card, ...change })
      return outcome.kind === 'done' && outcome.value.kind === 'sums'
        ? [outcome.value.sums.status, outcome.value.sums.total, outcome.value.sums.left]
        : outcome.kind === 'done'
          ? outcome.value
          : outcome.kind
    }
    expect(sums({})).toEqual(['PAID', 27_900, 27_900])
    expect(sums({ rem_mny: '27900' })).toEqual(['PAID', 27_900, 27_900])
    expect(sums({ stat_ca_cd: 'STPC', rem_mny: '5400' })).toEqual(['PARTIALLY_REFUNDED', 27_900, 5_400])
    expect(sums({ stat_ca_cd: 'STPC' })).toEqual(['PARTIALLY_REFUNDED', 27_900, null])
    expect(sums({ stat_ca_cd: 'STPC', rem_mny: '0' })).toEqual(['REFUNDED', 27_900, 0])
    expect(sums({ stat_ca_cd: 'STSC' })).toEqual(['REFUNDED', 27_900, 0])
    expect(sums({ amount: '' })).toEqual(['PAID', null, null])
    expect(sums({ stat_ca_cd: '', stat_bk_cd: 'STPC', bk_rem_mny: '1' })).toEqual(['PARTIALLY_REFUNDED', 27_900, 1])
    expect(sums({ stat_ca_cd: '', stat_hp_cd: 'STSC', hp_rem_mny: '0' })).toEqual(['REFUNDED', 27_900, 0])
    expect(sums({ stat_ca_cd: '', shop_status: 'STSR' })).toEqual(['PAID', 27_900, 27_900])
    expect(sums({ pay_method: 'PAVC', rem_mny: '30000' })).toEqual(['PAID', 27_900, 30_000])
  })
  it.each(ways)('by %s: another word, or one that its balance contradicts, is no state', (_, read) => {
    for (const change of [
      { stat_ca_cd: 'STAF' },
      { stat_ca_cd: 'STIR' },
      { stat_ca_cd: '' },
      { rem_mny: '5400' },
      { rem_mny: '30000' },
      { stat_ca_cd: 'STSC', rem_mny: '1' },
      { stat_ca_cd: 'STPC', rem_mny: '27900' },
      { stat_ca_cd: 'STPC', rem_mny: '5,400' },
      { amount: 'x' },
    ])
      expect(read({ ...card, ...change }), JSON.stringify(change)).toMatchObject({
        kind: 'done',
        value: { kind: 'unreadable' },
      })
    expect(read({ ...card, tno: '22336466628586' }).kind).toBe('unknown')
  })
  it.each(ways)('by %s: no such payment, and what is not known', (_, read) => {
    for (const res_cd of ['8061', '5530', '8585'])
      expect(read({ res_cd })).toMatchObject({ kind: 'declined', reason: 'not_found' })
    for (const res_cd of ['S204', '8041', '9999', '']) expect(read({ res_cd }).kind).toBe('unknown')
  })
  it('needs the payment’s number only by REST, whose pages promise it', () => {
    const { tno: _, ...without } = card
    expect(inquireByModule.reply(printed(without), input).kind).toBe('done')
    expect(inquireByRest.reply(answered(without), input).kind).toBe('unknown')
  })
  it('tells card, time and number, the card masked', () => {
    const said = {
      card_name: '신한카드',
      card_no: '4017620112348250',
      quota: '03',
      noinf: 'Y',
      app_no: '12345678',
      app_time: '20261121140322',
    }
    expect(inquireByModule.reply(printed({ ...card, ...said }), input)).toMatchObject({
      value: {
        sums: {
          orderNumber: 'ORDER-1',
          method: 'CARD',
          approvalNumber: '12345678',
          approvedAt: parseIso('2026-11-21T14:03:22+09:00'),
          methodFacts: {
            card: { issuer: '신한카드', number: '4017-62**-****-8250', instalmentMonths: 3, interestFree: true },
          },
        },
      },
    })
  })
})

describe('an account check', () => {
  const input: HolderInput = { bank: '04', number: '110123456789', holder: '홍길동', orderNumber: 'CHECK1' }
  const outcome = (fields: object, exitCode = 0) => holder.reply(printed(fields, exitCode), input)
  const confirmed = { ...ok, ordr_idxx: 'CHECK1', tno: '20170424942340', app_time: '20170424120000' }

  it('carries the guide’s fields under the names the account is set to', () => {
    const argument = argumentOf(holder.request(input, call))
    expect(argument.get('tx_cd')).toBe('00100000')
    expect(argument.get('ordr_idxx')).toBe('CHECK1')
    const payx = readSubsets(argument.get('payx_data') ?? '', 'payx_data') ?? expect.fail('no set')
    expect(Object.fromEntries(payx.get('acnt') ?? [])).toEqual({
      owner_nm: '홍길동',
      account_no: '110123456789',
      bank_code: '04',
    })
    expect(payx.get('common')?.get('pay_method')).toBe('ACCO')
    const set = { ...call.credentials, accoTxCd: '00402200', accoSubset: 'cert', accoFields: 'nm,no,bk' }
    const other = argumentOf(holder.request(input, { ...call, credentials: set }))
    expect(other.get('tx_cd')).toBe('00402200')
    expect(Object.fromEntries(readSubsets(other.get('payx_data') ?? '', 'payx_data')?.get('cert') ?? [])).toEqual({
      nm: '홍길동',
      no: '110123456789',
      bk: '04',
    })
  })
  it('is not sent with what KCP cannot be told, and that is told before', () => {
    const cases = [
      [{ holder: '홍,길동' }, 'holder', 'characters'],
      [{ holder: '가'.repeat(11) }, 'holder', 'length'],
      [{ holder: '홍길동😀' }, 'holder', 'encoding'],
      [{ holder: '' }, 'holder', 'length'],
      [{ number: '1'.repeat(21) }, 'number', 'length'],
      [{ number: '110-12' }, 'number', 'characters'],
    ] as const
    for (const [change, field, problem] of cases) {
      const wish = { ...input, ...change }
      expect(kcpModule.accountProblem?.(wish)).toEqual({ field, problem })
      expect(isUnsayable(holder.request(wish, call))).toBe(true)
    }
    expect(kcpModule.accountProblem?.({ ...input, holder: 'JOHN SMITH CO.' })).toBeNull()
    expect(isUnsayable(holder.request({ ...input, orderNumber: 'a,b' }, call))).toBe(true)
  })
  it('is confirmed by 0000 alone, with its number and its time kept', () => {
    expect(outcome(confirmed)).toEqual({
      kind: 'done',
      reference: '20170424942340',
      value: {
        kind: 'confirmed',
        code: '0000',
        message: '정상처리',
        reference: '20170424942340',
        time: '20170424120000',
      },
    })
    expect(outcome({ ...confirmed, tno: '' }).kind).toBe('unknown')
    expect(outcome({ ...confirmed, ordr_idxx: 'CHECK2' }).kind).toBe('unknown')
    expect(outcome({ ...confirmed, tno: 'no number' }).kind).toBe('unknown')
  })
  it('is not confirmed by another answer, which is kept with its words', () => {
    expect(
      outcome({ res_cd: '8999', res_msg: '예금주명 불일치', tno: '20170424942340', app_time: '20170424120000' }),
    ).toMatchObject({
      kind: 'done',
      value: { kind: 'not_confirmed', code: '8999', message: '예금주명 불일치', reference: '20170424942340' },
    })
  })
  it('tells what is about us, and what is about nothing, apart from the account', () => {
    for (const [code, reason] of Object.entries(holderRefusals))
      expect(outcome({ res_cd: code })).toMatchObject({ kind: 'declined', code, reason })
    expect(outcome({ res_cd: '8998' })).toMatchObject({ reason: 'not_contracted' })
    for (const res_cd of ['S203', 'S204', '6003', '8041', '8048', '8995', '8997', '9502', '7512'])
      expect(outcome({ res_cd })).toEqual({ kind: 'unknown', cause: res_cd })
    expect(outcome({ res_cd: 'S202' }, 123).kind).toBe('not_sent')
  })
  it('any bytes confirm nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (stdout) => {
        expect(holder.reply({ via: 'cli', stdout, exitCode: 0 }, input).kind).not.toBe('done')
      }),
    )
    const pair = fc.tuple(fc.constantFrom('res_cd', 'res_msg', 'tno', 'app_time', 'ordr_idxx'), fc.string())
    fc.assert(
      fc.property(fc.array(pair), (pairs) => {
        const said = outcome(Object.fromEntries(pairs))
        if (said.kind === 'done') expect(said.value.kind).toBe('not_confirmed')
      }),
    )
  })
})

describe('escrow', () => {
  const input: ShipmentInput = {
    key: 'k',
    paymentId: '22336466628585',
    company: 'CJ',
    trackingNumber: '000123456789',
    sentAt: instant(0),
    sendEmail: false,
    earlierUnresolved: false,
  }

  it('tells number and courier by its name; the shop’s own delivery in KCP’s form', () => {
    const said = { tno: input.paymentId, mod_type: 'STE1', mod_ip: '127.0.0.1', mod_desc: '배송시작' }
    expect(modOf(registerShipment.request(input, call))).toEqual({
      ...said,
      deli_numb: '000123456789',
      deli_corp: 'CJ대한통운',
    })
    const own = { ...input, company: 'OWN', trackingNumber: '0000' } as const
    expect(modOf(registerShipment.request(own, call))).toEqual({ ...said, deli_numb: '0000', deli_corp: '자가배송' })
    for (const company of kcpCouriers) {
      const { deli_corp } = modOf(registerShipment.request({ ...input, company }, call))
      expect(iconv.encode(String(deli_corp), 'cp949').length).toBeLessThanOrEqual(25)
    }
    for (const change of [
      { company: 'ETC' },
      { trackingNumber: 'a,b' },
      { trackingNumber: '1'.repeat(26) },
      { paymentId: '' },
    ] as const)
      expect(isUnsayable(registerShipment.request({ ...input, ...change }, call))).toBe(true)
  })
  it('holds the settlement back with a reason', () => {
    const hold = { paymentId: input.paymentId, reason: '분쟁, 확인 중', earlierUnresolved: false }
    expect(modOf(holdSettlement.request(hold, call))).toMatchObject({ mod_type: 'STE3', mod_desc: '분쟁， 확인 중' })
    expect(modOf(holdSettlement.request({ ...hold, reason: '' }, call))).toMatchObject({ mod_desc: '정산보류' })
  })
  it('is done for this payment only, and refused in a wrong state', () => {
    const outcome = (fields: object, wish = input) => registerShipment.reply(printed(fields), wish)
    expect(outcome({ ...ok, tno: input.paymentId })).toMatchObject({ kind: 'done', value: { at: null } })
    expect(outcome({ ...ok, tno: '1' }).kind).toBe('unknown')
    expect(outcome({ ...ok }).kind).toBe('unknown')
    for (const res_cd of ['5002', '8134', '8E02']) {
      expect(outcome({ res_cd })).toMatchObject({ kind: 'declined', reason: 'not_allowed' })
      expect(outcome({ res_cd }, { ...input, earlierUnresolved: true }).kind).toBe('unknown')
    }
    for (const res_cd of ['S204', '8041', '8999']) expect(outcome({ res_cd }).kind).toBe('unknown')
  })
})

describe('the REST signature', () => {
  const credentials = {
    siteCd: 'J1001',
    certificate: plainSite.certificate,
    privateKey: plainSite.privateKey,
    privateKeyPassword: plainSite.privateKeyPassword,
  }
  const rest: Call = { credentials, endpoint: 'https://stg-spl.kcp.co.kr', program: null }
  const signed = (wire: Wire, given: Readonly<Record<string, string>> = credentials): Record<string, string> => {
    const out = kcpRest.sign(wire, given)
    return out.via === 'http' && out.body !== null ? JSON.parse(out.body) : expect.fail('not signed')
  }
  const verifies = (text: string, { kcp_sign_data: signature = '' }: Record<string, string>) =>
    createVerify('RSA-SHA256')
      .update(text)
      .verify(new X509Certificate(plainSite.certificate).publicKey, signature, 'base64')
  const question: InquireInput = { paymentId: '22336466628585', method: 'TRANSFER', orderNumber: null }

  it('is over site, number and pay_type, or mod_type where the account is set so; the certificate on one line', () => {
    const wire = inquireByRest.request(question, rest)
    expect(JSON.stringify(wire)).not.toContain('CERTIFICATE')
    const body = signed(wire)
    expect(body).toMatchObject({ site_cd: 'J1001', tno: '22336466628585', pay_type: 'PABK' })
    expect(body['kcp_cert_info']).toBe(oneLine(plainSite.certificate))
    expect(body['kcp_cert_info']).not.toMatch(/\s$|\n/)
    expect(verifies('J1001^22336466628585^PABK', body)).toBe(true)
    expect(signed(wire)).toEqual(body)
    const other = { ...rest, credentials: { ...credentials, inquirySign: 'mod_type' } }
    const set = signed(inquireByRest.request(question, other))
    expect(set).toMatchObject({ pay_type: 'PABK', mod_type: 'STSQ' })
    expect(verifies('J1001^22336466628585^STSQ', set)).toBe(true)
  })
  it('is made with a key that lost its line breaks when it was pasted', () => {
    const wire = inquireByRest.request(question, rest)
    for (const privateKey of [
      oneLine(plainSite.privateKey),
      plainSite.privateKey.replaceAll('\n', '\r\n'),
      tidyPem(plainSite.privateKey),
    ])
      expect(verifies('J1001^22336466628585^PABK', signed(wire, { ...credentials, privateKey }))).toBe(true)
  })
  it('cannot be made where the key cannot be opened: then nothing is sent, and nothing of the key is told', async () => {
    const wire = inquireByRest.request(question, rest)
    for (const change of [{ privateKeyPassword: 'wrong' }, { privateKey: '' }, { privateKey: plainSite.certificate }]) {
      const place = { ...rest, credentials: { ...credentials, ...change } }
      const { outcome } = await exchange(kcpRest, inquireByRest, wire, question, place)
      expect(outcome).toEqual({ kind: 'not_sent', cause: 'sign: the key could not be used' })
    }
  })
})

describe('what is seen of a certificate', () => {
  const credentials = {
    siteCd: 'J1001',
    certificate: plainSite.certificate,
    privateKey: plainSite.privateKey,
    privateKeyPassword: plainSite.privateKeyPassword,
  }
  const certificate = new X509Certificate(plainSite.certificate)
  const [from, until] = [fromDate(certificate.validFromDate), fromDate(certificate.validToDate)]
  const said = (findings: readonly Finding[]) =>
    findings.map(({ check, result, reason }) => `${check} ${result} ${reason}`)
  const at = (now: number, change: object = {}) => said(inspect({ ...credentials, ...change }, instant(now)))
  const good = ['privateKey proven ok', 'keyPair proven ok']

  it('is its time', () => {
    expect(at(plus(until, -31 * DAY_MS))).toEqual(['certificate proven ok', ...good])
    expect(at(plus(until, -30 * DAY_MS))).toEqual(['certificate unprovable expires_soon', ...good])
    expect(at(until)).toEqual(['certificate failed expired', ...good])
    expect(at(plus(from, -DAY_MS))).toEqual(['certificate failed not_yet', ...good])
  })
  it('is whether the password opens the key and whether the two belong together', () => {
    const now = plus(from, DAY_MS)
    const [of] = at(now)
    expect(at(now, { privateKeyPassword: 'wrong' })).toEqual([
      of,
      'privateKey failed not_opened',
      'keyPair unprovable not_compared',
    ])
    expect(at(now, { privateKey: secondPlainSite.privateKey })).toEqual([
      of,
      'privateKey proven ok',
      'keyPair failed another_key',
    ])
    expect(at(now, { certificate: 'x' })).toEqual([
      'certificate failed unreadable',
      'privateKey proven ok',
      'keyPair unprovable not_compared',
    ])
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'changed' },
    })
    expect(at(now, { privateKey, privateKeyPassword: 'changed' })).toEqual([
      of,
      'privateKey proven ok',
      'keyPair failed another_key',
    ])
    expect(JSON.stringify(inspect({ ...credentials, privateKeyPassword: 'wrong' }, instant(now)))).not.toContain(
      'wrong',
    )
  })
})

describe('trying the program', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'jeonpyo-kcp-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const program = (name: string, body: string, mode = 0o755) => {
    const path = join(folder, name)
    writeFileSync(path, `#!/bin/sh\n${body}\n`)
    chmodSync(path, mode)
    return path
  }
  const tried = async (path: string | null) => {
    const { outcome } = await ask(kcpModule, selfTest, call.credentials, { ...call, program: path })
    return outcome.kind === 'done'
      ? outcome.value.map(({ check, result, reason }) => `${check} ${result} ${reason}`)
      : [outcome.kind, 'cause' in outcome && outcome.cause].join(' ')
  }

  it('the sandbox’s own answers as KCP’s guide says, and what that does not prove is said', async () => {
    const standIn = execFileSync('realpath', [join(import.meta.dirname, '../../../sandbox/kcp/pp_cli')], {
      encoding: 'utf8',
    })
    expect(await tried(standIn.trim())).toEqual([
      'program proven ok',
      'siteKey unprovable unprovable',
      'serverAddress unprovable unprovable',
    ])
  })
  it('is not started, not answered, or answered otherwise', async () => {
    expect(await tried(null)).toBe('not_sent program: none is installed')
    expect(await tried(join(folder, 'missing'))).toBe('not_sent program: not found')
    expect(await tried(program('plain', '', 0o644))).toBe('not_sent program: not executable')
    expect((await tried(program('silent', 'exit 160')))[0]).toBe('program failed other_answer')
    expect((await tried(program('other', 'echo hello')))[0]).toBe('program failed other_answer')
  })
  it('gives it `-h` and no key', async () => {
    const path = program('echo', `printf 'res_cd=S102\\037res_msg=%s' "$#$*"`)
    expect((await tried(path))[0]).toBe('program proven ok')
    expect(selfTest.request(call.credentials, call)).toEqual({
      via: 'cli',
      program: '/opt/kcp/bin/pp_cli',
      args: [Buffer.from('-h').toString('base64')],
    })
  })
})

describe('slips', () => {
  const slipOf = (change: object) =>
    kcpModule.slip?.({
      environment: 'live',
      method: 'CARD',
      reference: '22336466628585',
      orderNumber: 'A 1&2',
      amount: minor(27_900),
      ...change,
    })
  it('have an address by method and environment', () => {
    expect(slipOf({})).toBe(
      'https://admin8.kcp.co.kr/assist/bill.BillActionNew.do?cmd=card_bill&tno=22336466628585&order_no=A+1%262&trade_mony=27900',
    )
    expect(slipOf({ environment: 'test' })).toContain('https://testadmin8.kcp.co.kr/')
    const commands = ['TRANSFER', 'VIRTUAL_ACCOUNT', 'MOBILE', 'EASY_PAY'].map(
      (method) => /cmd=(\w+)/.exec(slipOf({ method }) ?? '')?.[1],
    )
    expect(commands).toEqual(['acnt_bill', 'vcnt_bill', 'mcash_bill', 'card_bill'])
    expect([slipOf({ method: 'OTHER' }), slipOf({ environment: 'sandbox' })]).toEqual([null, null])
  })
})

it('answers fields that hold = and + as they are', () => {
  expect(readFields(`a=b=c${US}d=1+2%41`)).toEqual(
    new Map([
      ['a', 'b=c'],
      ['d', '1+2%41'],
    ]),
  )
})
