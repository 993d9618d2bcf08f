import { banks, type BankCode } from '#lib/domain/banks.ts'

type PortoneBank = (typeof banks)[number]['portone']
const names: ReadonlyMap<BankCode, PortoneBank> = new Map(banks.map(({ code, portone }) => [code, portone]))

/** PortOne's name of a bank (REST V2 1.16, enum `Bank`). */
export function portoneBank(code: BankCode): PortoneBank {
  const name = names.get(code)
  if (name === undefined) throw new Error(`PortOne has no bank ${code}`)
  return name
}
