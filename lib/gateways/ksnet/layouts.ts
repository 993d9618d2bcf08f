import { layout, sizeOf, type Layout } from '../wire/fixed-length.ts'

/**
 * KSNET's socket records, one table each: head and body in one (beans that KSNET gives to shops, in several languages; the card
 * cancel also as a shop's log shows it). Lengths are bytes of CP949. Of an answer the type is that of its request, ending in 1.
 */

export const head = [
  // Of all that follows it.
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
  ['headFiller', 35],
] as const

/** Every cancel is asked for in this one form. */
export const cancelRequest = layout(
  ...head,
  ['approvalType', 4],
  ['cancelType', 1],
  ['transactionNo', 12],
  ['tradeDate', 8],
  ['orgOrderNumber', 50],
  // The cancel data of a part (42): amount, sequence, nothing.
  ['cancelAmount', 9, '9'],
  ['cancelSequence', 2, '9'],
  ['cancelRest', 31],
  ['refundCheck', 1],
  ['filler', 32],
)

export const cardReply = layout(
  ...head,
  ['approvalType', 4],
  ['transactionNo', 12],
  ['status', 1],
  ['tradeDate', 8],
  ['tradeTime', 6],
  ['issuerCode', 6],
  ['acquirerCode', 6],
  ['approvalNo', 12],
  ['message1', 16],
  ['message2', 16],
  ['cardNo', 16],
  ['expiryDate', 4],
  ['instalment', 2],
  ['amount', 9, '9'],
  ['merchantNo', 15],
  ['authSendType', 1],
  ['approvalSendType', 1],
  ['point1', 12],
  ['point2', 12],
  ['point3', 12],
  ['point4', 12],
  ['vanTransactionNo', 12],
  ['filler', 82],
  // Where it is not blank, more bytes follow: of a cancel that was never seen.
  ['authType', 1],
  ['mpiPositionType', 1],
  ['mpiReuseType', 1],
)

export const accountReply = layout(
  ...head,
  ['approvalType', 4],
  ['transactionNo', 12],
  ['status', 1],
  ['tradeDate', 8],
  ['tradeTime', 6],
  ['bankCode', 6],
  ['accountNo', 15],
  ['holder', 30],
  ['closeDate', 8],
  ['closeTime', 6],
  ['responseCode', 4],
  ['message1', 16],
  ['message2', 16],
  ['filler', 36],
)

export const transferReply = layout(
  ...head,
  ['approvalType', 4],
  ['transactionNo', 12],
  ['status', 1],
  ['tradeDate', 8],
  ['tradeTime', 6],
  ['accountSelect', 1],
  ['feeSelect', 1],
  ['printedName', 16],
  ['payeeBank', 6],
  ['payeeAccount', 15],
  ['payerBank', 6],
  ['payerAccount', 15],
  ['amount', 13, '9'],
  ['bankTransactionNo', 30],
  ['payerName', 20],
  ['bankFee', 13, '9'],
  ['bankAmount', 13, '9'],
  ['responseCode', 4],
  ['message1', 16],
  ['message2', 16],
  // Where it is 1, more bytes follow: of a cancel that was never seen.
  ['cavvSelect', 1],
  ['filler', 183],
)

export const mobileReply = layout(
  ...head,
  ['approvalType', 4],
  ['transactionNo', 12],
  ['status', 1],
  ['tradeDate', 8],
  ['tradeTime', 6],
  ['balance', 9],
  ['responseCode', 4],
  ['message', 200],
  ['bypass', 100],
  ['companyCode', 6],
  ['filler', 150],
)

export const cashReceiptReply = layout(
  ...head,
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

const TYPE_AT = 300
const tables: readonly { readonly types: RegExp; readonly table: Layout }[] = [
  { types: /^(?:1010|2010|6010|M110|H[026]10)$/, table: cancelRequest },
  { types: /^1011$/, table: cardReply },
  { types: /^2011$/, table: transferReply },
  { types: /^6011$/, table: accountReply },
  { types: /^M111$/, table: mobileReply },
  { types: /^H[026]11$/, table: cashReceiptReply },
]

/** By length and type; null for what is no record of ours. */
export function layoutOf(frame: Uint8Array): Layout | null {
  const type = Buffer.from(frame.subarray(TYPE_AT, TYPE_AT + 4)).toString('latin1')
  return tables.find(({ types, table }) => types.test(type) && sizeOf(table) === frame.length)?.table ?? null
}

/** Fields of the tables above, then members of the REST answers, that tell of the buyer. */
export const personal: readonly string[] = [
  'userName',
  'idNum',
  'email',
  'phoneNo',
  'cardNo',
  'expiryDate',
  'accountNo',
  'holder',
  'printedName',
  'payeeAccount',
  'payerAccount',
  'payerName',
  'bypass',
  'cardNumb',
  'userEmail',
  'userInfo',
  'password2',
  'accountHolder',
  'virtualAccountNumb',
]
