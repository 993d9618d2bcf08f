import type { ApprovalView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'

/** Why a second person is asked: `금액, 요청자의 역할`. */
export const reasonWords = (reasons: ApprovalView['reasons'], { sentence }: Words): string =>
  reasons.map((reason) => sentence(`approval.reason.${reason}`, {}, reason)).join(', ')
