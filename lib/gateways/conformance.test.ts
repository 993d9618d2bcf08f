// Every connector of the registry, held against what a connector must be.
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { instant, parseIso } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { plainSite } from '#sandbox/kcp/merchant.ts'
import { conforms, trial, type Recording, type Subject } from './conformance.ts'
import type { CancelInput, HolderInput, InquireInput, Reply, ShipmentInput } from './connector.ts'
import { kcpModule, kcpRest } from './kcp/connector.ts'
import { ksnetRest, ksnetSocket } from './ksnet/connector.ts'
import { accountReply, cardReply, cashReceiptReply, mobileReply, transferReply } from './ksnet/layouts.ts'
import { portone } from './portone/connector.ts'
import { connectors } from './registry.ts'
import { sizeOf, writeRecord, type Layout } from './wire/fixed-length.ts'
import { US } from './wire/separated.ts'

const at = parseIso('2026-11-21T05:03:22Z') ?? expect.fail()
const account = { bank: '88', number: '110123456789', holder: '홍길동' } as const
const personal = [account.number, account.holder]

const cancel: CancelInput = {
  intentId: '11111111-1111-4111-8111-111111111111',
  at: instant(Date.UTC(2026, 10, 21)),
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
  const receiptOf = { channelKey: 'channel-1', reference: null, method: 'TRANSFER', refunded: true, at } as const
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
        [{ ...receipt, ...receiptOf, amount: minor(27_900) }],
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
const declined = (
  code: string,
  reason: 'not_allowed' | 'not_found' | 'credentials' | 'not_contracted' | 'outside_window',
) => ({ kind: 'declined', code, reason }) as const

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

const ksnetHead = {
  encType: '0',
  version: '0210',
  type: '00',
  resend: '0',
  requestDate: '20261121090000',
  storeId: '2041700201',
  goodType: '0',
  keyInType: 'K',
  lineType: '1',
  approvalCount: '1',
}
/** A record as KSNET's beans and the one public log lay it out. */
function record<Name extends string>(table: Layout<Name>, values: Readonly<Record<string, string>>): Reply {
  const all: Readonly<Record<string, string>> = { ...ksnetHead, length: String(sizeOf(table) - 4), ...values }
  const said: Partial<Record<Name, string>> = {}
  for (const [name] of table) said[name] = all[name] ?? ''
  return { via: 'tcp', bytes: writeRecord(table, said) ?? expect.fail('no record') }
}

const ksnetCancel: CancelInput = { ...cancel, paymentId: '197430000012', channelKey: '2041700201' }
const ksnetWhole: CancelInput = { ...ksnetCancel, amount: minor(27_900), whole: true, sequence: null }
const ksnetDone = (amount: string, messages = ['승인취소완료', '매입취소요청']) =>
  record(cardReply, {
    approvalType: '1011',
    transactionNo: '197430000012',
    status: 'O',
    tradeDate: '20261121',
    tradeTime: '140322',
    issuerCode: '05',
    acquirerCode: '05',
    approvalNo: '15608820',
    message1: messages[0] ?? '',
    message2: messages[1] ?? '',
    cardNo: '461954XXXXXX6970',
    instalment: '00',
    amount,
    merchantNo: '00951685684',
  })
const ksnetSaid = (status: string, approvalNo: string, message1: string, message2: string) =>
  record(cardReply, {
    approvalType: '1011',
    transactionNo: '197430000012',
    status,
    tradeDate: '20261121',
    tradeTime: '140322',
    approvalNo,
    message1,
    message2,
  })

function ksnetSocketSubject(): Subject {
  const { operations } = ksnetSocket
  const mobile: CancelInput = { ...ksnetWhole, method: 'MOBILE', paymentId: 'M97430000012' }
  return {
    connector: ksnetSocket,
    call: {
      credentials: { mid: '2041700201', clientAddress: '127.0.0.1:29991' },
      endpoint: 'tcp://127.0.0.1:29991',
      program: null,
    },
    hosts: [],
    personal,
    trials: [
      trial(
        'cancel',
        operations.cancel,
        [ksnetCancel, ksnetWhole, { ...ksnetWhole, method: 'TRANSFER' }, mobile],
        [
          { reply: ksnetDone('22500'), outcome: { kind: 'done', reference: '197430000012/01' } },
          { reply: ksnetDone('27900'), outcome: { kind: 'unknown' } },
          { reply: ksnetSaid('O', '', '취소거절', '기취소거래'), outcome: unknown('already cancelled') },
          { reply: ksnetSaid('X', '6051', '잠시후 재시도', 'Tel:1544-6030'), outcome: declined('6051', 'not_found') },
          { reply: ksnetSaid('X', '6101', '잠시후 재시도', 'Tel:1544-6030'), outcome: unknown('6101') },
          { reply: ksnetSaid('X', '8380', '응답지연', ''), outcome: unknown('8380') },
          {
            reply: record(transferReply, { approvalType: '2011', payerAccount: account.number, payerName: '홍길동' }),
            outcome: { kind: 'unknown' },
          },
          { reply: record(mobileReply, { approvalType: 'M111', status: 'O' }), outcome: { kind: 'unknown' } },
        ],
      ),
      trial(
        'close',
        operations.close,
        [{ ...close, paymentId: '697430000011', channelKey: '2041700201' }],
        [
          {
            reply: record(accountReply, {
              approvalType: '6011',
              transactionNo: '697430000011',
              status: 'O',
              tradeDate: '20261121',
              tradeTime: '140322',
              bankCode: '04',
              accountNo: '79012345678901',
              holder: '테스트상점',
              responseCode: '0000',
              message1: '발급취소완료',
            }),
            outcome: { kind: 'done', reference: 'close:697430000011' },
          },
        ],
      ),
      trial(
        'cancelCashReceipt',
        operations.cancelCashReceipt,
        [
          {
            orderId: '22222222-2222-4222-8222-222222222222',
            paymentId: '297430000012',
            channelKey: '2041700201',
            reference: 'H97430000013',
            method: 'TRANSFER',
            refunded: true,
            at,
            amount: null,
          },
        ],
        [
          {
            reply: record(cashReceiptReply, {
              approvalType: 'H211',
              transactionNo: 'H97430000013',
              status: 'O',
              tradeDate: '20261121',
              tradeTime: '140322',
              message1: '정상처리',
            }),
            outcome: { kind: 'done', reference: 'H97430000013' },
          },
          {
            reply: record(cashReceiptReply, { approvalType: 'H211', transactionNo: 'H97430000013', status: 'X' }),
            outcome: { kind: 'unknown' },
          },
        ],
      ),
    ],
  }
}

function ksnetRestSubject(): Subject {
  const { operations } = ksnetRest
  const data = {
    payload: ksnetCancel.token,
    tid: '197430000012',
    tradeDateTime: '20261121140322',
    cancelAmount: '22500',
    respCode: '0000',
    respMessage: '승인취소완료/매입취소요청',
    issuerCardType: 'HYUNDAI',
    issuerCardName: '현대카드',
    purchaseCardType: 'HYUNDAI',
    purchaseCardName: '현대카드',
    approvalNumb: '00876543',
    cardNumb: '40176201XXXX825X',
    expiryDate: '',
    installMonth: '00',
  }
  const over = {
    tid: 'Lbd124090990',
    respCode: '7003',
    respMessage: '취소거절기간경과/Tel:1544-6030',
    approvalNumb: '7003',
  }
  const said = (code: string, more: object | null) =>
    json({ aid: 'WFVCCSE00000000000090001', code, message: 'Success', data: more && { ...data, ...more } })
  return {
    connector: ksnetRest,
    call: {
      credentials: { mid: '2041700201', apiKey: 'MjA0MTcwMDIwMTpub25lOm5vYm9keQ==' },
      endpoint: 'https://paydev.ksnet.co.kr',
      program: null,
    },
    hosts: ['https://pay.ksnet.co.kr', 'https://paydev.ksnet.co.kr'],
    personal,
    trials: [
      trial(
        'cancel',
        operations.cancel,
        [ksnetCancel, ksnetWhole, { ...ksnetCancel, mixedTax: true, taxFree: minor(7_500) }],
        [
          { reply: said('A0200', {}), outcome: { kind: 'done', reference: '197430000012/01' } },
          { reply: said('A0200', { respCode: 'P10Q' }), outcome: unknown('already cancelled') },
          { reply: said('A0200', { cancelAmount: '27900' }), outcome: { kind: 'unknown' } },
          { reply: said('A0201', over), outcome: declined('7003', 'outside_window') },
          { reply: said('A0401', null), outcome: declined('A0401', 'credentials') },
          { reply: said('A0500', null), outcome: unknown('A0500') },
        ],
      ),
    ],
  }
}

const subjects = [portoneSubject(), kcpModuleSubject(), kcpRestSubject(), ksnetSocketSubject(), ksnetRestSubject()]
describe.each(
  subjects.map((subject) => [`${subject.connector.gateway} by ${subject.connector.mode}`, subject] as const),
)('%s', (_, subject) => {
  conforms(subject)
})

it('leaves no connector of the registry out', () => {
  expect(subjects.map(({ connector }) => connector)).toEqual(connectors)
})
