import { undated, type Conflict, type Dated, type Source } from './dated.ts'

/**
 * What the gateways' answer codes mean, and what a person does about them: told under `codes.todoOf`. A help for reading. What the
 * console itself takes an answer for stands in the connectors' tables (`lib/gateways/<gateway>/codes.ts`) and nowhere else; a test
 * holds that the two do not contradict each other. Meanings are shortened. Validity: the documents name no first or last day, so the
 * source says of when it is.
 */
export type CodeGateway = 'ksnet' | 'kcp'
export type Todo =
  /** It worked. */
  | 'done'
  /** Another code inside tells. */
  | 'inner'
  | 'already'
  /** It may have happened. */
  | 'unknown'
  | 'notSent'
  | 'number'
  | 'restAsPart'
  | 'amount'
  | 'contract'
  | 'settings'
  | 'later'
  | 'form'
  | 'otherCard'
  | 'retype'
  | 'shopLimit'
  | 'ask'
  | 'account'
  | 'tooLate'
  | 'balance'
  | 'duplicate'

export type ResponseCode = Dated & {
  readonly gateway: CodeGateway
  readonly code: string
  readonly ko: string
  readonly en: string
  readonly todo: Todo
}

type Row = readonly [code: string, ko: string, en: string, todo: Todo, conflict?: Conflict]
const group = (gateway: CodeGateway, source: Source, rows: readonly Row[]): ResponseCode[] =>
  rows.map(([code, ko, en, todo, conflict]) => ({
    ...undated,
    gateway,
    source,
    code,
    ko,
    en,
    todo,
    ...(conflict && { conflict }),
  }))

/** KSNET's own table of card answers, last saved December 2020; without those of the ISP window, which no server sees. */
const ksnetCard = group('ksnet', 'ksnetCodes', [
  ['0000', '정상', 'Normal', 'done'],
  ['2001', '쓸 수 없는 선불카드', 'Prepaid card cannot be used', 'otherCard'],
  ['2002', '잔액 또는 포인트 부족', 'Balance or points too small', 'otherCard'],
  ['2003', '제휴사 연결 오류', 'Link to partner failed', 'unknown'],
  ['2004', '처리 중인 카드', 'Card is being processed', 'later'],
  ['6001', '사업자번호 오류', 'Business number wrong', 'retype'],
  ['6002', '생년월일(주민번호) 오류', 'Date of birth wrong', 'retype'],
  ['6003', '비밀번호 오류', 'Password wrong', 'retype'],
  ['6004', '본인확인 계약이 없는 상점', 'Store not contracted for verification', 'contract'],
  ['6005', '생년월일과 비밀번호 오류', 'Date of birth and password wrong', 'retype'],
  ['6006', '본인확인 서비스 준비 중', 'Verification not yet in service', 'contract'],
  ['6007', '비밀번호 오류 횟수 초과', 'Password tried too often', 'otherCard'],
  ['6008', '생년월일 또는 사업자번호 오류', 'Date of birth or business number wrong', 'retype'],
  ['6011', '카드 인증값(CAVV) 오류', 'Card authentication value (CAVV) wrong', 'retype'],
  ['6012', '인증값을 취소하고 다시 시도', 'Cancel the authentication and retry', 'retype'],
  ['7001', '이미 취소된 거래', 'Already cancelled', 'already'],
  ['7002', '이미 매입된 거래', 'Already captured', 'ask'],
  ['7003', '원거래 없음', 'No original transaction', 'number', 'code7003'],
  ['7570', '할부를 쓰지 않는 상점', 'Store has no instalments', 'contract'],
  ['7571', '상점 한도 초과', 'Limit of the store exceeded', 'shopLimit'],
  ['7803', '다시 조회 필요(VAN 처리 오류)', 'Ask again (VAN process error)', 'unknown'],
  ['7978', '해지된 상점', 'Store ended by the issuer', 'contract'],
  ['7979', '등록되지 않았거나 정지된 상점', 'Store not registered or stopped', 'contract'],
  ['8000', '신용카드가 아님', 'Not a credit card', 'otherCard'],
  ['8006', '금액이 1,000원 미만 또는 99,999,999원 초과', 'Amount below 1,000 or above 99,999,999 won', 'amount'],
  ['8009', '금액 없음', 'Amount missing', 'form'],
  ['8032', '할부 금액 오류', 'Instalment amount wrong', 'amount'],
  ['8037', '카드번호 오류', 'Card number wrong', 'retype'],
  ['8038', '전문 형식 오류', 'Message format wrong', 'form'],
  ['8110', '키인 결제를 할 수 없는 카드', 'Card cannot be keyed in', 'otherCard'],
  ['8120', '키인 결제를 할 수 없는 상점', 'Store may not key in', 'contract'],
  ['8314', '유효기간이 지난 카드', 'Card expired', 'otherCard'],
  ['8324', '정지된 카드', 'Card stopped', 'otherCard'],
  ['8325', '3일 한도 초과', 'Limit of three days exceeded', 'otherCard'],
  ['8326', '월 한도 초과', 'Monthly limit exceeded', 'otherCard'],
  ['8327', '1회 한도 초과', 'Limit of one payment exceeded', 'otherCard'],
  ['8328', '이용 횟수 초과', 'Used too often', 'otherCard'],
  ['8329', '일 한도 초과', 'Daily limit exceeded', 'otherCard'],
  ['8330', '일 이용 횟수 초과', 'Used too often today', 'otherCard'],
  ['8331', '월 이용 횟수 초과', 'Used too often this month', 'otherCard'],
  ['8332', '연 이용 횟수 초과', 'Used too often this year', 'otherCard'],
  ['8350', '도난·분실 카드', 'Card stolen or lost', 'otherCard'],
  ['8373', '카드사 문의 필요', 'Ask the issuer', 'otherCard'],
  ['8375', '기타 오류', 'Another error', 'ask'],
  ['8380', '응답 없음 또는 늦은 응답', 'No answer, or a late one', 'unknown'],
  ['8381', '시스템 장애', 'System trouble', 'unknown'],
  ['8393', '할부 개월 오류', 'Instalment months wrong', 'form'],
  ['8417', '할부를 할 수 없음', 'No instalments possible', 'otherCard'],
  ['8418', '취급하지 않는 카드', 'Card not served', 'otherCard'],
  ['8501', '하위 상점 사업자번호 오류', 'Business number of the sub-store wrong', 'contract'],
  ['8502', '하위 상점 할부 제한', 'Instalments limited for the sub-store', 'contract'],
])

