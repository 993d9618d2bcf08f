import { toIso } from '#lib/domain/kst.ts'
import type { JsonObject } from '../json.ts'
import type { Method } from './payment.ts'

/** PortOne REST V2 1.16, `PaymentMethod`: `type` is the schema's name, not the filter's. */
export function methodView(method: Method): JsonObject {
  switch (method.type) {
    case 'CARD':
      return { ...cardView(method), pointUsed: false }
    case 'TRANSFER':
      return { type: 'PaymentMethodTransfer', bank: method.bank }
    case 'VIRTUAL_ACCOUNT':
      return {
        type: 'PaymentMethodVirtualAccount',
        bank: method.bank,
        accountNumber: method.accountNumber,
        accountType: method.accountType,
        remitteeName: method.remitteeName,
        remitterName: method.remitterName,
        expiredAt: toIso(method.expiredAt),
        issuedAt: toIso(method.issuedAt),
        refundStatus: method.refundStatus,
      }
    case 'MOBILE':
      return { type: 'PaymentMethodMobile', phoneNumber: method.phoneNumber }
    case 'EASY_PAY':
      return { type: 'PaymentMethodEasyPay', provider: method.provider, easyPayMethod: cardView(method) }
  }
}

/** K17: Kakao Pay and Payco give no card data. */
const cardView = (method: Extract<Method, { type: 'CARD' | 'EASY_PAY' }>): JsonObject => ({
  type: 'PaymentMethodCard',
  card: method.card,
  approvalNumber: method.approvalNumber,
  installment: { month: method.installmentMonths, isInterestFree: false },
})
