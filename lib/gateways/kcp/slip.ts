import type { Method } from '#lib/domain/payment.ts'
import type { SlipInput } from '../connector.ts'

const hosts = { test: 'https://testadmin8.kcp.co.kr', live: 'https://admin8.kcp.co.kr' } as const
const commands: Readonly<Record<Method, string | null>> = {
  CARD: 'card_bill',
  EASY_PAY: 'card_bill',
  TRANSFER: 'acnt_bill',
  VIRTUAL_ACCOUNT: 'vcnt_bill',
  MOBILE: 'mcash_bill',
  OTHER: null,
}

/**
 * A payment's slip at KCP (receipt addresses of KCP's document repository). Without the order number, or with another amount,
 * the page asks its reader who they are.
 */
export function slip({ environment, method, reference, orderNumber, amount }: SlipInput): string | null {
  const cmd = commands[method]
  if (environment === 'sandbox' || cmd === null) return null
  const query = new URLSearchParams({ cmd, tno: reference, order_no: orderNumber ?? '', trade_mony: String(amount) })
  return `${hosts[environment]}/assist/bill.BillActionNew.do?${query}`
}
