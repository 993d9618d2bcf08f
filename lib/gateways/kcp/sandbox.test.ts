// Both connectors against the other side: a real program as a child, real sockets, money that is counted there.
import { describe, expect, it } from 'vitest'
import { instant } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { modulePath } from '#sandbox/kcp/kcp.ts'
import { useKcp } from '#sandbox/kcp/kcp-under-test.ts'
import { escrowSite, plainSite, type Site } from '#sandbox/kcp/merchant.ts'
import type { Call, CancelInput, HolderInput, InquireInput, ShipmentInput } from '../connector.ts'
import { ask } from '../exchange.ts'
import { cancelByModule, cancelByRest } from './cancel.ts'
import { kcpModule, kcpRest } from './connector.ts'
import { holdSettlement, registerShipment } from './escrow.ts'
import { holder } from './holder.ts'
import { inquireByModule, inquireByRest } from './inquire.ts'

const kcp = useKcp()
const moduleCall = ({ siteCd, siteKey }: Site = plainSite): Call => ({
  credentials: { siteCd, siteKey },
  endpoint: `http://127.0.0.1:${kcp.modulePort}`,
  program: modulePath,
})
const restCall = ({ siteCd, certificate, privateKey, privateKeyPassword }: Site = plainSite): Call => ({
  credentials: { siteCd, certificate, privateKey, privateKeyPassword },
  endpoint: kcp.restUrl,
  program: null,
})

const base: CancelInput = {
  intentId: '11111111-1111-4111-8111-111111111111',
  at: instant(Date.UTC(2026, 10, 21)),
  token: 'JP-0a1b2c3d4e5f6071',
  kind: 'CANCEL',
  paymentId: '',
  channelKey: 'J1001',
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
  reason: '고객 변심, "색상" 불만\n뷁',
  refundAccount: null,
  earlierUnresolved: false,
}
const account = { bank: '88', number: '110123456789', holder: '홍길동' } as const
const part = { amount: minor(4_000), whole: false } as const
const rest = { amount: minor(6_000), whole: false, remainder: minor(6_000), refunded: minor(4_000) } as const

const byModule = async (input: CancelInput, site?: Site) =>
  (await ask(kcpModule, cancelByModule, input, moduleCall(site))).outcome
const byRest = async (input: CancelInput) => (await ask(kcpRest, cancelByRest, input, restCall())).outcome
const ways = [
  ['module', byModule],
  ['REST', byRest],
] as const
const left = (tno: string, balance: number) => ({ kind: 'done', reference: `${tno}/${10_000 - balance}` })

describe.each(ways)('by %s', (_, cancel) => {
  it('a part and the rest', async () => {
    const { tno } = await kcp.pay()
    expect(await cancel({ ...base, ...part, paymentId: tno })).toMatchObject(left(tno, 6_000))
    expect(await cancel({ ...base, ...part, paymentId: tno })).toEqual({ kind: 'unknown', cause: '8037' })
    expect(await cancel({ ...base, ...rest, paymentId: tno })).toMatchObject(left(tno, 0))
    expect(await cancel({ ...base, paymentId: tno })).toEqual({ kind: 'unknown', cause: '8133' })
    expect(await kcp.journal(tno)).toEqual({ executed: 2, asked: 4 })
  })
  it.each(['CARD', 'TRANSFER', 'MOBILE', 'EASY_PAY'] as const)('%s, whole', async (method) => {
    const { tno } = await kcp.pay({ method })
    expect(await cancel({ ...base, method, paymentId: tno })).toMatchObject({
      ...left(tno, 0),
      value: { cancelledAt: expect.any(Number) },
    })
  })
  it('a part with tax', async () => {
    const { tno } = await kcp.pay({ taxFree: 3_000 })
    const mixed = { ...base, ...part, mixedTax: true, taxFree: minor(1_200), paymentId: tno }
    expect(await cancel(mixed)).toMatchObject({ ...left(tno, 6_000), value: { taxFree: 1_200 } })
  })
  it('refusals in their own words', async () => {
    const { tno } = await kcp.pay()
    await kcp.settings({ partialCancel: false, addressRegistered: true })
    expect(await cancel({ ...base, ...part, paymentId: tno })).toMatchObject({ kind: 'declined', code: '8392' })
    await kcp.settings({ addressRegistered: false })
    expect(await cancel({ ...base, paymentId: tno })).toMatchObject({ kind: 'declined', code: '8012' })
    await kcp.settings({ settlementBalance: 100, addressRegistered: true })
    expect(await cancel({ ...base, paymentId: tno })).toMatchObject({ kind: 'declined', code: '8178' })
    expect(await cancel({ ...base, paymentId: '22336466628585' })).toMatchObject({ code: '8061', reason: 'not_found' })
    expect(await kcp.journal(tno)).toMatchObject({ executed: 0 })
  })
})

