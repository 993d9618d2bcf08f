import 'server-only'
import type { FileColumns, FileField } from '#lib/domain/payment-import.ts'

/**
 * How such a column is called in exports of Korean payment gateways, and in KCP's and KSNET's own fields: a proposal, which a person
 * sees and changes. The titles of KSNET's export are published nowhere, so its names here are assumptions.
 */
const names: Readonly<Record<FileField, readonly string[]>> = {
  number: ['거래번호', 'kcp거래번호', 'pg거래번호', 'tno', 'ksnet거래번호', '거래고유번호', 'trno'],
  amount: ['거래금액', '결제금액', '승인금액', '금액', 'amount', 'amt'],
  approvedAt: ['승인일시', '거래일시', '결제일시', '승인일자', '거래일자', '승인일', '거래일', 'app_time', 'trddt'],
  approvedTime: ['승인시간', '승인시각', '거래시간', '거래시각', '결제시간', 'trdtm'],
  method: ['결제수단', '지불수단', '결제방법', '결제구분', 'pay_method', '거래종류', '지불방법', '서비스구분'],
  status: ['거래상태', '결제상태', '상태', '승인구분', '거래구분'],
  orderNumber: ['주문번호', '가맹점주문번호', 'ordr_idxx', 'order_no', 'ordno', 'sndordernumber'],
  orderName: ['상품명', '주문명', 'good_name', 'sndgoodname'],
  approvalNumber: ['승인번호', '카드승인번호', 'app_no', 'authno'],
  taxFree: ['면세금액', '비과세금액', '면세', 'res_free_mny'],
  escrow: ['에스크로', '에스크로여부', '에스크로구분', 'escw_yn'],
  issuer: ['카드사', '카드사명', '발급사', '카드명', 'card_name', '매입사'],
  cardNumber: ['카드번호', 'card_no', 'cardno'],
  instalment: ['할부', '할부개월', '할부개월수', '할부기간', 'quota', 'halbu'],
  buyer: ['주문자', '주문자명', '구매자', '구매자명', '고객명', 'buyr_name', 'sndordername'],
  phone: ['휴대폰', '휴대폰번호', '연락처', '전화번호', '주문자연락처', 'buyr_tel2'],
  email: ['이메일', '주문자이메일', 'e-mail', 'email', 'buyr_mail'],
  cancelledAmount: ['취소금액', '취소액', '총취소금액', '누적취소금액', '부분취소금액', '환불금액'],
  cancelledAt: ['취소일시', '취소일자', '취소일', '취소거래일시', '환불일시', '환불일자'],
}

const bare = (text: string): string => text.replace(/\s/g, '').toLowerCase()

/** What was chosen last where the file still has that column; otherwise what its titles say. Each column is used once. */
export function guessColumns<Field extends FileField>(
  titles: readonly string[],
  last: FileColumns,
  fields: readonly Field[],
): Readonly<Partial<Record<Field, string>>> {
  const used = new Set<string>()
  const take = (title: string | undefined): string | undefined => {
    if (title === undefined || !titles.includes(title) || used.has(title)) return undefined
    used.add(title)
    return title
  }
  const remembered = fields.map((field) => [field, take(last[field])] as const)
  const guessed = remembered.map(
    ([field, title]) =>
      [field, title ?? take(titles.find((one) => !used.has(one) && names[field].includes(bare(one))))] as const,
  )
  const placed: Partial<Record<Field, string>> = {}
  for (const [field, title] of guessed) if (title !== undefined) placed[field] = title
  return placed
}
