import { add, minor, subtract, type Minor } from '#lib/domain/money.ts'
import { kcpSafeText, kcpBytesMax } from '#lib/domain/kcp-text.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import type { BankAccount, CancelInput, CancelReceipt, Operation } from '../connector.ts'
import { fitCp949 } from '../wire/cp949.ts'
import { writeSet, type Pairs } from '../wire/separated.ts'
import { accountProblem } from './account.ts'
import { refusals, SUCCESS } from './codes.ts'
import { readAnswer, readRefused, type Answer } from './reply.ts'
import { AFTER_CONFIRMATION, CHANGE, FROM_IP, isTno, moduleWire, restWire } from './request.ts'
import { kcpMoney, kcpTime } from './words.ts'

/** Above the module's own 60 s, so that its word for a line that broke is heard. */
export const DEADLINE_MS = 75_000

/**
 * Cancels by the module: STSC, STPC, STHD, STPD (virtual accounts), STE2, STE4, STE9 (escrow by stage), tx_cd 00200000 and for
 * STE9 70200200 (KCP's cancel, refund and escrow samples). What cannot be said in these messages, as a part of an escrow payment
 * before it was confirmed, becomes a message that is never sent: policy refuses it before.
 */
export const cancelByModule = operation(
  (input, call) => {
    const form = formOf(input)
    return moduleWire({ txCd: form?.txCd ?? CHANGE, modx: form && writeSet('mod_data', form.fields) }, call)
  },
  { left: 'panc_rem_mny', amount: 'panc_mod_mny' },
)

/**
 * `POST /gw/mod/v1/cancel` (developer.kcp.co.kr, cancel): STSC and STPC. Escrow, refunds into an account and the closing of
 * accounts are published nowhere for REST: never sent. The tax fields of a part are those of the module, which is an inference.
 */
export const cancelByRest = operation(
  (input, call) => {
    const plain = input.kind === 'CANCEL' && input.escrow === null && input.method !== 'VIRTUAL_ACCOUNT'
    const form = plain ? formOf(input) : null
    return restWire('/gw/mod/v1/cancel', form && form.fields.filter(([name]) => name !== 'mod_ip'), call)
  },
  // The same word means the balance before in the request and the balance after in the answer.
  { left: 'rem_mny', amount: 'mod_mny' },
)

type Form = { readonly txCd: string; readonly fields: Pairs }
type AnswerNames = { readonly left: string; readonly amount: string }

function operation(
  request: Operation<CancelInput, CancelReceipt>['request'],
  names: AnswerNames,
): Operation<CancelInput, CancelReceipt> {
  return {
    deadlineMs: DEADLINE_MS,
    resend: 'when_not_sent',
    request,
    reply(raw, input) {
      const read = readAnswer(raw)
      if (read.kind === 'unknown') return read
      const asked = { tno: input.paymentId, earlierUnresolved: input.earlierUnresolved }
      return read.code === SUCCESS ? readDone(read, input, names) : readRefused(read, asked, refusals)
    },
  }
}

/** Null where no message says it. */
function formOf(input: CancelInput): Form | null {
  if (!isTno(input.paymentId) || input.currency !== 'KRW') return null
  if (input.kind === 'CLOSE') return { txCd: CHANGE, fields: common(input, input.escrow === null ? 'STSC' : 'STE5') }
  const { amount, remainder, taxFree } = input
  // A whole cancel names no amount: KCP gives back all there is.
  if (amount <= 0 || amount > remainder || taxFree > amount || (input.whole && amount !== remainder)) return null
  if (input.escrow === 'confirmed') return afterConfirmation(input)
  if (input.escrow !== null) return wholeEscrow(input, input.escrow === 'before_shipment' ? 'STE2' : 'STE4')
  return input.method === 'VIRTUAL_ACCOUNT' ? intoAccount(input) : theWayItCame(input)
}