const ksnetPg = group('ksnet', 'ksnetCodes', [
  ['P001', '개시되지 않은 상점', 'Store not opened', 'contract'],
  ['P002', '등록되지 않은 상점', 'Store not registered', 'contract'],
  ['P004', '개시되지 않은 그룹', 'Group not opened', 'contract'],
  ['P006', '등록되지 않은 그룹', 'Group not registered', 'contract'],
  ['P101', '그룹 월 한도 초과', 'Monthly limit of the group exceeded', 'shopLimit'],
  ['P102', '상점 1회 한도 초과', 'Limit of the store for one payment exceeded', 'shopLimit'],
  ['P103', '상점 월 한도 초과', 'Monthly limit of the store exceeded', 'shopLimit'],
  ['P104', '그룹 1회 한도 초과', 'Limit of the group for one payment exceeded', 'shopLimit'],
  ['P105', '중복 거래', 'Duplicate transaction', 'duplicate'],
  ['P106', '카드 정보 없음', 'No card information', 'number'],
  ['P108', '카드번호 오류', 'Card number wrong', 'retype'],
  ['P109', '통화 오류', 'Currency wrong', 'form'],
  ['P10B', '거래번호 오류', 'Transaction number wrong', 'number'],
  ['P10C', '주문번호 오류', 'Order number wrong', 'number'],
  ['P10D', '환율 정보 없음', 'No exchange rate', 'ask'],
  ['P10E', '그룹 할부 제한', 'Instalments limited for the group', 'contract'],
  ['P10F', '매입 진행 중', 'Capture in progress', 'later'],
  ['P10G', '취소할 수 없는 거래', 'Cannot be cancelled', 'already'],
  ['P10H', '중복 승인 요청', 'Duplicate approval request', 'duplicate'],
  ['P10I', '금액 오류', 'Amount wrong', 'amount'],
  ['P10J', '유효기간 오류', 'Expiry wrong', 'retype'],
  ['P10K', '이자 구분 오류', 'Interest type wrong', 'form'],
  ['P10L', '취소할 수 없음(거래일자 확인)', 'Cannot be cancelled (check the day)', 'number'],
  ['P10N', '카드번호 오류', 'Card number wrong', 'retype'],
  ['P10O', '원거래 없음', 'No original transaction', 'number'],
  ['P10P', '할부 개월 오류', 'Instalment months wrong', 'form'],
  ['P10Q', '이미 취소된 거래', 'Already cancelled', 'already', 'codeP10Q'],
  ['P118', '취소 기간 경과', 'Too late to cancel', 'tooLate'],
  ['P1D1', '보낸 뒤 시간 초과', 'Timed out after sending', 'unknown'],
  ['X101', '자료 오류', 'Data wrong', 'form'],
  ['X102', '전송 오류', 'Sending failed', 'unknown'],
  ['X103', '보낸 뒤 시간 초과', 'Timed out after sending', 'unknown'],
])

