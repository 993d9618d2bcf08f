import type { Gateway, Method } from '#lib/domain/payment.ts'
import type { Words } from '#lib/i18n/words.ts'

/** KCP has a page of its own for each method, which is no card slip. */
export const slipName = (
  { gateway, method }: { readonly gateway: Gateway; readonly method: Method },
  { t, sentence }: Words,
): string => sentence(`detail.slipOf.${gateway}.${method}`, {}, t('detail.slip'))
