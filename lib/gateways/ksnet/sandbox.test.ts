// Both connectors against the other side: real sockets, and money that is counted there.
import { beforeEach, describe, expect, it } from 'vitest'
import { parseIso } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { useKsnet } from '#sandbox/ksnet/ksnet-under-test.ts'
import { plainMerchant, secondMerchant } from '#sandbox/ksnet/merchant.ts'
import type { Call, CancelInput, CancelReceiptInput } from '../connector.ts'
import { ask, exchange } from '../exchange.ts'
import { cancelCashReceipt } from './cash-receipt.ts'
import { ksnetRest, ksnetSocket } from './connector.ts'
import { cancelByRest } from './rest-cancel.ts'
import { cancelBySocket } from './socket-cancel.ts'

const ksnet = useKsnet()
const noon = '2026-11-21T12:00:00+09:00'
beforeEach(() => ksnet.sandbox.clock(noon))

const socketCall = ({ mid } = plainMerchant): Call => ({
  credentials: { mid },
  endpoint: `tcp://127.0.0.1:${ksnet.sandbox.running.ksnetTcpPort}`,
  program: null,
})
const restCall = ({ mid, apiKey } = plainMerchant): Call => ({
  credentials: { mid, apiKey },
  endpoint: ksnet.url,
  program: null,
})

const base: CancelInput = {
  intentId: '11111111-1111-4111-8111-111111111111',
  at: parseIso(noon) ?? expect.fail(),
  token: 'JP-0a1b2c3d4e5f6071',
  kind: 'CANCEL',
  paymentId: '',
  channelKey: plainMerchant.mid,
  pgTxId: null,
  method: 'CARD',
  currency: 'KRW',
  amount: minor(10_000),
  taxFree: minor(0),
  whole: true,
  mixedTax: false,
  escrow: null,
  remainder: minor(10_000),
  refunded: minor(0),
  sequence: null,
  reason: '고객 변심',
  refundAccount: null,
  earlierUnresolved: false,
}
const part = { amount: minor(4_000), whole: false, sequence: 1 } as const
const rest = {
  amount: minor(6_000),
  whole: false,
  sequence: 2,
  remainder: minor(6_000),
  refunded: minor(4_000),
} as const

const bySocket = async (input: CancelInput, merchant = plainMerchant) => {
  const wish = { ...input, channelKey: merchant.mid }
  return (await ask(ksnetSocket, cancelBySocket, wish, socketCall(merchant))).outcome
}
const byRest = async (input: CancelInput, merchant = plainMerchant) =>
  (await ask(ksnetRest, cancelByRest, input, restCall(merchant))).outcome
const ways = [
  ['socket', bySocket],
  ['REST', byRest],
] as const
const before = { kind: 'unknown', cause: 'already cancelled' }

describe.each(ways)('by %s', (way, cancel) => {
  it('a part and the rest, and once more', async () => {
    const { trno, approvalNumber } = await ksnet.pay()
    expect(await cancel({ ...base, ...part, paymentId: trno })).toMatchObject({
      kind: 'done',
      reference: `${trno}/01`,
      value: { amount: 4_000, approvalNumber, cancelledAt: expect.any(Number) },
    })
    expect(await cancel({ ...base, ...rest, paymentId: trno })).toMatchObject({ kind: 'done', reference: `${trno}/02` })
    expect(await cancel({ ...base, ...rest, paymentId: trno })).toEqual(before)
    expect(await ksnet.show(trno)).toMatchObject({ left: 0 })
    expect(await ksnet.journal(trno)).toEqual({ executed: 2, asked: 3 })
  })
  it.each(['CARD', 'TRANSFER', 'EASY_PAY'] as const)('%s, whole, and once more', async (method) => {
    const { trno } = await ksnet.pay({ method })
    expect(await cancel({ ...base, method, paymentId: trno })).toMatchObject({
      kind: 'done',
      reference: `${trno}/00`,
      value: { amount: 10_000 },
    })
    expect(await cancel({ ...base, method, paymentId: trno })).toEqual(before)
    expect(await ksnet.journal(trno)).toEqual({ executed: 1, asked: 2 })
  })
  it('another merchant’s payment, and one that is too old', async () => {
    const { trno } = await ksnet.pay()
    // By REST the code is known from no document.
    const [kind, code] =
      way === 'socket' ? (['declined', { code: '6051' }] as const) : (['unknown', { cause: '6051' }] as const)
    expect(await cancel({ ...base, paymentId: trno }, secondMerchant)).toMatchObject({ kind, ...code })
    await ksnet.sandbox.clock('2027-05-22T12:00:00+09:00')
    expect(await cancel({ ...base, paymentId: trno })).toMatchObject({ kind: 'declined', reason: 'outside_window' })
    expect(await ksnet.journal(trno)).toMatchObject({ executed: 0 })
  })
  it.each(['reply-lost', 'error-though-done'])('done, and not known to be: %s', async (fault) => {
    const { trno } = await ksnet.pay()
    await ksnet.fault(fault)
    expect((await cancel({ ...base, paymentId: trno })).kind).toBe('unknown')
    expect(await ksnet.show(trno)).toMatchObject({ left: 0 })
    expect(await ksnet.journal(trno)).toEqual({ executed: 1, asked: 1 })
  })
  it('lost on the way there: it may have been sent', async () => {
    const { trno } = await ksnet.pay()
    await ksnet.fault('request-lost')
    expect((await cancel({ ...base, paymentId: trno })).kind).toBe('unknown')
    expect(await ksnet.journal(trno)).toMatchObject({ executed: 0 })
  })
})

