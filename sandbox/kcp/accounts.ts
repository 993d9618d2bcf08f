/** Accounts for the account check and for refunds; what is not here does not exist. The bank is not looked at. */
interface Account {
  readonly number: string
  readonly answer: 'HOLDER' | 'CLOSED' | 'TIMED_OUT'
  readonly holder: string
}

export const accounts: readonly Account[] = [
  { number: '110123456789', answer: 'HOLDER', holder: '홍길동' },
  { number: '110222333444', answer: 'HOLDER', holder: '홍길순' },
  { number: '100987654321', answer: 'HOLDER', holder: '주식회사전표상점' },
  { number: '110000000001', answer: 'CLOSED', holder: '홍길동' },
  { number: '110000000002', answer: 'TIMED_OUT', holder: '홍길동' },
]

export const findAccount = (number: string): Account | undefined =>
  accounts.find((account) => account.number === number)
