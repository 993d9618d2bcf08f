import type { SlipInput } from '../connector.ts'

/**
 * Pages of sales slips by generation (smartphone module guide; newer addresses as shops carry them). Which of them a merchant's
 * contract has is said nowhere, so it is a setting of the account.
 */
const cards = {
  ksta: 'https://ksta.ksnet.co.kr/mint/tsk/pgi01/mad/pgimad04m0.jsp?tr_no=',
  pgims: 'https://pgims.ksnet.co.kr/pg_infoc/src/bill/new_credit_view.jsp?tr_no=',
  old: 'http://pgims.ksnet.co.kr/pg_infoc/src/bill/credit_view.jsp?tr_no=',
} as const
const CASH = 'http://pgims.ksnet.co.kr/pg_infoc/src/bill/ps2.jsp?s_pg_deal_numb='

export const slipForms = ['ksta', 'pgims', 'old'] as const
type SlipForm = (typeof slipForms)[number]
export const slipFormUsual: SlipForm = 'ksta'

const formOf = (said: string | undefined): SlipForm => slipForms.find((one) => one === said) ?? slipFormUsual

/**
 * A payment's slip at KSNET: of card and easy pay only (rule RECEIPT-SLIP), and of a cash receipt by its own number (`H…`). The
 * sandbox serves the same paths on its own host.
 */
export function slip({ environment, method, reference, credentials, endpoint }: SlipInput): string | null {
  const address = addressOf(method, reference, formOf(credentials?.['slipForm']))
  if (address === null) return null
  if (environment !== 'sandbox') return address
  const host = endpoint === undefined ? null : URL.parse(endpoint)
  return host?.protocol === 'http:' ? address.replace(/^https?:\/\/[^/]+/, host.origin) : null
}

function addressOf(method: SlipInput['method'], reference: string, form: SlipForm): string | null {
  const number = encodeURIComponent(reference)
  if (/^H[0-9A-Za-z]{11}$/.test(reference)) return `${CASH}${number}`
  return method === 'CARD' || method === 'EASY_PAY' ? `${cards[form]}${number}` : null
}
