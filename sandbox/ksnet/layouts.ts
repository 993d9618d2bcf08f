import { layout } from '#lib/gateways/wire/fixed-length.ts'

/** KSNET's records as this side of the wire reads and writes them (ksnet.md 2.2 to 2.10, 3.2, 3.3). All lengths are bytes. */

/** In front of every socket record; the length is that of the rest. */
export const head = layout(
  ['length', 4, '9'],
  ['encType', 1],
  ['version', 4],
  ['type', 2],
  ['resend', 1],
  ['requestDate', 14],
  ['storeId', 10],
  ['orderNumber', 50],
  ['userName', 50],
  ['idNum', 13],
  ['email', 50],
  ['goodType', 1],
  ['goodName', 50],
  ['keyInType', 1],
  ['lineType', 1],
  ['phoneNo', 12],
  ['approvalCount', 1],
  ['filler', 35],
)

/** 1010, 2010, 6010, M110, H010, H210, H610. */
export const cancelRequest = layout(
  ['approvalType', 4],
  ['cancelType', 1],
  ['transactionNo', 12],
  ['tradeDate', 8],
  ['orderNumber', 50],
  ['cancelData', 42],
  ['refundCheck', 1],
  ['filler', 32],
)

/** 1001, 1011. */
export const cardAnswer = layout(
  ['approvalType', 4],
  ['transactionNo', 12],
  ['status', 1],
  ['tradeDate', 8],
  ['tradeTime', 6],
  ['issCode', 6],
  ['aquCode', 6],
  ['authNo', 12],
  ['message1', 16],
  ['message2', 16],
  ['cardNo', 16],
  ['expDate', 4],
  ['installment', 2],
  ['amount', 9, '9'],
  ['merchantNo', 15],
  ['authSendType', 1],
  ['approvalSendType', 1],
  ['point1', 12, '9'],
  ['point2', 12, '9'],
  ['point3', 12, '9'],
  ['point4', 12, '9'],
  ['vanTransactionNo', 12],
  ['filler', 82],
  ['authType', 1],
  ['mpiPositionType', 1],
  ['mpiReuseType', 1],
)

/** 6000 since Version 0603. */
export const accountRequest = layout(
  ['approvalType', 4],
  ['bankCode', 6],
  ['amount', 9, '9'],
  ['closeDate', 8],
  ['closeTime', 6],
  ['escrowSele', 1],
  ['virFixSele', 1],
  ['virAcctNo', 15],
  ['orgTransactionNo', 12],
  ['filler', 52],
)

/** 6000 before that: no due date. */
export const oldAccountRequest = layout(['approvalType', 4], ['bankCode', 6], ['amount', 9, '9'], ['filler', 81])

/** 6001, 6011. */
export const accountAnswer = layout(
  ['approvalType', 4],
  ['transactionNo', 12],
  ['status', 1],
  ['tradeDate', 8],
  ['tradeTime', 6],
  ['bankCode', 6],
  ['virAcctNo', 15],
  ['name', 30],
  ['closeDate', 8],
  ['closeTime', 6],
  ['respCode', 4],
  ['message1', 16],
  ['message2', 16],
  ['filler', 36],
)

/** 2011. */
export const transferAnswer = layout(
  ['approvalType', 4],
  ['transactionNo', 12],
  ['status', 1],
  ['tradeDate', 8],
  ['tradeTime', 6],
  ['acctSele', 1],
  ['feeSele', 1],
  ['injaName', 16],
  ['pareBankCode', 6],
  ['pareAcctNo', 15],
  ['custBankCode', 6],
  ['custAcctNo', 15],
  ['amount', 13, '9'],
  ['bankTransactionNo', 30],
  ['ipgumNm', 20],
  ['bankFee', 13, '9'],
  ['bankAmount', 13, '9'],
  ['bankRespCode', 4],
  ['message1', 16],
  ['message2', 16],
  ['cavvSele', 1],
  ['filler', 183],
)

/** M111. */
export const mobileAnswer = layout(
  ['approvalType', 4],
  ['transactionNo', 12],
  ['status', 1],
  ['tradeDate', 8],
  ['tradeTime', 6],
  ['balance', 9, '9'],
  ['respCode', 4],
  ['respMsg', 200],
  ['bypassMsg', 100],
  ['compCode', 6],
  ['filler', 150],
)

/** H000, H200, H600. */
export const receiptRequest = layout(
  ['approvalType', 4],
  ['transactionNo', 12],
  ['issuSele', 1],
  ['userInfoSele', 1],
  ['userInfo', 37],
  ['tranSele', 1],
  ['callCode', 1],
  ['supplyAmt', 9, '9'],
  ['taxAmt', 9, '9'],
  ['svcAmt', 9, '9'],
  ['totalAmt', 9, '9'],
  ['filler', 147],
)

/** H001, H201, H601, H011, H211, H611. */
export const receiptAnswer = layout(
  ['approvalType', 4],
  ['transactionNo', 12],
  ['status', 1],
  ['cashTransactionNo', 12],
  ['incomeType', 1],
  ['tradeDate', 8],
  ['tradeTime', 6],
  ['message1', 16],
  ['message2', 16],
  ['cashMessage1', 20],
  ['cashMessage2', 20],
  ['filler', 150],
)

/** Deposit notice of old: `VR`, trno, and a bank's record of 300 bytes. */
export const depositOld = layout(
  ['busiSele', 2],
  ['transactionNo', 12],
  ['dealCode', 9],
  ['compCode', 8],
  ['accoCode', 2],
  ['messCode', 4],
  ['jobDiff', 3],
  ['tranNumb', 1],
  ['seqNo', 6, '9'],
  ['tranDate', 8],
  ['tranTime', 6],
  ['stanRespCode', 4],
  ['bankRespCode', 4],
  ['inquDate', 8],
  ['inquNo', 6],
  ['filler1', 31],
  ['accoNumb', 15],
  ['compCnt', 2],
  ['dealSele', 2],
  ['inBankCd', 2],
  ['totalAmt', 13, '9'],
  ['balaMone', 13, '9'],
  ['giro', 6],
  ['receNm', 14],
  ['checNo', 10],
  ['cash', 13, '9'],
  ['outBankChec', 13, '9'],
  ['etcChec', 13, '9'],
  ['cmsNo', 16],
  ['dealStarDate', 8],
  ['dealStarTime', 6],
  ['accoSeriNo', 6],
  ['filler2', 48],
)

/** The newer one, after a head; the last field's 48 bytes are proposed, not documented (3.3). */
export const depositNew = layout(
  ['approvalType', 4],
  ['transactionNo', 12],
  ['dealCode', 9],
  ['compCode', 8],
  ['accoCode', 6],
  ['messCode', 4],
  ['jobDiff', 3],
  ['tranNumb', 1],
  ['seqNo', 10, '9'],
  ['tranDate', 8],
  ['tranTime', 6],
  ['stanRespCode', 4],
  ['bankRespCode', 4],
  ['inquDate', 8],
  ['inquNo', 6],
  ['filler1', 27],
  ['accoNumb', 15],
  ['compCnt', 2],
  ['dealSele', 2],
  ['inBankCd', 6],
  ['totalAmt', 13, '9'],
  ['balaMone', 13, '9'],
  ['giro', 6],
  ['receNm', 14],
  ['checNo', 10],
  ['cash', 13, '9'],
  ['outBankChec', 13, '9'],
  ['etcChec', 13, '9'],
  ['cmsNo', 16],
  ['dealStarDate', 8],
  ['dealStarTime', 6],
  ['accoSeriNo', 6],
  ['filler2', 48],
)