describe('what only the module can', () => {
  const intoAccount = { ...base, method: 'VIRTUAL_ACCOUNT', refundAccount: account } as const
  const paid = (more: object = {}) => kcp.pay({ method: 'VIRTUAL_ACCOUNT', status: 'PAID', ...more })

  it.each([false, true])('refunds an account, in parts and whole, with the balance told or not (%s)', async (tells) => {
    await kcp.settings({ refundTellsBalance: tells })
    const [one, two, three] = [await paid(), await paid(), await paid({ taxFree: 3_000 })]
    expect(await byModule({ ...intoAccount, paymentId: one.tno })).toMatchObject(left(one.tno, 0))
    expect(await byModule({ ...intoAccount, ...part, paymentId: two.tno })).toMatchObject(left(two.tno, 6_000))
    expect(await byModule({ ...intoAccount, ...rest, paymentId: two.tno })).toMatchObject(left(two.tno, 0))
    const mixed = { ...intoAccount, ...part, mixedTax: true, taxFree: minor(1_200), paymentId: three.tno }
    expect(await byModule(mixed)).toMatchObject(left(three.tno, 6_000))
  })
  it('closes an account nobody paid into', async () => {
    const issued = await kcp.pay({ method: 'VIRTUAL_ACCOUNT' })
    const escrow = await kcp.pay({ method: 'VIRTUAL_ACCOUNT', escrow: true })
    const close = { ...intoAccount, kind: 'CLOSE', amount: minor(0), remainder: minor(0), whole: false } as const
    expect(await byModule({ ...close, paymentId: issued.tno })).toMatchObject({ reference: `close:${issued.tno}` })
    const escrowClose = { ...close, escrow: 'before_shipment', paymentId: escrow.tno } as const
    expect(await byModule(escrowClose, escrowSite)).toMatchObject({ reference: `close:${escrow.tno}` })
    expect(await kcp.show(escrow.tno)).toMatchObject({ status: 'CLOSED' })
  })

  const methods = ['CARD', 'TRANSFER', 'VIRTUAL_ACCOUNT'] as const
  const refundAccount = (method: (typeof methods)[number]) => (method === 'CARD' ? null : account)
  const shipment = (tno: string): ShipmentInput => ({
    key: 'k',
    paymentId: tno,
    company: 'CJ',
    trackingNumber: '123456789012',
    sentAt: instant(0),
    sendEmail: false,
    earlierUnresolved: false,
  })
  const ship = async (tno: string) =>
    (await ask(kcpModule, registerShipment, shipment(tno), moduleCall(escrowSite))).outcome

  it.each(methods)('escrow, %s: at once, after shipping, and after the buyer confirmed', async (method) => {
    const made = () => kcp.pay({ method, escrow: true, status: 'PAID' })
    const wish = { ...base, method, refundAccount: refundAccount(method) }
    const early = await made()
    const before = { ...wish, paymentId: early.tno, escrow: 'before_shipment' } as const
    expect(await byModule(before, escrowSite)).toMatchObject(left(early.tno, 0))
    const shipped = await made()
    expect(await ship(shipped.tno)).toMatchObject({ kind: 'done' })
    expect(await ship(shipped.tno)).toMatchObject({ kind: 'declined', code: '5002' })
    const hold = { paymentId: shipped.tno, reason: '분쟁', earlierUnresolved: false }
    expect((await ask(kcpModule, holdSettlement, hold, moduleCall(escrowSite))).outcome.kind).toBe('done')
    expect(await kcp.show(shipped.tno)).toMatchObject({ escrow: { stage: 'shipped', held: true } })
    const after = { ...wish, paymentId: shipped.tno, escrow: 'shipped' } as const
    expect(await byModule({ ...after, escrow: 'before_shipment' }, escrowSite)).toMatchObject({ kind: 'unknown' })
    expect(await byModule(after, escrowSite)).toMatchObject(left(shipped.tno, 0))
    const confirmed = await made()
    await ship(confirmed.tno)
    await kcp.happen(confirmed.tno, 'confirm')
    const last = { ...wish, paymentId: confirmed.tno, escrow: 'confirmed' } as const
    expect(await byModule({ ...last, escrow: 'shipped' }, escrowSite)).toMatchObject({ kind: 'declined', code: '8E02' })
    expect(await byModule(last, escrowSite)).toMatchObject(left(confirmed.tno, 0))
  })
  it.each(methods)('escrow, %s: a part after the buyer confirmed, and no part before', async (method) => {
    const { tno } = await kcp.pay({ method, escrow: true, status: 'PAID' })
    const account = method === 'VIRTUAL_ACCOUNT' ? refundAccount(method) : null
    const wish = { ...base, ...part, method, refundAccount: account, paymentId: tno }
    for (const escrow of ['before_shipment', 'shipped'] as const)
      expect(await byModule({ ...wish, escrow }, escrowSite)).toMatchObject({ kind: 'not_sent' })
    await ship(tno)
    await kcp.happen(tno, 'confirm')
    expect(await byModule({ ...wish, escrow: 'confirmed' }, escrowSite)).toMatchObject(left(tno, 6_000))
    expect(await kcp.journal(tno)).toEqual({ executed: 1, asked: 1 })
  })
  it('by REST none of them leaves this machine', async () => {
    const { tno } = await paid()
    expect(await byRest({ ...intoAccount, paymentId: tno })).toMatchObject({ kind: 'not_sent' })
    expect(await byRest({ ...base, escrow: 'shipped', paymentId: tno })).toMatchObject({ kind: 'not_sent' })
    expect(await kcp.journal(tno)).toEqual({ executed: 0, asked: 0 })
  })
})