const common = (input: CancelInput, modType: string): Pairs => [
  ['tno', input.paymentId],
  ['mod_type', modType],
  ['mod_ip', FROM_IP],
  ['mod_desc', description(input)],
]

/** Our reason and the intent's mark, by which a person finds it at KCP; the answer and the record do not tell it again. */
function description({ reason, token }: CancelInput): string {
  const mark = ` [${token}]`
  return fitCp949(kcpSafeText(reason), kcpBytesMax.reason - mark.length) + mark
}

/** 3.2 of KCP's cancel guide. After a part, the rest is a part too. */
const theWayItCame = (input: CancelInput): Form => ({
  txCd: CHANGE,
  fields: input.whole ? common(input, 'STSC') : [...common(input, 'STPC'), ...part(input), ...taxes(input)],
})

const part = ({ amount, remainder }: CancelInput): Pairs => [
  ['mod_mny', String(amount)],
  ['rem_mny', String(remainder)],
]

/**
 * Of a part with tax: supply, its tax and what is tax-free, which add up to the part. The tax is an eleventh, rounded half up:
 * a reading, from the guide's one example (100 = 80 + 8 + 12).
 */
export function splitTax(amount: Minor, taxFree: Minor): { readonly supply: Minor; readonly vat: Minor } {
  const taxable = subtract(amount, taxFree)
  const vat = minor(Math.floor((2 * taxable + 11) / 22))
  return { supply: subtract(taxable, vat), vat }
}

function taxes({ mixedTax, amount, taxFree }: CancelInput): Pairs {
  if (!mixedTax) return []
  const { supply, vat } = splitTax(amount, taxFree)
  return [
    ['tax_flag', 'TG03'],
    ['mod_tax_mny', String(supply)],
    ['mod_vat_mny', String(vat)],
    ['mod_free_mny', String(taxFree)],
  ]
}

/** Refund of a paid virtual account: KCP checks the account again and pays on the next business day (MDCP01). */
function intoAccount(input: CancelInput): Form | null {
  const account = modAccount(input.refundAccount)
  if (account === null) return null
  const form = (modType: string, subType: string, more: Pairs): Form => ({
    txCd: CHANGE,
    fields: [
      ...common(input, modType),
      ['mod_sub_type', subType],
      ['mod_comp_type', 'MDCP01'],
      ...account,
      ...more,
      ...(input.whole ? [] : taxes(input)),
    ],
  })
  return input.whole ? form('STHD', 'MDSC00', []) : form('STPD', input.mixedTax ? 'MDSC04' : 'MDSC03', part(input))
}

/** Cancels and answers name a bank `BK` and two digits, a securities firm `B` and three. */
function modAccount(account: BankAccount | null): Pairs | null {
  if (account === null || accountProblem(account) !== null) return null
  return [
    ['mod_bankcode', `${account.bank.length === 2 ? 'BK' : 'B'}${account.bank}`],
    ['mod_account', account.number],
    ['mod_depositor', account.holder],
  ]
}

/** STE2 and STE4 know only the whole. A virtual account or a transfer may be paid back into an account; the former must. */
function wholeEscrow(input: CancelInput, modType: string): Form | null {
  const { refundAccount: account, method } = input
  if (!input.whole) return null
  if (account === null) return method === 'VIRTUAL_ACCOUNT' ? null : { txCd: CHANGE, fields: common(input, modType) }
  if (accountProblem(account) !== null) return null
  return {
    txCd: CHANGE,
    fields: [
      ...common(input, modType),
      ['refund_account', account.number],
      ['refund_nm', account.holder],
      ['bank_code', account.bank],
    ],
  }
}

/**
 * STE9, by method. For a part of a virtual account the sample lists no account; it is sent all the same, since the money must
 * go somewhere. `amount` of a part is read as the balance before, since no source says what it is.
 */
