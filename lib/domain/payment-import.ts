/** What a column of a merchant's file may be. The file is theirs, so which column is what is told by a person. */
export const importFields = [
  'number',
  'amount',
  'approvedAt',
  'approvedTime',
  'method',
  'status',
  'orderNumber',
  'orderName',
  'approvalNumber',
  'taxFree',
  'escrow',
  'issuer',
  'cardNumber',
  'instalment',
  'buyer',
  'phone',
  'email',
] as const
export type ImportField = (typeof importFields)[number]

/** A file that is compared may also say what was cancelled. */
export const comparedFields = [...importFields, 'cancelledAmount', 'cancelledAt'] as const
export type FileField = (typeof comparedFields)[number]
/** What of it is compared; the others serve to take over a payment that only the file knows. */
export const readFields: readonly FileField[] = [
  'number',
  'amount',
  'approvedAt',
  'approvedTime',
  'cancelledAmount',
  'cancelledAt',
  'status',
  'method',
]
export type FileColumns = Readonly<Partial<Record<FileField, string>>>
/** Without these no row can be read. The method may stand for all rows instead of in a column. */
export const neededFields: readonly ImportField[] = ['number', 'amount', 'approvedAt']

/** The titles of the columns in the file. */
export type ImportColumns = Readonly<Partial<Record<ImportField, string>>>

/** One method for every row of a file that has no column for it. */
export const importMethods = ['CARD', 'TRANSFER', 'VIRTUAL_ACCOUNT', 'MOBILE'] as const
export type ImportMethod = (typeof importMethods)[number]

export const isComplete = (columns: ImportColumns, allMethod: ImportMethod | null): boolean =>
  neededFields.every((field) => columns[field] !== undefined) && (columns.method !== undefined || allMethod !== null)
