import { DAY_MS, instant, kstDate, startOfDay, type Instant } from '#lib/domain/kst.ts'
import type { MethodType } from './payment.ts'

/** KSNET's `trno`, which PortOne shows as `pgTxId`: method, day number since 1999-12-29 KST, server digit, sequence. */
const leading: Record<MethodType, string> = {
  CARD: '1',
  EASY_PAY: '1',
  TRANSFER: '2',
  VIRTUAL_ACCOUNT: '6',
  MOBILE: 'M',
}
const dayZero = startOfDay(kstDate(instant(Date.UTC(1999, 11, 29))))
export const SEQUENCES = 1_000_000

export function trno(method: MethodType, at: Instant, sequence: number): string {
  const day = (startOfDay(kstDate(at)) - dayZero) / DAY_MS
  const four = String(day).padStart(4, '0').slice(-4)
  return `${leading[method]}${four}0${String(sequence % SEQUENCES).padStart(6, '0')}`
}

/** The sequence inside a trno, so that the next one can follow it. */
export const sequenceOf = (trno: string): number => Number(trno.slice(6))