describe('asking', () => {
  const asked = (tno: string, method: InquireInput['method'] = 'CARD'): InquireInput => ({
    paymentId: tno,
    method,
    orderNumber: null,
  })
  const inquiries = [
    ['module', (input: InquireInput) => ask(kcpModule, inquireByModule, input, moduleCall())],
    ['REST', (input: InquireInput) => ask(kcpRest, inquireByRest, input, restCall())],
  ] as const

  it.each(inquiries)('by %s: what is left, of every method', async (_, inquire) => {
    for (const method of ['CARD', 'TRANSFER', 'MOBILE', 'EASY_PAY'] as const) {
      const { tno } = await kcp.pay({ method })
      const sums = (status: string, balance: number) => ({
        outcome: {
          kind: 'done',
          value: { kind: 'sums', sums: { paymentId: tno, status, total: 10_000, left: balance } },
        },
      })
      expect(await inquire(asked(tno, method))).toMatchObject(sums('PAID', 10_000))
      await byModule({ ...base, ...part, method, paymentId: tno })
      expect(await inquire(asked(tno, method))).toMatchObject(sums('PARTIALLY_REFUNDED', 6_000))
      await byModule({ ...base, ...rest, method, paymentId: tno })
      expect(await inquire(asked(tno, method))).toMatchObject(sums('REFUNDED', 0))
    }
  })
  it.each(inquiries)(
    'by %s: an account that waits for money is in no state we know; one that nobody has is not found',
    async (_, inquire) => {
      const { tno } = await kcp.pay({ method: 'VIRTUAL_ACCOUNT' })
      expect(await inquire(asked(tno, 'VIRTUAL_ACCOUNT'))).toMatchObject({ outcome: { value: { kind: 'unreadable' } } })
      await kcp.happen(tno, 'deposit')
      expect(await inquire(asked(tno, 'VIRTUAL_ACCOUNT'))).toMatchObject({
        outcome: { value: { sums: { status: 'PAID' } } },
      })
      expect(await inquire(asked('22336466628585'))).toMatchObject({
        outcome: { kind: 'declined', reason: 'not_found' },
      })
    },
  )
  it('with the signature as the other page has it', async () => {
    const { tno } = await kcp.pay()
    await kcp.settings({ inquirySigns: 'mod_type' })
    const place = restCall()
    expect((await ask(kcpRest, inquireByRest, asked(tno), place)).outcome).toMatchObject({
      kind: 'declined',
      code: 'S034',
    })
    const set = { ...place, credentials: { ...place.credentials, inquirySign: 'mod_type' } }
    expect((await ask(kcpRest, inquireByRest, asked(tno), set)).outcome.kind).toBe('done')
  })
  it('with a wrong key', async () => {
    const { tno } = await kcp.pay()
    const wrong = { ...moduleCall(), credentials: { siteCd: 'J1001', siteKey: 'another-key' } }
    const { outcome } = await ask(kcpModule, inquireByModule, asked(tno), wrong)
    expect(outcome).toMatchObject({ kind: 'declined', code: '8002', reason: 'credentials' })
  })
})

