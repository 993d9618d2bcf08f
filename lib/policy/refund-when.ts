import type { Method } from '#lib/domain/payment.ts'

/** Rule REFUND-WHEN: the reason of the sentence that tells the buyer when the money is back. A fact to show, not a verdict. */
export type RefundWhen =
  | 'at_once'
  | 'one_to_three_business_days'
  | 'card_unknown_stage'
  | 'check_card'
  | 'next_business_day'
  | 'ask_gateway'

/** `captured` and `checkCard` are null where the gateway does not say. */
export function refundWhen(
  method: Method,
  card: { readonly captured: boolean | null; readonly checkCard: boolean | null },
  partial: boolean,
): RefundWhen {
  if (method === 'VIRTUAL_ACCOUNT') return 'next_business_day'
  if (method !== 'CARD') return 'ask_gateway'
  if (card.checkCard === true) return 'check_card'
  if (partial || card.captured === true) return 'one_to_three_business_days'
  return card.captured === false ? 'at_once' : 'card_unknown_stage'
}
