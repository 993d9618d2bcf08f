import 'server-only'
import { DomainError } from '#lib/domain/problem.ts'
import type { BankAccount } from '#lib/gateways/connector.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
import type { GatewayAccount } from '#prisma/client/client.ts'

/**
 * Before anything is asked: what a gateway cannot be told would be cut or lost on the way, in the question or in the refund
 * itself (rules ACCOUNT-FIELDS, ACCOUNT-CHARS, ACCOUNT-ENCODING). Fails with: account_check.unsayable (facts.field, facts.problem).
 */
export function refuseUnsayable(
  accounts: readonly Pick<GatewayAccount, 'gateway' | 'mode'>[],
  told: BankAccount,
): void {
  for (const account of accounts) {
    const found = connectorOf(account).accountProblem?.(told)
    if (found) throw new DomainError('account_check.unsayable', { field: found.field, problem: found.problem })
  }
}
