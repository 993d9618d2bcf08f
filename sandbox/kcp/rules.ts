import { HOUR_MS, MINUTE_MS, timeOfDayMs, type Instant } from '#lib/domain/kst.ts'
import { findAccount } from './accounts.ts'
import { amountIn, type Call } from './call.ts'
import { KcpError } from './codes.ts'
import { isCard, isMixed, left, taxFreeLeft, type Payment } from './payment.ts'
import { bytesOf, type Fields } from './wire.ts'

const CAPTURE_BEGINS = 1 * HOUR_MS + 50 * MINUTE_MS
const CAPTURE_ENDS = 2 * HOUR_MS + 30 * MINUTE_MS
const DESCRIPTION_BYTES = 256

/** What every change has to say (kcp.md 3.2), and where it has to come from. */
export function checkChange(call: Call): void {
  const { fields, state, way } = call
  if (!state.settings.addressRegistered) throw new KcpError('8012')
  if ((fields['mod_desc'] ?? '') === '') throw new KcpError(way === 'rest' ? 'M112' : '8009', 'mod_desc: 누락')
  if (bytesOf(fields['mod_desc'] ?? '') > DESCRIPTION_BYTES) throw new KcpError('8009', 'mod_desc: 256바이트 초과')
  if (way === 'module' && !/^\d{1,3}(\.\d{1,3}){3}$/.test(fields['mod_ip'] ?? '')) throw new KcpError('8058')
}

export const alreadyCancelled = (payment: Payment): KcpError => new KcpError(isCard(payment) ? '8133' : '8023')

/** What holds for money going back by whatever message. */
export function checkMoney(call: Call, payment: Payment, amount: number): void {
  if (isCard(payment) && isCapturing(call.now)) throw new KcpError('8136')
  const { settlementBalance } = call.state.settings
  if (settlementBalance !== null && amount > settlementBalance) throw new KcpError('8178')
}

function isCapturing(now: Instant): boolean {
  const time = timeOfDayMs(now)
  return time >= CAPTURE_BEGINS && time < CAPTURE_ENDS
}

/** All of it, and so only where nothing of it went back before (8040). Answers how much that is. */
export function wholeOf(payment: Payment): { amount: number; taxFree: number } {
  if (payment.cancels.length > 0) throw new KcpError('8040')
  return { amount: left(payment), taxFree: taxFreeLeft(payment) }
}

/** Whether a part may be cancelled at all. */
export function checkPartials({ state }: Call, payment: Payment): void {
  const { partialCancel, maxPartialCancels } = state.settings
  if (!partialCancel) throw new KcpError('8392')
  if (maxPartialCancels !== null && payment.cancels.length >= maxPartialCancels) throw new KcpError('8386')
}

/** mod_mny, rem_mny as what is left before it, and for mixed payments how the amount is made up. */
export function partOf(call: Call, payment: Payment): { amount: number; taxFree: number } {
  const amount = amountIn(call.fields, 'mod_mny', '8082')
  const remainder = amountIn(call.fields, 'rem_mny', '8084')
  if (amount === 0) throw new KcpError('8082')
  if (remainder !== left(payment)) throw new KcpError('8037')
  if (amount > remainder) throw new KcpError('8036')
  return { amount, taxFree: taxFreeIn(call.fields, payment, amount) }
}

/** supply + VAT + tax-free = mod_mny (kcp.md 3.2); each of both kinds only as far as it is left. */
function taxFreeIn(fields: Fields, payment: Payment, amount: number): number {
  const flag = fields['tax_flag']
  if (flag === undefined) {
    if (isMixed(payment)) throw new KcpError('8011', '복합과세 금액 누락')
    return payment.taxFree > 0 ? amount : 0
  }
  if (flag !== 'TG03' || !isMixed(payment)) throw new KcpError('8074')
  const taxable = amountIn(fields, 'mod_tax_mny', '8078') + amountIn(fields, 'mod_vat_mny', '8080')
  const taxFree = amountIn(fields, 'mod_free_mny', '8079')
  if (taxable + taxFree !== amount) throw new KcpError('8011')
  if (taxFree > taxFreeLeft(payment)) throw new KcpError('8099')
  if (taxable > left(payment) - taxFreeLeft(payment)) throw new KcpError('8098')
  return taxFree
}

/** Under which names an account stands: `bank` is two digits, `BK` and two, or `B` and three for a securities firm. */
export interface AccountFields {
  readonly bank: string
  readonly account: string
  readonly holder: string
}
export const changeAccount: AccountFields = { bank: 'mod_bankcode', account: 'mod_account', holder: 'mod_depositor' }
export const escrowAccount: AccountFields = { bank: 'bank_code', account: 'refund_account', holder: 'refund_nm' }

/** The account that the money is to go to, as the bank sees it; answers whose it is. The codes other than 8090 are inferred. */
export function checkAccount(fields: Fields, names: AccountFields): { name: string; bank: string } {
  const [bank = '', number = '', holder = ''] = [fields[names.bank], fields[names.account], fields[names.holder]]
  const bankForm = names === changeAccount ? /^(BK\d{2}|B\d{3})$/ : /^(BK)?\d{2,3}$/
  if (!bankForm.test(bank)) throw new KcpError('8711', `${names.bank}: 형식 오류`)
  if (!/^\d{1,20}$/.test(number)) throw new KcpError('8711', `${names.account}: 형식 오류`)
  if (holder === '' || bytesOf(holder) > 50) throw new KcpError('8090')
  verifyAccount(number, holder)
  return { name: holder, bank: bank.replace(/^\D+/, '') }
}

/** What the bank says of number and name. */
export function verifyAccount(number: string, holder: string): void {
  const account = findAccount(number)
  if (account?.answer === 'TIMED_OUT') throw new KcpError('8995')
  if (!account) throw new KcpError('8999', '계좌번호 오류')
  if (account.answer === 'CLOSED') throw new KcpError('8999', '해지 계좌')
  if (account.holder !== holder) throw new KcpError('8999', '예금주명 불일치')
}
