/** KSNET's codes (ksnet.md 7.2, 2.5, 5.2, 5.3), each with the two messages of 16 bytes an answer has room for. */
const messages = {
  '994': ['취소거절', '취소원거래없음'],
  '6051': ['잠시후 재시도', 'Tel:1544-6030'],
  '6101': ['잠시후 재시도', 'Tel:1544-6030'],
  '7001': ['취소거절', '기취소거래'],
  /** The code table says: no original transaction; the REST example: the period is over. It is both here. */
  '7003': ['취소거절', '취소원거래없음'],
  '7803': ['재조회 요망', 'VAN 처리 오류'],
  '8006': ['승인거절', '금액 한도 오류'],
  '8038': ['승인거절', '데이터 형식오류'],
  '8120': ['승인거절', '수기 불가 상점'],
  '8380': ['무응답', '시간 초과'],
  '8381': ['시스템 장애', '잠시후 재시도'],
  B013: ['발급거절', '마감일자정보없음'],
  B014: ['발급거절', '은행코드 오류'],
  P002: ['거래거절', '미등록 상점'],
  P105: ['거래거절', '중복거래'],
  P118: ['취소거절기간경과', 'Tel:1544-6030'],
  P10B: ['거래거절', '거래번호 오류'],
  P10C: ['거래거절', '주문번호 오류'],
  P10G: ['취소거절', '취소불가 거래'],
  P10I: ['거래거절', '금액 오류'],
  P10J: ['승인거절', '유효기간 오류'],
  P10O: ['취소거절', '취소원거래없음'],
  P10Q: ['취소거절', '기취소거래'],
  P1D1: ['무응답', '시간 초과'],
  X103: ['무응답', '시간 초과'],
} as const satisfies Record<string, readonly [string, string]>

export type Code = keyof typeof messages
export type Messages = readonly [string, string]

/** A refusal; nothing was done. */
export class KsnetError extends Error {
  readonly code: Code
  readonly messages: Messages

  constructor(code: Code, said: Messages = messages[code]) {
    super(`${code} ${said.join('/')}`)
    this.code = code
    this.messages = said
  }
}

/** How a transaction that was cancelled before is answered: `O` by socket, A0200 with P10Q by REST. */
export const alreadyCancelled: Messages = messages.P10Q
