import { addBusinessDays, type KstDate } from '#lib/domain/kst.ts'
import type { Method } from '#lib/domain/payment.ts'
import type { Period } from '#lib/domain/period.ts'

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

/** Business days after the cancel, the first and the last; where the gateways' documents name none, nothing is promised. */
const businessDays: Readonly<Record<RefundWhen, readonly [first: number, last: number] | null>> = {
  at_once: [0, 0],
  one_to_three_business_days: [1, 3],
  card_unknown_stage: [0, 3],
  next_business_day: [1, 1],
  check_card: null,
  ask_gateway: null,
}

/** The first and the last day on which the buyer has the money of a cancel done on `day`. Public holidays are not known here. */
export function refundDays(reason: RefundWhen, day: KstDate): Period | null {
  const days = businessDays[reason]
  return days && { from: addBusinessDays(day, days[0]), to: addBusinessDays(day, days[1]) }
}