/** REST: the envelope's code, then what its examples show inside. */
const ksnetRest = group('ksnet', 'ksnetRest', [
  ['A0200', '접수됨(respCode로 결과 확인)', 'Taken (respCode tells the result)', 'inner', 'codeP10Q'],
  ['A0201', '실패(respCode로 사유 확인)', 'Failed (respCode tells why)', 'inner'],
  ['A0400', '요청 값 오류', 'Parameter wrong', 'form'],
  ['A0401', '인증 오류', 'Authentication failed', 'settings'],
  ['A0403', '프로토콜 오류 또는 인증 헤더 없음', 'Protocol error, or no Authorization header', 'settings'],
  ['A0500', '서버 오류', 'Server error', 'unknown'],
  ['A0999', '기타 오류', 'Another error', 'unknown'],
  ['7003', '취소 거절 기간 경과', 'Refused: too late to cancel', 'tooLate', 'code7003'],
  ['994', '계좌이체 원거래 없음', 'Transfer: no original transaction', 'number'],
  ['B013', '가상계좌 입금 기한 없음', 'Virtual account: due date missing', 'form'],
])

/** In no table; read off exchanges that others published. */
const ksnetSeen = group('ksnet', 'ksnetSeen', [
  ['6101', '부분취소가 있는 결제의 전액취소', 'Whole cancel after a partial one', 'restAsPart'],
  ['6051', '거래번호와 상점아이디가 맞지 않음', 'Transaction of another store', 'number'],
])