describe('an account check', () => {
  const question: HolderInput = { ...account, orderNumber: 'CHECK1' }
  const check = async (change: Partial<HolderInput> = {}, credentials: object = {}) => {
    const place = moduleCall()
    const set = { ...place, credentials: { ...place.credentials, ...credentials } }
    return (await ask(kcpModule, holder, { ...question, ...change }, set)).outcome
  }
  it('confirms, does not, was not answered by the bank, or is not contracted', async () => {
    expect(await check()).toMatchObject({
      kind: 'done',
      value: { kind: 'confirmed', time: expect.stringMatching(/^\d{14}$/) },
    })
    expect(await check({ holder: '홍길순' })).toMatchObject({ value: { kind: 'not_confirmed', code: '8999' } })
    expect(await check({ number: '110000000002' })).toEqual({ kind: 'unknown', cause: '8995' })
    await kcp.settings({ accoContract: false })
    expect(await check()).toMatchObject({ kind: 'declined', reason: 'not_contracted' })
  })
  it('goes under the names that were set', async () => {
    await kcp.settings({
      accoTxCd: '00402200',
      accoSubset: 'cert',
      accoFields: { owner: 'nm', account: 'no', bank: 'bk' },
    })
    expect((await check()).kind).not.toBe('done')
    const set = { accoTxCd: '00402200', accoSubset: 'cert', accoFields: 'nm,no,bk' }
    expect(await check({}, set)).toMatchObject({ kind: 'done', value: { kind: 'confirmed' } })
  })
})

describe('the line', () => {
  it.each([
    ['the answer is lost', 'reply-lost', 1],
    ['the request is lost', 'request-lost', 0],
    ['the answer is an error page', 'html-502', 0],
    ['the answer is empty', 'empty-body', 1],
  ])('%s: unknown, whatever was done', async (_, fault, executed) => {
    for (const [, cancel] of ways) {
      const { tno } = await kcp.pay()
      await kcp.fault(fault)
      expect((await cancel({ ...base, paymentId: tno })).kind).toBe('unknown')
      expect((await kcp.journal(tno)).executed).toBe(executed)
    }
  })
  it('is not there: nothing was sent, by the program’s word and ending', async () => {
    const { tno } = await kcp.pay()
    const nowhere = { ...moduleCall(), endpoint: 'http://127.0.0.1:1' }
    const { outcome } = await ask(kcpModule, cancelByModule, { ...base, paymentId: tno }, nowhere)
    expect(outcome).toEqual({ kind: 'not_sent', cause: 'connect: S202' })
  })
})
