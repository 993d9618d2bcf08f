/**
 * The one table of banks for refunds. `code`: two digits as KSNET and KCP write them (their bank tables), three for
 * securities firms (KFTC codes). `portone`: PortOne REST V2 1.16, enum `Bank`. The bank table of KCP's account check guide
 * swaps two rows (35 post office, 71 Jeju); everything else says 35 Jeju, 71 post office, and so does this one.
 */
export type Bank = { readonly code: string; readonly portone: string; readonly ko: string; readonly en: string }

export const banks = [
  { code: '04', portone: 'KOOKMIN', ko: '국민은행', en: 'KB Kookmin' },
  { code: '88', portone: 'SHINHAN', ko: '신한은행', en: 'Shinhan' },
  { code: '20', portone: 'WOORI', ko: '우리은행', en: 'Woori' },
  { code: '81', portone: 'HANA', ko: '하나은행', en: 'Hana' },
  { code: '11', portone: 'NONGHYUP', ko: 'NH농협은행', en: 'NH NongHyup' },
  { code: '03', portone: 'IBK', ko: '기업은행', en: 'IBK' },
  { code: '90', portone: 'KAKAO', ko: '카카오뱅크', en: 'KakaoBank' },
  { code: '92', portone: 'TOSS', ko: '토스뱅크', en: 'Toss Bank' },
  { code: '89', portone: 'K_BANK', ko: '케이뱅크', en: 'K bank' },
  { code: '12', portone: 'LOCAL_NONGHYUP', ko: '지역농축협', en: 'Local NongHyup' },
  { code: '45', portone: 'KFCC', ko: '새마을금고', en: 'MG (KFCC)' },
  { code: '48', portone: 'SHINHYUP', ko: '신협', en: 'Shinhyup' },
  { code: '71', portone: 'POST', ko: '우체국', en: 'Korea Post' },
  { code: '23', portone: 'STANDARD_CHARTERED', ko: 'SC제일은행', en: 'SC First' },
  { code: '27', portone: 'CITI', ko: '한국씨티은행', en: 'Citibank Korea' },
  { code: '07', portone: 'SUHYUP', ko: '수협은행', en: 'Suhyup' },
  { code: '02', portone: 'KDB', ko: '산업은행', en: 'KDB' },
  { code: '31', portone: 'DAEGU', ko: 'iM뱅크 (옛 대구은행)', en: 'iM Bank (formerly Daegu)' },
  { code: '32', portone: 'BUSAN', ko: '부산은행', en: 'Busan' },
  { code: '34', portone: 'KWANGJU', ko: '광주은행', en: 'Kwangju' },
  { code: '35', portone: 'JEJU', ko: '제주은행', en: 'Jeju' },
  { code: '37', portone: 'JEONBUK', ko: '전북은행', en: 'Jeonbuk' },
  { code: '39', portone: 'KYONGNAM', ko: '경남은행', en: 'Kyongnam' },
  { code: '50', portone: 'SAVINGS_BANK', ko: '저축은행', en: 'Savings banks' },
  { code: '64', portone: 'NFCF', ko: '산림조합', en: 'NFCF (forestry)' },
  { code: '54', portone: 'HSBC', ko: 'HSBC은행', en: 'HSBC' },
  { code: '209', portone: 'YUANTA_SECURITIES', ko: '유안타증권', en: 'Yuanta Securities' },
  { code: '218', portone: 'KB_SECURITIES', ko: 'KB증권', en: 'KB Securities' },
  { code: '238', portone: 'MIRAE_ASSET_SECURITIES', ko: '미래에셋증권', en: 'Mirae Asset Securities' },
  { code: '240', portone: 'SAMSUNG_SECURITIES', ko: '삼성증권', en: 'Samsung Securities' },
  { code: '243', portone: 'KOREA_SECURITIES', ko: '한국투자증권', en: 'Korea Investment & Securities' },
  { code: '247', portone: 'NH_SECURITIES', ko: 'NH투자증권', en: 'NH Investment & Securities' },
  { code: '264', portone: 'KIWOOM_SECURITIES', ko: '키움증권', en: 'Kiwoom Securities' },
  { code: '271', portone: 'TOSS_SECURITIES', ko: '토스증권', en: 'Toss Securities' },
  { code: '278', portone: 'SHINHAN_SECURITIES', ko: '신한투자증권', en: 'Shinhan Securities' },
  { code: '288', portone: 'KAKAO_PAY_SECURITIES', ko: '카카오페이증권', en: 'Kakao Pay Securities' },
] as const satisfies readonly Bank[]

/** Banks that were merged into another: their old code, and where it leads. */
export const mergedBanks = [
  { code: '05', ko: '외환은행', en: 'KEB', into: '81' },
  { code: '25', ko: '서울은행', en: 'Seoul Bank', into: '81' },
  { code: '06', ko: '주택은행', en: 'Housing & Commercial Bank', into: '04' },
  { code: '21', ko: '조흥은행', en: 'Chohung Bank', into: '88' },
  { code: '26', ko: '옛 신한은행', en: 'former Shinhan', into: '88' },
  { code: '53', ko: '옛 씨티은행', en: 'former Citibank', into: '27' },
  { code: '83', ko: '평화은행', en: 'Peace Bank', into: '20' },
] as const

export type BankCode = (typeof banks)[number]['code']
export const bankOf = (code: string): Bank | undefined => banks.find((bank) => bank.code === code)
export const isBankCode = (code: string): code is BankCode => bankOf(code) !== undefined
/** Where a code leads today; null for one nobody knows. */
export const currentBank = (code: string): Bank | null =>
  bankOf(code) ?? bankOf(mergedBanks.find((old) => old.code === code)?.into ?? '') ?? null
