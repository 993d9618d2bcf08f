import { kcpTextProblem, kcpBytesMax } from '#lib/domain/kcp-text.ts'
import { maskCard } from '#lib/domain/mask.ts'
import { minor, type Minor } from '#lib/domain/money.ts'
import type { GatewaySums, MethodFacts } from '#lib/domain/payment.ts'
import type { Inquiry, InquireInput, Operation } from '../connector.ts'
import { encodeCp949 } from '../wire/cp949.ts'
import { writeSet } from '../wire/separated.ts'
import { DEADLINE_MS } from './cancel.ts'
import { refusals, SUCCESS } from './codes.ts'
import { readAnswer, readRefused, type Answer } from './reply.ts'
import { CHANGE, isTno, moduleWire, restWire } from './request.ts'
import { kcpMoney, kcpTime, methodOf, payTypeOf } from './words.ts'

/**
 * STSQ by the module (one source: a merchant's Java client). The fields its answer is known to have are the status, app_time and
 * app_no; whatever it has more is read as in the REST answer.
 */
export const inquireByModule = operation(
  (input, call) =>
    moduleWire(
      {
        txCd: CHANGE,
        modx: isTno(input.paymentId)
          ? writeSet('mod_data', [
              ['tno', input.paymentId],
              ['mod_type', 'STSQ'],
              ['pay_type', payTypeOf(input.method)],
              ['mod_ordr_idxx', orderOf(input)],
            ])
          : null,
      },
      call,
    ),
  // Its answer is not known to repeat the number; it came through a process that asked for nothing else.
  { needsTno: false },
)

/**
 * `POST /std/inquery` (developer.kcp.co.kr, inquiry). What is signed, its two pages tell differently: by pay_type, or, where the
 * account is set so, by mod_type, which is then sent too.
 */
export const inquireByRest = operation(
  (input, call) =>
    restWire(
      '/std/inquery',
      isTno(input.paymentId)
        ? [
            ['tno', input.paymentId],
            ['pay_type', payTypeOf(input.method)],
            ...(call.credentials['inquirySign'] === 'mod_type' ? [['mod_type', 'STSQ'] as const] : []),
          ]
        : null,
      call,
    ),
  { needsTno: true },
)

function operation(
  request: Operation<InquireInput, Inquiry>['request'],
  { needsTno }: { readonly needsTno: boolean },
): Operation<InquireInput, Inquiry> {
  return {
    deadlineMs: DEADLINE_MS,
    resend: 'when_not_sent',
    request,
    reply(raw, input) {
      const read = readAnswer(raw)
      if (read.kind === 'unknown') return read
      if (read.code !== SUCCESS) return readRefused(read, { tno: input.paymentId, earlierUnresolved: false }, refusals)
      const tno = read.field('tno')
      if (tno === '' ? needsTno : tno !== input.paymentId) return { kind: 'unknown', cause: 'answer not understood' }
      return { kind: 'done', reference: '', value: inquiryOf(read, input) }
    },
  }
}

/** An order number that cannot be written is left out: the payment's own number is enough. */
const orderOf = ({ orderNumber }: InquireInput): string =>
  orderNumber !== null && kcpTextProblem(orderNumber, kcpBytesMax.orderNumber) === null && encodeCp949(orderNumber)
    ? orderNumber
    : ''

const first = ({ field }: Answer, names: readonly string[]): string =>
  names.map(field).find((text) => text !== '') ?? ''

/** What one or several fields say with one voice; null where they contradict each other. */
function only({ field }: Answer, names: readonly string[]): string | null {
  const said = new Set(names.map(field).filter((text) => text !== ''))
  return said.size > 1 ? null : ([...said][0] ?? '')
}

function inquiryOf(answer: Answer, input: InquireInput): Inquiry {
  const status = only(answer, ['stat_ca_cd', 'stat_bk_cd', 'stat_hp_cd', 'shop_status']) ?? ''
  // An account may have received another amount than it was issued for.
  const varies = input.method === 'VIRTUAL_ACCOUNT' || answer.field('pay_method') === 'PAVC'
  const money = moneyOf(answer, status, varies)
  if (money === null) return { kind: 'unreadable', status: status.slice(0, 40) }
  const { field } = answer
  const sums: GatewaySums = {
    paymentId: input.paymentId,
    orderNumber: field('order_no') || null,
    method: methodOf(field('pay_method')),
    ...money,
    approvedAt: kcpTime(first(answer, ['app_time', 'hp_app_time'])),
    cancelledAt: kcpTime(first(answer, ['can_time', 'canc_time'])),
    approvalNumber: field('app_no') || null,
    methodFacts: factsOf(answer),
  }
  return { kind: 'sums', sums }
}

type Sums = Pick<GatewaySums, 'status' | 'total' | 'left'>

/**
 * STSR approved, STPC cancelled in part, STSC cancelled (developer.kcp.co.kr, inquiry). Null for another word, and where word and
 * balance contradict each other. Here `rem_mny` is what is left now.
 */
function moneyOf(answer: Answer, status: string, varies: boolean): Sums | null {
  const totalText = answer.field('amount')
  const leftText = only(answer, ['rem_mny', 'bk_rem_mny', 'hp_rem_mny'])
  if (leftText === null) return null
  const [total, left] = [kcpMoney(totalText), kcpMoney(leftText)]
  if ((totalText !== '' && total === null) || (leftText !== '' && left === null)) return null
  const tooMuch = !varies && total !== null && left !== null && left > total
  if (tooMuch) return null
  switch (status) {
    case 'STSR':
      return !varies && isOther(left, total) ? null : { status: 'PAID', total, left: left ?? total }
    case 'STSC':
      return isOther(left, minor(0)) ? null : { status: 'REFUNDED', total, left: minor(0) }
    case 'STPC':
      if (!varies && left !== null && left === total) return null
      return { status: left === 0 ? 'REFUNDED' : 'PARTIALLY_REFUNDED', total, left }
    default:
      return null
  }
}

const isOther = (left: Minor | null, expected: Minor | null) => left !== null && expected !== null && left !== expected

function factsOf({ field }: Answer): MethodFacts {
  const [issuer, number, quota, bank] = [field('card_name'), field('card_no'), field('quota'), field('bank_name')]
  const card = {
    ...(issuer && { issuer }),
    ...(number && { number: maskCard(number) }),
    ...(/^\d{1,2}$/.test(quota) && { instalmentMonths: Number(quota) }),
    ...(field('noinf') && { interestFree: field('noinf') === 'Y' }),
  }
  return { ...(issuer && { card }), ...(bank && { transfer: { bank } }) }
}
