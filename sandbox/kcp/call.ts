import type { Instant } from '#lib/domain/kst.ts'
import type { Effect } from '../journal.ts'
import { KcpError, type Code } from './codes.ts'
import type { Site } from './merchant.ts'
import type { Payment } from './payment.ts'
import type { KcpEvent, KcpState } from './state.ts'
import type { Fields } from './wire.ts'

/** One request, by either way, of a merchant who has proven to be it. */
export interface Call {
  readonly state: KcpState
  readonly now: Instant
  readonly way: 'module' | 'rest'
  readonly site: Site
  /** Empty by REST, where the address says it. */
  readonly txCd: string
  /** `mod_data`, or the JSON body. */
  readonly fields: Fields
  readonly payx: Readonly<Record<string, Fields>>
  readonly orderIdxx: string
}

/** What an operation did: what must be written before the answer may leave. */
export interface Done {
  readonly answer: Fields
  readonly events: readonly KcpEvent[]
  readonly effect: Effect
  readonly payment: string | null
  readonly amount?: number
}

export interface Operation {
  /** The name by which faults and the journal know it. */
  readonly name: 'cancel' | 'close' | 'escrow' | 'hold' | 'inquire' | 'holder'
  /** Throws a `KcpError`. */
  run(call: Call): Done
}

export const operationNames = ['cancel', 'close', 'escrow', 'hold', 'inquire', 'holder', 'unreadable'] as const

export const succeeded: Fields = { res_cd: '0000', res_msg: '정상처리', res_en_msg: 'processing completed' }

export function findPayment(call: Call): Payment {
  const tno = call.fields['tno'] ?? ''
  if (!/^\d{14}$/.test(tno)) throw new KcpError('8072')
  const payment = call.state.payment(tno)
  if (!payment || payment.siteCd !== call.site.siteCd) throw new KcpError('8061')
  return payment
}

/** Whole won; `wrong` where it is no such number. */
export function amountIn(fields: Fields, name: string, wrong: Code): number {
  const text = fields[name] ?? ''
  if (!/^\d{1,12}$/.test(text)) throw new KcpError(wrong, `${name}: ${text === '' ? '누락' : '숫자 아님'}`)
  return Number(text)
}
