import { kcpBytesMax, kcpTextProblem, type KcpTextProblem } from '#lib/domain/kcp-text.ts'
import type { BankAccount } from '../connector.ts'
import { encodeCp949 } from '../wire/cp949.ts'

export type AccountProblem = { readonly field: 'number' | 'holder'; readonly problem: KcpTextProblem }

/** Why KCP could not be told an account as it is; null where it could (rules ACCOUNT-FIELDS, ACCOUNT-CHARS, ACCOUNT-ENCODING). */
export function accountProblem({ number, holder }: BankAccount): AccountProblem | null {
  if (!/^\d+$/.test(number)) return { field: 'number', problem: 'characters' }
  if (number.length > kcpBytesMax.accountNumber) return { field: 'number', problem: 'length' }
  const problem = kcpTextProblem(holder, kcpBytesMax.holder) ?? (encodeCp949(holder) === null ? 'encoding' : null)
  return problem === null && holder !== '' ? null : { field: 'holder', problem: problem ?? 'length' }
}
