'use server'
import { action } from '#lib/server/action.ts'
import { importPayments, ImportPayments } from '#lib/services/imports/import-payments.ts'
import { previewImport, PreviewImport } from '#lib/services/imports/preview-import.ts'
import { createToken, CreateToken, revokeToken, RevokeToken } from '#lib/services/tokens/manage-tokens.ts'

export const previewImportAction = action({
  name: 'payment.import',
  input: PreviewImport,
  limit: 'write',
  run: previewImport,
})
export const importPaymentsAction = action({
  name: 'payment.import',
  input: ImportPayments,
  limit: 'write',
  run: importPayments,
})
export const createTokenAction = action({ name: 'token.create', input: CreateToken, limit: 'write', run: createToken })
export const revokeTokenAction = action({ name: 'token.revoke', input: RevokeToken, limit: 'write', run: revokeToken })