/** PortOne's published list of KCP's codes, and KCP's guides. */
const kcpCommon = group('kcp', 'kcpCodes', [
  ['0000', '정상', 'Normal', 'done'],
  ['V000', '가상계좌 발급', 'Virtual account issued', 'done'],
  ['5002', '취소할 수 없는 상태', 'In a state that cannot be cancelled', 'already'],
  ['5530', '원거래 없음', 'No original transaction', 'number'],
  ['5704', '필수 값 없음', 'Required value missing', 'form'],
  ['7101', '중복 승인', 'Duplicate approval', 'duplicate'],
  ['7512', '게이트웨이 시간 초과', 'Gateway timed out', 'unknown'],
  ['7721', '금액 형식 오류', 'Amount format wrong', 'form'],
  ['7725', '주문번호 형식 오류', 'Order number format wrong', 'form'],
  ['7727', '거래번호(tno) 형식 오류', 'Transaction number (tno) format wrong', 'form'],
  ['8002', 'site_key 오류', 'site_key wrong', 'settings'],
  ['8004', '알 수 없는 거래 종류(tx_cd)', 'Unknown transaction kind (tx_cd)', 'form'],
  ['8005', '결제 정보 없음 또는 서비스 미개시', 'No payment data, or service not opened', 'contract'],
  ['8009', '변경 정보 형식 오류', 'Change data format wrong', 'form'],
  ['8011', '복합과세 금액 오류', 'Taxable and tax-free amounts wrong', 'amount'],
  ['8012', '취소가 허용되지 않은 서버(IP 미등록)', 'Server not allowed to cancel (IP not registered)', 'settings'],
  ['8015', '주문번호 없음', 'Order number missing', 'form'],
  ['8021', '알 수 없는 거래 종류(tx_cd)', 'Unknown transaction kind (tx_cd)', 'form'],
  ['8022', '공통 결제 정보 형식 오류', 'Common payment data format wrong', 'form'],
  ['8023', '이미 취소된 거래', 'Already cancelled', 'already'],
  ['8024', '지원하지 않는 결제수단', 'Method not supported', 'ask'],
  ['8036', '취소 가능 금액 초과', 'More than can be cancelled', 'amount'],
  ['8037', '남은 금액(rem_mny) 불일치', 'Remainder (rem_mny) differs', 'amount'],
  ['8038', '변경 금액 불일치', 'Change amount differs', 'amount'],
  ['8039', '취소 가능 금액 초과', 'More than can be cancelled', 'amount'],
  ['8040', '부분취소가 있어 전액취소 거절', 'A part was cancelled, so not the whole', 'restAsPart'],
  ['8041', '기관 응답 시간 초과', 'Institution timed out', 'unknown'],
  ['8042', '기관 응답 시간 초과', 'Institution timed out', 'unknown'],
  ['8043', '기관 응답 시간 초과', 'Institution timed out', 'unknown'],
  ['8044', '기관 응답 시간 초과', 'Institution timed out', 'unknown'],
  ['8045', '기관 장애 또는 응답 오류', 'Institution down, or answered wrongly', 'unknown'],
  ['8046', '기관 장애 또는 응답 오류', 'Institution down, or answered wrongly', 'unknown'],
  ['8047', '기관 장애 또는 응답 오류', 'Institution down, or answered wrongly', 'unknown'],
  ['8048', '기관 장애 또는 응답 오류', 'Institution down, or answered wrongly', 'unknown'],
  ['8051', '금액 형식 오류', 'Amount format wrong', 'form'],
  ['8052', '통화 형식 오류', 'Currency format wrong', 'form'],
  ['8053', '결제 정보 형식 오류', 'Payment data format wrong', 'form'],
  ['8054', '결제 정보 형식 오류', 'Payment data format wrong', 'form'],
  ['8055', '결제 정보 형식 오류', 'Payment data format wrong', 'form'],
  ['8056', '결제 정보 형식 오류', 'Payment data format wrong', 'form'],
  ['8057', '결제 정보 형식 오류', 'Payment data format wrong', 'form'],
  ['8058', '결제 정보 형식 오류', 'Payment data format wrong', 'form'],
  ['8061', '원거래 없음', 'No original transaction', 'number'],
  ['8072', '거래번호(tno) 형식 오류', 'Transaction number (tno) format wrong', 'form'],
  ['8073', '변경 정보 형식 오류', 'Change data format wrong', 'form'],
  ['8076', '변경 정보 형식 오류', 'Change data format wrong', 'form'],
  ['8078', '부분취소 과세 금액 형식 오류', 'Partial: taxable amount format wrong', 'form'],
  ['8079', '부분취소 면세 금액 형식 오류', 'Partial: tax-free amount format wrong', 'form'],
  ['8080', '부분취소 부가세 형식 오류', 'Partial: VAT format wrong', 'form'],
  ['8081', '변경 요청자 오류', 'Change actor wrong', 'form'],
  ['8082', '취소 금액(mod_mny) 형식 오류', 'Cancel amount (mod_mny) format wrong', 'form'],
  ['8084', '남은 금액(rem_mny) 형식 오류', 'Remainder (rem_mny) format wrong', 'form'],
  ['8090', '예금주 형식 오류', 'Holder name format wrong', 'account'],
  ['8094', '중복 요청', 'Duplicate request', 'unknown'],
  ['8098', '부분취소 과세·부가세 초과', 'Partial: more than taxable and VAT', 'amount'],
  ['8099', '부분취소 면세 초과', 'Partial: more than tax-free', 'amount'],
])