function afterConfirmation(input: CancelInput): Form | null {
  const form = confirmedForm(input)
  const account = modAccount(input.refundAccount)
  if (form === null || (form.intoAccount && account === null)) return null
  const { amount, remainder, whole } = input
  const money: Pairs = whole
    ? form.intoAccount
      ? [['mod_mny', String(amount)]]
      : []
    : [['part_canc_yn', 'Y'], ['amount', String(remainder)], ...part(input)]
  return {
    txCd: AFTER_CONFIRMATION,
    fields: [
      ...common(input, 'STE9'),
      ['mod_desc_cd', 'CA06'],
      ['sub_mod_type', form.type],
      ['mod_sub_type', form.subType],
      ...money,
      ...(form.intoAccount && account ? account : []),
    ],
  }
}

type ConfirmedForm = { readonly type: string; readonly subType: string; readonly intoAccount: boolean }

function confirmedForm({ method, whole, refundAccount }: CancelInput): ConfirmedForm | null {
  switch (method) {
    case 'VIRTUAL_ACCOUNT':
      return whole
        ? { type: 'STHD', subType: 'MDSC00', intoAccount: true }
        : { type: 'STPD', subType: 'MDSC04', intoAccount: true }
    case 'TRANSFER':
      if (!whole) return refundAccount ? null : { type: 'STPC', subType: 'MDSC04', intoAccount: false }
      return refundAccount
        ? { type: 'STHD', subType: 'MDSC04', intoAccount: true }
        : { type: 'STSC', subType: 'MDSC03', intoAccount: false }
    case 'CARD':
    case 'EASY_PAY':
    case 'MOBILE':
    case 'OTHER':
      return { type: whole ? 'STSC' : 'STPC', subType: 'MDSC03', intoAccount: false }
  }
}

const another = { kind: 'unknown', cause: 'the answer tells of another cancel' } as const

/**
 * Done: success, for this payment, with a balance that fits. A partial cancel's answer must tell the balance; other answers may
 * (a refund into an account and an escrow cancel name only res_cd, res_msg and tno), and then the balance is our own arithmetic:
 * what was left before, less the amount. The cancel is named by its payment and what it left, as the record is read too.
 */
function readDone(answer: Answer, input: CancelInput, names: AnswerNames): Outcome<CancelReceipt> {
  const { field } = answer
  if (field('tno') !== input.paymentId) return another
  const time = field('canc_time') || field('mod_time')
  const cancelledAt = kcpTime(time)
  if (time !== '' && cancelledAt === null) return { kind: 'unknown', cause: 'answer not understood' }
  if (input.kind === 'CLOSE') {
    const reference = `close:${input.paymentId}`
    const nothing = { amount: minor(0), taxFree: minor(0), approvalNumber: null, cancelledAt }
    return { kind: 'done', reference, value: { cancellationId: reference, ...nothing } }
  }
  const left = subtract(input.remainder, input.amount)
  if (left < 0 || !fits(answer, input, names, left)) return another
  // What has gone back only ever grows, whatever is deposited or taken back: it names the cancel that made it so.
  const reference = `${input.paymentId}/${add(input.refunded, input.amount)}`
  const { amount, taxFree } = input
  return {
    kind: 'done',
    reference,
    value: { cancellationId: reference, amount, taxFree, approvalNumber: null, cancelledAt },
  }
}

function fits({ field }: Answer, input: CancelInput, names: AnswerNames, left: Minor): boolean {
  const isSaid = (name: string, value: Minor) => field(name) === '' || kcpMoney(field(name)) === value
  const mustSay = !input.whole && input.escrow === null && input.method !== 'VIRTUAL_ACCOUNT'
  if (mustSay && field(names.left) === '') return false
  if (!isSaid(names.left, left) || !isSaid(names.amount, input.amount)) return false
  // Of a whole cancel the answer tells the payment's amount; an account may have received another than that.
  return !input.whole || input.method === 'VIRTUAL_ACCOUNT' || isSaid('amount', input.amount)
}
