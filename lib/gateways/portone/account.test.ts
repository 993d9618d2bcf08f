// Refunds into accounts: what goes over the wire, and what closing an account and asking for a holder may answer.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { banks } from '#lib/domain/banks.ts'
import { instant } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { bankNames } from '#sandbox/portone/banks.ts'
import type { CancelInput, HolderInput, Reply } from '../connector.ts'
import { portoneBank } from './bank.ts'
import { cancel } from './cancel.ts'
import { close } from './close.ts'
import { closeRefusals } from './codes.ts'
import { holder } from './holder.ts'

const input: CancelInput = {
  intentId: '11111111-1111-4111-8111-111111111111',
  at: instant(Date.UTC(2026, 10, 21)),
  token: 'JP-0011223344556677',
  kind: 'CLOSE',
  paymentId: 'order 1/2',
  channelKey: 'channel-key-1',
  pgTxId: null,
  method: 'VIRTUAL_ACCOUNT',
  currency: 'KRW',
  amount: minor(0),
  taxFree: minor(0),
  whole: false,
  mixedTax: false,
  escrow: null,
  remainder: minor(0),
  refunded: minor(0),
  sequence: null,
  reason: '미입금',
  refundAccount: null,
  earlierUnresolved: false,
}
const asked: HolderInput = { bank: '88', number: '110123456789', holder: '홍길동', orderNumber: 'check1' }
const call = {
  credentials: { storeId: 'store-1', apiSecret: 'secret' },
  endpoint: 'https://api.portone.io',
  program: null,
}
const answer = (status: number, body: unknown): Reply => ({
  via: 'http',
  status,
  contentType: 'application/json',
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const closedAt = '2026-11-21T01:00:00Z'

describe('a refund into an account', () => {
  it('names the bank as PortOne does, for every bank of the table', () => {
    for (const { code, portone } of banks) {
      expect([portoneBank(code), bankNames.has(portone)]).toEqual([portone, true])
      const refundAccount = { bank: code, number: '110123456789', holder: '홍길동' }
      const wire = cancel.request({ ...input, kind: 'CANCEL', amount: minor(1_000), refundAccount }, call)
      const body: unknown = JSON.parse((wire.via === 'http' && wire.body) || 'null')
      expect(body).toMatchObject({ refundAccount: { bank: portone, number: '110123456789', holderName: '홍길동' } })
    }
    const without = cancel.request({ ...input, kind: 'CANCEL', amount: minor(1_000) }, call)
    expect(JSON.stringify(without)).not.toContain('refundAccount')
  })
})

describe('closing an account', () => {
  const outcome = (status: number, body: unknown, wish = input) => close.reply(answer(status, body), wish)

  it('names the store in the query, carries the intent as key, and has no body', () => {
    expect(close.request(input, call)).toEqual({
      via: 'http',
      method: 'POST',
      url: 'https://api.portone.io/payments/order%201%2F2/virtual-account/close?storeId=store-1',
      headers: { Accept: 'application/json', 'Idempotency-Key': `"${input.intentId}"` },
      body: null,
    })
  })
  it('is done by 200 with its time alone', () => {
    expect(outcome(200, { closedAt })).toMatchObject({ kind: 'done', reference: 'close:order 1/2' })
    for (const body of [{}, { closedAt: 'soon' }, { closedAt, extra: 1 }, 'ok', null, []])
      expect(outcome(200, body).kind).toBe('unknown')
  })
  it('is declined by a listed refusal at its own status only, and only without an open earlier sending', () => {
    for (const [type, { status }] of Object.entries(closeRefusals)) {
      expect(outcome(status, { type, message: 'no' })).toMatchObject({ kind: 'declined', code: type })
      expect(outcome(status + 1, { type }).kind).toBe('unknown')
      expect(outcome(status, { type }, { ...input, earlierUnresolved: true }).kind).toBe('unknown')
    }
    // It may be closed already, by us: the record decides.
    const type = 'PAYMENT_NOT_WAITING_FOR_DEPOSIT'
    expect(outcome(409, { type })).toEqual({ kind: 'unknown', cause: type })
  })
  it('any bytes are never done and never declined', () => {
    const judged = (status: number, body: unknown) => ['done', 'declined'].includes(outcome(status, body).kind)
    const status = fc.integer({ min: 100, max: 599 })
    fc.assert(fc.property(status, fc.string(), (code, body) => !judged(code, body)))
    fc.assert(fc.property(status, fc.jsonValue(), (code, body) => !judged(code, body)))
  })
})

describe('asking for a holder', () => {
  const outcome = (status: number, body: unknown) => holder.reply(answer(status, body), asked)

  it('asks by the bank’s name and the digits', () => {
    expect(holder.request(asked, call)).toMatchObject({
      method: 'GET',
      url: 'https://api.portone.io/platform/bank-accounts/SHINHAN/110123456789/holder',
      body: null,
    })
  })
  it('tells a name, what was refused, and what is not known apart', () => {
    expect(outcome(200, { holderName: '홍길동', accountVerificationId: 'x' })).toMatchObject({
      kind: 'done',
      value: { holder: '홍길동' },
    })
    expect(outcome(403, { type: 'PLATFORM_NOT_ENABLED' })).toMatchObject({ kind: 'declined', reason: 'not_contracted' })
    expect(outcome(503, { type: 'PLATFORM_EXTERNAL_API_FAILED' })).toMatchObject({ kind: 'declined' })
    expect(outcome(503, { type: 'PLATFORM_EXTERNAL_API_TEMPORARILY_FAILED' }).kind).toBe('unknown')
    expect(outcome(200, { type: 'PLATFORM_NOT_ENABLED' }).kind).toBe('unknown')
    expect(outcome(500, { type: 'PLATFORM_NOT_ENABLED' }).kind).toBe('unknown')
  })
  it('any bytes are never a name', () => {
    const status = fc.integer({ min: 100, max: 599 })
    fc.assert(fc.property(status, fc.string(), (code, body) => outcome(code, body).kind === 'unknown'))
    fc.assert(fc.property(status, fc.jsonValue(), (code, body) => outcome(code, body).kind !== 'done'))
  })
})