const kcpCard = group('kcp', 'kcpCodes', [
  ['8102', '상점에서 쓸 수 없는 카드', 'Card not allowed at the shop', 'otherCard'],
  ['8108', '카드번호 오류', 'Card number wrong', 'retype'],
  ['8121', '카드사에 등록되지 않은 상점', 'Shop not registered at the issuer', 'contract'],
  ['8122', '한도 초과', 'Limit exceeded', 'otherCard'],
  ['8123', '한도 초과', 'Limit exceeded', 'otherCard'],
  ['8124', '한도 초과', 'Limit exceeded', 'otherCard'],
  ['8125', '최대 할부 개월 초과', 'Too many instalments', 'otherCard'],
  ['8126', '이 상점에서 쓸 수 없는 카드', 'Card cannot be used at this shop', 'otherCard'],
  ['8127', '카드사에 등록되지 않은 상점', 'Shop not registered at the issuer', 'contract'],
  ['8128', '카드 중복 거래', 'Duplicate card transaction', 'duplicate'],
  ['8129', '테스트 결제 금액 제한', 'Amount rule of test payments', 'amount'],
  ['8130', '해외카드 거절', 'Overseas card refused', 'otherCard'],
  ['8132', '카드 원거래 없음', 'Card: no original transaction', 'number'],
  ['8133', '이미 취소된 카드 거래', 'Card: already cancelled', 'already'],
  ['8134', '취소할 수 없는 상태', 'In a state that cannot be cancelled', 'already'],
  ['8135', '최소 금액 미만', 'Below the minimum', 'amount'],
  ['8136', '카드 매입 시간(01:50~02:30)', 'Capture time (01:50–02:30)', 'later'],
  ['8178', '정산 예정 금액 부족', 'Settlement balance too small', 'balance'],
  ['8181', '거래 제한 대상', 'Blocked', 'ask'],
  ['8182', '부정 거래 의심', 'Suspected fraud', 'ask'],
])

const kcpRefund = group('kcp', 'kcpCodes', [
  ['8314', '기관 장애', 'Institution at fault', 'unknown'],
  ['8327', '가상계좌 전액환불을 쓰지 않는 상점', 'Shop has no full refund of virtual accounts', 'contract'],
  ['8328', '가상계좌 부분환불을 쓰지 않는 상점', 'Shop has no partial refund of virtual accounts', 'contract'],
  ['8329', '환불할 수 없는 상태', 'In a state that cannot be refunded', 'already'],
  ['8336', '이미 입금된 환불', 'Refund already paid in', 'already'],
  ['8337', '이미 환불된 거래', 'Already refunded', 'already'],
  ['8338', '중복 주문번호', 'Duplicate order number', 'duplicate'],
  ['8340', '환불이 이미 요청됨', 'Refund already requested', 'unknown'],
  ['8344', '취소 금액 불일치', 'Cancel amount differs', 'amount'],
  ['8345', '당월 거래는 환불이 아니라 취소', 'Current month: cancel instead of refund', 'ask'],
  ['8381', '부분취소 금액 불일치', 'Partial amount differs', 'amount'],
  ['8382', '부분취소 금액 초과', 'Partial amount exceeded', 'amount'],
  ['8384', '부분취소를 지원하지 않는 거래', 'Kind without partial cancel', 'ask'],
  ['8385', '부분취소를 지원하지 않는 기관', 'Institution without partial cancel', 'ask'],
  ['8386', '부분취소 횟수 초과', 'Partial cancels used up', 'ask'],
  ['8387', '부분취소 진행 중', 'Partial cancel running', 'unknown'],
  ['8388', '취소 진행 중', 'Cancel running', 'unknown'],
  ['8392', '부분취소를 쓰지 않는 상점', 'Shop has no partial cancel', 'contract'],
  ['8540', '환불 정보 형식 오류', 'Refund data format wrong', 'form'],
  ['8541', '환불 정보 형식 오류', 'Refund data format wrong', 'form'],
  ['8542', '환불 정보 형식 오류', 'Refund data format wrong', 'form'],
  ['8543', '환불 정보 형식 오류', 'Refund data format wrong', 'form'],
  ['8544', '환불 정보 형식 오류', 'Refund data format wrong', 'form'],
  ['8545', '환불 정보 형식 오류', 'Refund data format wrong', 'form'],
  ['8546', '환불 정보 형식 오류', 'Refund data format wrong', 'form'],
  ['8549', '승인 금액과 환불 금액 불일치', 'Refund differs from the approval', 'amount'],
  ['8550', '부분환불 금액 초과', 'Partial refund exceeded', 'amount'],
  ['8585', '원거래 없음', 'No original transaction', 'number'],
  ['8642', '취소 권한 없음', 'No right to cancel', 'contract'],
  ['8643', '승인되지 않은 거래', 'Approval had failed', 'number'],
  ['8711', '계좌이체 전문 형식 오류', 'Transfer message format wrong', 'form'],
  ['8712', '계좌이체 전문 형식 오류', 'Transfer message format wrong', 'form'],
  ['8713', '계좌이체 전문 형식 오류', 'Transfer message format wrong', 'form'],
  ['8714', '계좌이체 전문 형식 오류', 'Transfer message format wrong', 'form'],
  ['8734', '부분취소된 계좌이체의 전액취소', 'Whole cancel of a partly cancelled transfer', 'restAsPart'],
  ['8791', '환불 금액 오류', 'Refund amount wrong', 'form'],
  ['8897', '차단된 IP', 'IP blocked', 'settings'],
  ['8898', '처리할 수 없음', 'Not possible', 'ask'],
  ['8995', '기관 통신 오류', 'No line to the institution', 'unknown'],
  ['8996', '기관 통신 오류', 'No line to the institution', 'unknown'],
  ['8997', '기관 응답 시간 초과', 'Institution timed out', 'unknown'],
  ['8998', '개시되지 않은 서비스', 'Service not opened', 'contract'],
  ['8999', '기타 오류', 'Another error', 'ask'],
  ['8E01', '에스크로 환불 완료 또는 진행 중', 'Escrow refund done or running', 'unknown'],
  ['8E02', '구매확정된 에스크로', 'Escrow: purchase confirmed', 'ask'],
  ['9002', '사이트 코드 없음', 'No site code', 'settings'],
  ['9010', '카드 최소 금액 1,000원', 'Card minimum 1,000 won', 'amount'],
  ['9020', '등록된 서비스 없음', 'No registered service', 'contract'],
  ['9200', '알 수 없는 상점', 'Shop unknown', 'settings'],
  ['9201', '만료된 상점', 'Shop expired', 'settings'],
  ['CC07', '카드 한도 초과', 'Card limit exceeded', 'otherCard'],
  ['CC08', '카드 한도 초과', 'Card limit exceeded', 'otherCard'],
  ['CC10', '잔액 부족', 'Balance too small', 'otherCard'],
  ['CC14', '카드번호 오류', 'Card number wrong', 'retype'],
  ['CC54', '유효기간 오류', 'Expiry wrong', 'retype'],
  ['CC63', '비밀번호 오류', 'Password wrong', 'retype'],
  ['CC72', '카드사 응답 시간 초과', 'Issuer timed out', 'unknown'],
  ['CC98', '카드사 장애', 'Issuer at fault', 'unknown'],
  ['CC99', 'KCP 장애', 'KCP at fault', 'unknown'],
  ['CCA1', '원거래 없음', 'No original transaction', 'number'],
  ['CCA6', '이미 취소된 거래', 'Already cancelled', 'already'],
  ['CCA8', '남은 금액 불일치', 'Balance differs', 'amount'],
  ['CCA9', '부분취소가 있어 전액취소 거절', 'A part was cancelled, so not the whole', 'restAsPart'],
])

