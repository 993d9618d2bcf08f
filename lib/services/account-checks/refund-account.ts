import 'server-only'
import { z } from 'zod'
import { isBankCode } from '#lib/domain/banks.ts'
import { maskAccount, maskName } from '#lib/domain/mask.ts'
import type { RefundAccountView } from '#lib/domain/views.ts'
import type { BankAccount } from '#lib/gateways/connector.ts'
import { keyedHash, seal, unseal, type Binding } from '#lib/server/crypto.ts'
import { typedText } from '../typed-text.ts'

const bank = z.string().transform((code, context) => {
  if (isBankCode(code)) return code
  context.addIssue('not a bank of the table')
  return z.NEVER
})
const number = z
  .string()
  .max(40)
  .transform((text) => text.replace(/[\s-]/g, ''))
  .pipe(z.string().regex(/^\d{6,20}$/))

/** An account as it is typed: a bank of the table, a number with or without dashes, a holder. */
export const RefundAccount = z.object({ bank, number, holder: typedText(50).min(1) })

/** Binds a check to one payment and one account: only this installation can make it, so it tells nothing of the number. */
export const accountHash = (paymentId: string, { bank: code, number: digits, holder }: BankAccount): string =>
  keyedHash(JSON.stringify(['refund account', paymentId, code, digits, holder]))

export const maskedAccount = ({ bank: code, number: digits, holder }: BankAccount): RefundAccountView => ({
  bank: code,
  number: maskAccount(digits),
  holder: maskName(holder),
})

const masked = z.object({ bank: z.string(), number: z.string(), holder: z.string() })
export const maskedText = (account: BankAccount): string => JSON.stringify(maskedAccount(account))
export const readMasked = (text: string): RefundAccountView => masked.parse(JSON.parse(text))

export const sealAccount = (account: BankAccount, binding: Binding): string => seal(JSON.stringify(account), binding)
export const openSealedAccount = (sealed: string, binding: Binding): BankAccount =>
  RefundAccount.parse(JSON.parse(unseal(sealed, binding)))
