import { randomUUID } from 'node:crypto'
import { findAccount } from '../accounts.ts'
import { bankNames, retailBanks } from '../banks.ts'
import { PortOneError } from '../errors.ts'
import { param, readOnly, type Operation } from '../operation.ts'

/** PortOne REST V2 1.16, `/platform/bank-accounts/{bank}/{accountNumber}/holder`: a part of the platform product. */
export const accountHolder: Operation = {
  name: 'holder',
  method: 'GET',
  path: '/platform/bank-accounts/:bank/:accountNumber/holder',
  run(call) {
    if (!call.state.settings.platform) throw new PortOneError('PLATFORM_NOT_ENABLED', 'the platform product is off')
    const [bank, number] = [param(call, 'bank'), param(call, 'accountNumber')]
    checkInput(bank, number, call.query)
    const account = findAccount(number)
    if (account?.answer === 'TIMED_OUT') {
      throw new PortOneError('PLATFORM_EXTERNAL_API_TEMPORARILY_FAILED', 'the bank did not answer in time')
    }
    if (account?.answer !== 'HOLDER') {
      throw new PortOneError('PLATFORM_EXTERNAL_API_FAILED', 'the account is closed or does not exist')
    }
    return readOnly({ holderName: account.holder, accountVerificationId: randomUUID() })
  },
}

function checkInput(bank: string, number: string, query: URLSearchParams): void {
  if (!bankNames.has(bank)) throw new PortOneError('INVALID_REQUEST', `bank: no ${bank}`)
  if (!retailBanks.has(bank)) throw new PortOneError('PLATFORM_NOT_SUPPORTED_BANK', `${bank} is not supported`)
  if (!/^\d+$/.test(number)) throw new PortOneError('INVALID_REQUEST', 'accountNumber: digits only, without dashes')
  if (query.has('birthdate') && query.has('businessRegistrationNumber')) {
    throw new PortOneError('INVALID_REQUEST', 'birthdate or businessRegistrationNumber, not both')
  }
}
