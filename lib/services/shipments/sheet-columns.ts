import 'server-only'

/** The columns of the file that goes out and comes back, in both languages: what was downloaded in one is read in either. */
export const sheetColumns = [
  'number',
  'orderName',
  'buyer',
  'amount',
  'paidAt',
  'courier',
  'trackingNumber',
  'sentAt',
] as const
export type SheetColumn = (typeof sheetColumns)[number]

const names: Readonly<Record<SheetColumn, { readonly ko: string; readonly en: string }>> = {
  number: { ko: '결제번호', en: 'Payment number' },
  orderName: { ko: '주문명', en: 'Order name' },
  buyer: { ko: '구매자', en: 'Buyer' },
  amount: { ko: '금액', en: 'Amount' },
  paidAt: { ko: '결제일시', en: 'Paid at' },
  courier: { ko: '택배사', en: 'Courier' },
  trackingNumber: { ko: '운송장번호', en: 'Tracking number' },
  sentAt: { ko: '발송일시', en: 'Sent at' },
}
export const headOf = (language: 'ko' | 'en'): readonly string[] =>
  sheetColumns.map((column) => names[column][language])

const bare = (text: string) => text.replace(/\s/g, '').toLowerCase()
export const columnOf = (title: string): SheetColumn | null =>
  sheetColumns.find((column) => bare(names[column].ko) === bare(title) || bare(names[column].en) === bare(title)) ??
  null
