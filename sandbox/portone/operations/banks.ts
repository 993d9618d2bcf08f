import { bankNames } from '../banks.ts'
import { readOnly, type Operation } from '../operation.ts'

export const banks: Operation = {
  name: 'banks',
  method: 'GET',
  path: '/banks',
  public: true,
  run: () => readOnly({ items: [...bankNames].map(([bank, ko]) => ({ bank, name: { ko } })) }),
}
