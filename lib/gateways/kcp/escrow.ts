import { courierCodes, couriers, type Courier } from '#lib/domain/couriers.ts'
import { kcpBytesMax, kcpSafeText } from '#lib/domain/kcp-text.ts'
import type { HoldInput, Operation, ShipmentInput, ShipmentReceipt } from '../connector.ts'
import { fitCp949 } from '../wire/cp949.ts'
import { writeSet, type Pairs } from '../wire/separated.ts'
import { DEADLINE_MS } from './cancel.ts'
import { refusals, SUCCESS } from './codes.ts'
import { readAnswer, readRefused } from './reply.ts'
import { CHANGE, FROM_IP, isTno, moduleWire } from './request.ts'
import { kcpTime } from './words.ts'

/**
 * KCP takes a courier by its name and publishes no list: these are the names that shops are known to send (gnuboard 5, KCP
 * escrow). Others are left out, though KCP may take them.
 */
const names: Readonly<Partial<Record<Courier, string>>> = {
  CJ: 'CJ대한통운',
  POST: '우체국',
  HANJIN: '한진택배',
  LOTTE: '롯데택배',
  LOGEN: '로젠택배',
  KYUNGDONG: '경동택배',
  DAESIN: '대신택배',
  ILYANG: '일양로지스',
  HAPDONG: '합동택배',
  CHUNIL: '천일택배',
  KUNYOUNG: '건영택배',
  WOORI: '우리택배',
  EMS: 'EMS',
  DHL: 'DHL',
  FEDEX: 'FedEx',
  UPS: 'UPS',
  OWN: couriers.OWN.ko,
}
export const kcpCouriers: readonly Courier[] = courierCodes.filter((courier) => names[courier] !== undefined)

/** STE1: shipping started. By the shop itself: number `0000` and the name 자가배송. */
export const registerShipment = change<ShipmentInput>((input) => {
  const courier = names[input.company]
  const number = input.company === 'OWN' ? '0000' : input.trackingNumber
  const fits = /^[0-9A-Za-z-]+$/.test(number) && number.length <= kcpBytesMax.trackingNumber
  if (courier === undefined || !fits) return null
  return [
    ['mod_type', 'STE1'],
    ['mod_ip', FROM_IP],
    ['mod_desc', '배송시작'],
    ['deli_numb', number],
    ['deli_corp', courier],
  ]
})

/** STE3: settlement held back while a dispute lasts. */
export const holdSettlement = change<HoldInput>((input) => [
  ['mod_type', 'STE3'],
  ['mod_ip', FROM_IP],
  ['mod_desc', fitCp949(kcpSafeText(input.reason), kcpBytesMax.reason) || '정산보류'],
])

/**
 * A wrong state, or money that went back, refuses a delivery or a hold for good: unlike of a cancel, nothing of it could have been
 * done before by another order of ours.
 */
const orderRefusals = { ...refusals, '5002': 'not_allowed', '8134': 'not_allowed', '8E01': 'not_allowed' } as const

type Asked = { readonly paymentId: string; readonly earlierUnresolved: boolean }

/** No money moves. The answer names the payment and, it seems, no time. */
function change<Input extends Asked>(fieldsOf: (input: Input) => Pairs | null): Operation<Input, ShipmentReceipt> {
  return {
    deadlineMs: DEADLINE_MS,
    resend: 'when_not_sent',
    request(input, call) {
      const fields = isTno(input.paymentId) ? fieldsOf(input) : null
      const modx = fields && writeSet('mod_data', [['tno', input.paymentId], ...fields])
      return moduleWire({ txCd: CHANGE, modx }, call)
    },
    reply(raw, { paymentId, earlierUnresolved }) {
      const read = readAnswer(raw)
      if (read.kind === 'unknown') return read
      if (read.code !== SUCCESS) return readRefused(read, { tno: paymentId, earlierUnresolved }, orderRefusals)
      if (read.field('tno') !== paymentId) return { kind: 'unknown', cause: 'answer not understood' }
      return { kind: 'done', reference: paymentId, value: { at: kcpTime(read.field('mod_time')) } }
    },
  }
}