describe('by socket alone', () => {
  it('a mobile payment, and an account nobody paid into', async () => {
    const phone = await ksnet.pay({ method: 'MOBILE' })
    expect(await bySocket({ ...base, method: 'MOBILE', paymentId: phone.trno })).toMatchObject({
      kind: 'done',
      reference: `${phone.trno}/00`,
      value: { amount: 10_000, approvalNumber: null },
    })
    expect(await bySocket({ ...base, method: 'MOBILE', paymentId: phone.trno })).toEqual(before)
    const issued = await ksnet.pay({ method: 'VIRTUAL_ACCOUNT' })
    const close = { ...base, kind: 'CLOSE', method: 'VIRTUAL_ACCOUNT', amount: minor(0), whole: false } as const
    expect(await bySocket({ ...close, paymentId: issued.trno })).toMatchObject({ reference: `close:${issued.trno}` })
    expect(await ksnet.show(issued.trno)).toMatchObject({ status: 'CLOSED' })
    expect(await bySocket({ ...close, paymentId: issued.trno })).toEqual(before)
  })
  it.each(['TRANSFER', 'VIRTUAL_ACCOUNT'] as const)(
    'the cash receipt of a payment by %s, and once more',
    async (method) => {
      const paid = method === 'VIRTUAL_ACCOUNT' ? { status: 'PAID' } : {}
      const { trno, approval } = await ksnet.pay({ method, cashReceipt: true, ...paid })
      const input: CancelReceiptInput = {
        orderId: '22222222-2222-4222-8222-222222222222',
        paymentId: trno,
        channelKey: plainMerchant.mid,
        reference: (approval['cbtrno'] ?? '').trim(),
        method,
        refunded: false,
        at: base.at,
        amount: null,
      }
      const cancel = async (wish = input) => (await ask(ksnetSocket, cancelCashReceipt, wish, socketCall())).outcome
      expect(await cancel({ ...input, reference: null })).toMatchObject({ kind: 'not_sent' })
      expect((await cancel({ ...input, reference: 'H00000000000' })).kind).toBe('unknown')
      await ksnet.fault('reply-lost', 'cash-receipt-cancel')
      expect((await cancel()).kind).toBe('unknown')
      // It was done by then: that it is cancelled is what was asked for.
      expect(await cancel()).toMatchObject({ kind: 'done', reference: input.reference })
      expect((await cancel({ ...input, method: 'CARD' })).kind).toBe('unknown')
      expect(await ksnet.show(trno)).toMatchObject({ left: 10_000 })
    },
  )
  it('the whole after a part is refused, for good', async () => {
    const { trno } = await ksnet.pay()
    await bySocket({ ...base, ...part, paymentId: trno })
    expect(await bySocket({ ...base, paymentId: trno })).toMatchObject({ kind: 'declined', code: '6101' })
    expect(await ksnet.show(trno)).toMatchObject({ left: 6_000 })
  })
  it('a transfer of yesterday is left to people: no code of its is published', async () => {
    const { trno } = await ksnet.pay({ method: 'TRANSFER' })
    await ksnet.sandbox.clock('2026-11-22T00:00:00+09:00')
    expect((await bySocket({ ...base, method: 'TRANSFER', paymentId: trno })).kind).toBe('unknown')
    expect(await ksnet.journal(trno)).toMatchObject({ executed: 0 })
  })
  it.each(['half-answer', 'doubled-answer', 'empty-body'])('done, but %s', async (fault) => {
    const { trno } = await ksnet.pay()
    await ksnet.fault(fault)
    expect((await bySocket({ ...base, paymentId: trno })).kind).toBe('unknown')
    expect(await ksnet.journal(trno)).toEqual({ executed: 1, asked: 1 })
  })
  it('keeps what was said in a form that people can read, without a name', async () => {
    const { trno } = await ksnet.pay({ method: 'TRANSFER' })
    const input = { ...base, method: 'TRANSFER', paymentId: trno } as const
    const wire = cancelBySocket.request(input, socketCall())
    const { outcome, transcript } = await exchange(ksnetSocket, cancelBySocket, wire, input, socketCall())
    expect(outcome.kind).toBe('done')
    expect(transcript.request).toMatchObject({
      via: 'tcp',
      bytes: '450',
      'field approvalType': '2010',
      'field transactionNo': trno,
      'field requestDate': '20261121120000',
    })
    expect(transcript.reply).toMatchObject({
      bytes: '700',
      'field status': 'O',
      'field amount': '0000000010000',
      'field payerName': '*'.repeat(20),
    })
  })
})

describe('by REST alone', () => {
  it('a part with tax, and a part of a transfer on another day', async () => {
    const card = await ksnet.pay({ taxFree: 3_000 })
    const mixed = { ...base, ...part, mixedTax: true, taxFree: minor(1_200), paymentId: card.trno }
    expect(await byRest(mixed)).toMatchObject({ kind: 'done', value: { amount: 4_000, taxFree: 1_200 } })
    const transfer = await ksnet.pay({ method: 'TRANSFER' })
    await ksnet.sandbox.clock('2026-11-22T00:00:00+09:00')
    expect(await byRest({ ...base, ...part, method: 'TRANSFER', paymentId: transfer.trno })).toMatchObject({
      kind: 'done',
      reference: `${transfer.trno}/01`,
    })
  })
  it('a wrong key, and a proxy’s page', async () => {
    const { trno } = await ksnet.pay()
    const wrong = { ...plainMerchant, apiKey: 'sandbox-key-of-nobody' }
    expect(await byRest({ ...base, paymentId: trno }, wrong)).toMatchObject({ kind: 'declined', reason: 'credentials' })
    await ksnet.fault('html-502')
    expect((await byRest({ ...base, paymentId: trno })).kind).toBe('unknown')
    expect(await ksnet.journal(trno)).toMatchObject({ executed: 0 })
  })
})
