import { PortOneError } from './errors.ts'

/**
 * What the PG behind PortOne refuses with. KSNET's own codes are not documented on this way (U7), so these are plainly
 * artificial. `clean` says that nothing happened; after any other code it may have.
 */
export const refusals = {
  'SBX-ALREADY': {
    text: '기취소거래',
    why: 'more than is left at the PG, where something was cancelled outside PortOne',
    clean: true,
  },
  'SBX-CASH-DIGITS': { text: '발급번호 숫자 오류', why: 'K19: digits only', clean: true },
  'SBX-COUNT': { text: '부분취소 횟수 초과', why: 'K8: more partial cancels than allowed, where so set', clean: true },
  'SBX-DECLINED': { text: '승인 거절', why: 'the approval of a FAILED payment', clean: true },
  'SBX-ESCROW-EARLY': { text: '배송정보 변경 불가 시간', why: 'K11: too soon after the payment', clean: true },
  'SBX-ESCROW-NONE': { text: '에스크로 거래 아님', why: 'not an escrow payment', clean: true },
  'SBX-ESCROW-REGISTERED': { text: '배송정보 기등록', why: 'registered already; change it instead', clean: true },
  'SBX-ESCROW-UNREGISTERED': { text: '배송정보 미등록', why: 'nothing to change yet', clean: true },
  'SBX-MOBILE-MONTH': {
    text: '휴대폰 당월 취소만 가능',
    why: 'mobile: only in the calendar month of payment',
    clean: true,
  },
  'SBX-MOBILE-PARTIAL': { text: '휴대폰 부분취소 불가', why: 'K10', clean: true },
  'SBX-UNKNOWN': { text: '결과 확인 필요', why: 'fault error-though-done: it was done', clean: false },
  'SBX-VA-ACCOUNT': { text: '환불계좌 오류', why: 'K7: refund account missing, or closed', clean: true },
  'SBX-VA-CLOSED': {
    text: '가상계좌 말소',
    why: 'the failure of an account that was closed, where U6 is so set',
    clean: true,
  },
  'SBX-VA-CONTRACT': { text: '가상계좌 환불 미계약', why: 'K7: no refund contract', clean: true },
  'SBX-VA-HOURS': { text: '가상계좌 환불 가능시간 아님', why: 'K7: only 06:00-23:00 KST', clean: true },
  'SBX-WINDOW': { text: '취소 가능기간 경과', why: 'K9: older than 6 months', clean: true },
} as const

export type RefusalCode = keyof typeof refusals

const pgMessage = (code: RefusalCode): string => `[${code}] ${refusals[code].text}`

export const refusal = (code: RefusalCode): PortOneError => new PortOneError('PG_PROVIDER', pgMessage(code), code)

/** `PaymentFailure` of a payment that came to nothing. */
export const failure = (code: RefusalCode) => ({
  reason: refusals[code].text,
  pgCode: code,
  pgMessage: pgMessage(code),
})
