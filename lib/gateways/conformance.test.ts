// Every connector of the registry, held against what a connector must be.
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { instant, parseIso } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { plainSite } from '#sandbox/kcp/merchant.ts'
import { conforms, trial, type Recording, type Subject } from './conformance.ts'
import type { CancelInput, HolderInput, InquireInput, Reply, ShipmentInput } from './connector.ts'
import { kcpModule, kcpRest } from './kcp/connector.ts'
import { portone } from './portone/connector.ts'
import { connectors } from './registry.ts'
import { US } from './wire/separated.ts'

const at = parseIso('2026-11-21T05:03:22Z') ?? expect.fail()
const account = { bank: '88', number: '110123456789', holder: '홍길동' } as const
const personal = [account.number, account.holder]

const cancel: CancelInput = {
  intentId: '11111111-1111-4111-8111-111111111111',
  token: 'JP-0a1b2c3d4e5f6071',
  kind: 'CANCEL',
  paymentId: '22336466628585',
  channelKey: 'channel-key-1',
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
const whole: CancelInput = { ...cancel, amount: minor(27_900), whole: true }
const mixed: CancelInput = { ...cancel, mixedTax: true, taxFree: minor(7_500), reason: '일부, "반품" & 환불\n😀' }
const intoAccount: CancelInput = { ...whole, method: 'VIRTUAL_ACCOUNT', refundAccount: account }
const close: CancelInput = { ...whole, kind: 'CLOSE', method: 'VIRTUAL_ACCOUNT', amount: minor(0), remainder: minor(0) }
const inquire: InquireInput = { paymentId: '22336466628585', method: 'CARD', orderNumber: 'ORDER-1' }
const holder: HolderInput = { ...account, orderNumber: 'CHECK1' }
const shipment: ShipmentInput = {
  key: '11111111-1111-4111-8111-111111111111-1',
  paymentId: '22336466628585',
  company: 'CJ',
  trackingNumber: '000123456789',
  sentAt: at,
  sendEmail: false,
  earlierUnresolved: false,
}

const json = (body: object, status = 200): Reply => ({
  via: 'http',
  status,
  contentType: 'application/json',
  body: JSON.stringify(body),
})
const printed = (fields: object, exitCode = 0): Reply => {
  const text = Object.entries(fields).map(([key, value]) => `${key}=${value}`)
  return { via: 'cli', stdout: iconv.encode(`${text.join(US)}\n`, 'cp949'), exitCode }
}

/** PortOne REST V2 1.16, with the members of its schema. */
function portoneSubject(): Subject {
  const { operations } = portone
  const paymentId = cancel.paymentId
  const made = {
    status: 'SUCCEEDED',
    id: 'cancellation-1',
    totalAmount: 22_500,
    taxFreeAmount: 0,
    vatAmount: 2_045,
    reason: '고객 변심 [JP-0a1b2c3d4e5f6071]',
    requestedAt: '2026-11-21T05:03:22Z',
    cancelledAt: '2026-11-21T05:03:23Z',
  }
  const record = {
    status: 'PAID',
    id: paymentId,
    transactionId: 'transaction-1',
    storeId: 'store-1',
    channel: { type: 'LIVE', key: 'channel-1', pgProvider: 'KSNET', pgMerchantId: '2041700123' },
    method: { type: 'PaymentMethodCard' },
    amount: { total: 27_900, taxFree: 0, discount: 0, paid: 27_900, cancelled: 0, cancelledTaxFree: 0 },
    currency: 'KRW',
    customer: { name: account.holder },
    orderName: '주문',
    requestedAt: '2026-11-21T01:00:00Z',
    statusChangedAt: '2026-11-21T02:00:00Z',
    paidAt: '2026-11-21T02:00:00Z',
  }
  const delivery = { invoiceNumber: '000123456789', sentAt: '2026-11-21T05:03:22Z' }
  const refused = (type: string, status: number, outcome: object): Recording => ({
    reply: json({ type, message: '거절' }, status),
    outcome,
  })
  const unauthorized = refused('UNAUTHORIZED', 401, { kind: 'declined', reason: 'credentials' })
  const receipt = { paymentId, orderId: '22222222-2222-4222-8222-222222222222' }
  return {
    connector: portone,
    call: {
      credentials: {
        storeId: 'store-00000000-0000-4000-8000-000000000000',
        apiSecret: 'V2.ApiSecret/of+nobody=0123456789',
        webhookSecret: 'whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw',
        webhookSecretNext: 'whsec_OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEw',
      },
      endpoint: 'https://api.portone.io',
      program: null,
    },
    hosts: ['https://api.portone.io'],
    personal,
    trials: [
      trial(
        'cancel',
        operations.cancel,
        [cancel, whole, mixed, intoAccount],
        [
          { reply: json({ cancellation: made }), outcome: { kind: 'done', reference: 'cancellation-1' } },
          { reply: json({ cancellation: { ...made, status: 'REQUESTED' } }), outcome: { kind: 'pending' } },
          refused('PAYMENT_NOT_PAID', 409, { kind: 'declined', reason: 'not_paid' }),
          refused('PAYMENT_ALREADY_CANCELLED', 409, { kind: 'unknown' }),
        ],
      ),
      trial(
        'close',
        operations.close,
        [close],
        [{ reply: json({ closedAt: '2026-11-21T05:03:22Z' }), outcome: { kind: 'done' } }, unauthorized],
      ),
      trial(
        'holder',
        operations.holder,
        [holder],
        [
          { reply: json({ holderName: account.holder }), outcome: { kind: 'done' } },
          refused('PLATFORM_NOT_ENABLED', 403, { kind: 'declined', reason: 'not_contracted' }),
        ],
      ),
      trial(
        'inquire',
        operations.inquire,
        [inquire],
        [
          { reply: json(record), outcome: { kind: 'done' } },
          refused('PAYMENT_NOT_FOUND', 404, { kind: 'declined', reason: 'not_found' }),
        ],
      ),
      trial(
        'registerShipment',
        operations.registerShipment,
        [shipment],
        [{ reply: json({ ...delivery, appliedAt: '2026-11-21T05:10:00Z' }), outcome: { kind: 'done' } }, unauthorized],
      ),
      trial(
        'changeShipment',
        operations.changeShipment,
        [shipment],
        [{ reply: json({ ...delivery, modifiedAt: '2026-11-21T05:10:00Z' }), outcome: { kind: 'done' } }, unauthorized],
      ),
      trial(
        'cashReceipt',
        operations.cashReceipt,
        [{ paymentId }],
        [
          { reply: json({ status: 'ISSUE_FAILED', paymentId }), outcome: { kind: 'done' } },
          refused('CASH_RECEIPT_NOT_FOUND', 404, { kind: 'declined', reason: 'not_found' }),
        ],
      ),
      trial(
        'cancelCashReceipt',
        operations.cancelCashReceipt,
        [{ ...receipt, amount: minor(27_900) }],
        [
          { reply: json({ cancelledAmount: 27_900, cancelledAt: '2026-11-21T05:10:00Z' }), outcome: { kind: 'done' } },
          unauthorized,
        ],
      ),
      trial(
        'issueCashReceipt',
        operations.issueCashReceipt,
        [
          {
            ...receipt,
            channelKey: 'channel-1',
            type: 'PERSONAL' as const,
            identityNumber: account.number,
            orderName: '주문',
            amount: minor(27_900),
            taxFree: minor(0),
            paidAt: at,
          },
        ],
        [
          {
            reply: json({ cashReceipt: { issueNumber: '123456789', url: '', pgReceiptId: 'r' } }),
            outcome: { kind: 'done' },
          },
          unauthorized,
        ],
      ),
      trial(
        'find',
        operations.find,
        [{ by: 'pg_tx_id', value: '000000000000', now: at }],
        [{ reply: json({ items: [{ id: paymentId }] }), outcome: { kind: 'done', value: [paymentId] } }, unauthorized],
      ),
      trial(
        'feed',
        operations.feed,
        [{ cursor: null, from: instant(0), until: at }],
        [
          {
            reply: json({ items: [{ cursor: 'c', paymentEvent: { paymentId, storeId: 'store-1', channel: {} } }] }),
            outcome: { kind: 'done' },
          },
          unauthorized,
        ],
      ),
    ],
  }
}

/** KCP's fields in the order of its documents; the numbers of its one pasted partial cancel. */
const approved = { res_cd: '0000', res_msg: '정상처리', res_en_msg: 'processing completed' }
const wholeDone = {
  ...approved,
  trace_no: 'J1001ABCDEF12345',
  pay_method: 'PACA',
  order_no: 'ORDER-1',
  card_cd: 'CCLG',
  card_name: '신한카드',
  tno: '22336466628585',
  amount: '22500',
  card_mny: '22500',
  coupon_mny: '0',
  escw_yn: 'N',
  canc_gubn: 'B',
  app_time: '20261121120000',
  canc_time: '20261121140322',
  app_no: '12345678',
}
const partDone = {
  ...approved,
  tno: '22336466628585',
  amount: '27900',
  card_mny: '27900',
  coupon_mny: '0',
  panc_mod_mny: '22500',
  panc_card_mod_mny: '22500',
  panc_coupon_mod_mny: '0',
  panc_rem_mny: '5400',
  mod_seq_no: '223364666285851',
  mod_pcan_seq_no: '22336466628585',
  escw_yn: 'N',
  app_time: '20261121120000',
  canc_time: '20261121140322',
  app_no: '12345678',
}
const status = {
  ...approved,
  tno: '22336466628585',
  order_no: 'ORDER-1',
  pay_method: 'PACA',
  amount: '27900',
  rem_mny: '5400',
  stat_ca_cd: 'STPC',
  app_time: '20261121120000',
  can_time: '20261121140322',
  app_no: '12345678',
  card_name: '신한카드',
}
const summed = { kind: 'done', value: { kind: 'sums' } } as const
const done = (left: number) => ({ kind: 'done', reference: `22336466628585/${27_900 - left}` }) as const
const unknown = (cause: string) => ({ kind: 'unknown', cause }) as const
const declined = (code: string, reason: 'not_allowed' | 'not_found' | 'credentials' | 'not_contracted') =>
  ({ kind: 'declined', code, reason }) as const

function kcpModuleSubject(): Subject {
  const { operations } = kcpModule
  const refused = (code: string, message: string, exitCode = 0) =>
    printed({ res_cd: code, res_msg: message, res_en_msg: '' }, exitCode)
  const confirmed = { ...approved, ordr_idxx: 'CHECK1', tno: '20170424942340', app_time: '20170424120000' }
  const changed = { ...approved, tno: '22336466628585' }
  return {
    connector: kcpModule,
    call: {
      credentials: { siteCd: 'J1001', siteKey: '4Ho2.site/key+of_nobody__' },
      endpoint: 'http://testpaygw.kcp.co.kr:8090',
      program: '/opt/kcp/bin/pp_cli',
    },
    hosts: ['http://paygw.kcp.co.kr:8090', 'http://testpaygw.kcp.co.kr:8090'],
    personal,
    trials: [
      trial(
        'cancel',
        operations.cancel,
        [
          cancel,
          whole,
          mixed,
          intoAccount,
          { ...whole, escrow: 'before_shipment', method: 'TRANSFER', refundAccount: account },
          { ...intoAccount, escrow: 'confirmed' },
        ],
        [
          { reply: printed(partDone), outcome: done(5_400) },
          { reply: printed({ ...wholeDone, amount: '27900' }), outcome: { kind: 'unknown' } },
          { reply: refused('8392', '부분취소 미계약 상점'), outcome: declined('8392', 'not_allowed') },
          { reply: refused('8133', '기취소 카드 거래'), outcome: unknown('8133') },
          { reply: refused('S204', '응답 수신 오류', 123), outcome: unknown('S204') },
          { reply: refused('S202', '접속 오류', 123), outcome: { kind: 'not_sent' } },
        ],
      ),
      trial(
        'close',
        operations.close,
        [close, { ...close, escrow: 'before_shipment' }],
        [
          { reply: printed(changed), outcome: { kind: 'done', reference: 'close:22336466628585' } },
          { reply: refused('8061', '원거래 없음'), outcome: declined('8061', 'not_found') },
        ],
      ),
      trial(
        'holder',
        operations.holder,
        [holder],
        [
          { reply: printed(confirmed), outcome: { kind: 'done', reference: '20170424942340' } },
          { reply: printed({ ...confirmed, res_cd: '8999' }), outcome: { kind: 'done', reference: '20170424942340' } },
          { reply: refused('8998', '서비스 미신청'), outcome: declined('8998', 'not_contracted') },
        ],
      ),
      trial(
        'inquire',
        operations.inquire,
        [inquire],
        [
          { reply: printed(status), outcome: summed },
          { reply: refused('8002', 'site_key 오류'), outcome: declined('8002', 'credentials') },
        ],
      ),
      trial(
        'registerShipment',
        operations.registerShipment,
        [shipment],
        [
          { reply: printed(changed), outcome: { kind: 'done' } },
          { reply: refused('5002', '상태 오류'), outcome: declined('5002', 'not_allowed') },
        ],
      ),
      trial(
        'holdSettlement',
        operations.holdSettlement,
        [{ paymentId: '22336466628585', reason: '분쟁', earlierUnresolved: false }],
        [{ reply: printed(changed), outcome: { kind: 'done' } }],
      ),
      trial(
        'selfTest',
        operations.selfTest,
        [{ siteCd: 'J1001' }],
        [{ reply: refused('S102', '연동 모듈 호출 오류', 123), outcome: { kind: 'done' } }],
      ),
    ],
  }
}

function kcpRestSubject(): Subject {
  const { operations } = kcpRest
  const { panc_rem_mny: _, panc_mod_mny: __, ...part } = partDone
  const { certificate, privateKey, privateKeyPassword } = plainSite
  return {
    connector: kcpRest,
    call: {
      credentials: { siteCd: 'J1001', certificate, privateKey, privateKeyPassword },
      endpoint: 'https://stg-spl.kcp.co.kr',
      program: null,
    },
    hosts: ['https://spl.kcp.co.kr', 'https://stg-spl.kcp.co.kr'],
    personal,
    trials: [
      trial(
        'cancel',
        operations.cancel,
        [cancel, whole, mixed],
        [
          { reply: json({ ...part, mod_mny: 22_500, rem_mny: 5_400 }), outcome: done(5_400) },
          { reply: json({ ...part, mod_mny: '22500', rem_mny: '27900' }), outcome: { kind: 'unknown' } },
          { reply: json({ res_cd: 'S034', res_msg: '서명' }), outcome: declined('S034', 'credentials') },
          { reply: json({ res_cd: '8133', res_msg: '기취소' }), outcome: unknown('8133') },
        ],
      ),
      trial(
        'inquire',
        operations.inquire,
        [inquire],
        [
          { reply: json({ ...status, amount: 27_900, rem_mny: 5_400 }), outcome: summed },
          { reply: json({ res_cd: '8061', res_msg: '원거래 없음' }), outcome: declined('8061', 'not_found') },
        ],
      ),
    ],
  }
}

const subjects = [portoneSubject(), kcpModuleSubject(), kcpRestSubject()]
describe.each(
  subjects.map((subject) => [`${subject.connector.gateway} by ${subject.connector.mode}`, subject] as const),
)('%s', (_, subject) => {
  conforms(subject)
})

it('leaves no connector of the registry out', () => {
  expect(subjects.map(({ connector }) => connector)).toEqual(connectors)
})