/** Made by KCP's own program on the merchant's server, and by the REST service. */
const kcpOwn = [
  ...group('kcp', 'kcpModule', [
    ['S102', '모듈 호출 오류(보내지 않음)', 'Module called wrongly (nothing sent)', 'notSent'],
    ['S202', '연결하지 못함(보내지 않음)', 'Could not connect (nothing sent)', 'notSent'],
    ['S203', '연결이 끊어짐', 'The line broke', 'unknown'],
    ['S204', '응답 시간 초과', 'No answer in time', 'unknown'],
    ['6003', '응답을 열지 못함', 'An answer could not be opened', 'unknown'],
    ['6004', '응답을 열지 못함', 'An answer could not be opened', 'unknown'],
  ]),
  ...group('kcp', 'kcpRest', [
    ['S034', 'REST 서명 오류', 'REST signature wrong', 'settings'],
    ['M112', '필수 값 없음', 'Required value missing', 'form'],
  ]),
]

export const responseCodes: readonly ResponseCode[] = [
  ...ksnetCard,
  ...ksnetPg,
  ...ksnetRest,
  ...ksnetSeen,
  ...kcpCommon,
  ...kcpCard,
  ...kcpRefund,
  ...kcpOwn,
]

/** By its beginning, or by words of its meaning in either language; every word typed must be there. */
export function findCodes(gateway: CodeGateway | null, text: string): readonly ResponseCode[] {
  const asked = text.trim().toLowerCase().split(/\s+/)
  return responseCodes.filter(
    (row) =>
      (gateway === null || row.gateway === gateway) &&
      asked.every(
        (word) => row.code.toLowerCase().startsWith(word) || `${row.ko} ${row.en}`.toLowerCase().includes(word),
      ),
  )
}
