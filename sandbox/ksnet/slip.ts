import { formatInstant } from '#lib/domain/kst.ts'
import { formatMoney, minor } from '#lib/domain/money.ts'
import { cancelled } from './payment.ts'
import type { KsnetState } from './state.ts'
import { page } from './window-page.ts'

/** ksnet.md 6, each with the name of its parameter. */
const paths: readonly (readonly [RegExp, string])[] = [
  [/\/bill\/(new_)?credit_view\.jsp$/, 'tr_no'],
  [/\/pgimad04m0\.jsp$/, 'tr_no'],
  [/\/bill\/ps[12]\.jsp$/, 's_pg_deal_numb'],
]

/** What a slip's address leads to; like KSNET's it opens the print dialog by itself. Null where it is no such address. */
export function findSlip(state: KsnetState, path: string, query: ReadonlyMap<string, string>): string | null {
  const found = paths.find(([address]) => address.test(path))
  if (!found) return null
  const trno = query.get(found[1]) ?? ''
  const receipt = state.receipt(trno)
  const payment = state.payment(trno)
  if (receipt) return slip('현금영수증', trno, [formatInstant(receipt.issuedAt, 'ko'), won(receipt.amount)])
  if (!payment) return page('전표를 찾을 수 없습니다', '')
  const lines = [formatInstant(payment.approvedAt, 'ko'), won(payment.amount)]
  return slip('승인 전표', trno, cancelled(payment) > 0 ? [...lines, `취소 ${won(cancelled(payment))}`] : lines)
}

const won = (amount: number): string => formatMoney(minor(amount), 'KRW', 'ko')
const slip = (title: string, trno: string, lines: readonly string[]): string =>
  page(`${title} ${trno}`, `${lines.map((line) => `<p>${line}</p>`).join('')}<script>print()</script>`)
