import { formatInstant } from '#lib/domain/kst.ts'
import { formatMoney, minor } from '#lib/domain/money.ts'
import type { PortOneState } from './state.ts'

/** What `receiptUrl` leads to. Like KSNET's slips it opens the print dialog by itself (K21). */
export function findSlip(state: PortOneState, path: string): string | null {
  const number = /^\/receipts\/(\w+)$/.exec(path)?.[1]
  if (number === undefined) return null
  const payment = state.payments.find(
    (one) =>
      one.pgTxId === number || one.cancellations.some((cancellation) => cancellation.pgCancellationId === number),
  )
  if (!payment) return page('전표를 찾을 수 없습니다')
  const cancellation = payment.cancellations.find((one) => one.pgCancellationId === number)
  const at = cancellation?.cancelledAt ?? payment.paidAt ?? payment.requestedAt
  const amount = formatMoney(minor(cancellation?.totalAmount ?? payment.total), payment.currency, 'ko')
  return page(`${cancellation ? '취소' : '승인'} 전표 ${number}`, [formatInstant(at, 'ko'), amount])
}

const page = (title: string, lines: readonly string[] = []): string =>
  `<!doctype html><html lang="ko"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>` +
  `${lines.map((line) => `<p>${line}</p>`).join('')}<script>print()</script></html>`
