import type { Layout } from '#lib/gateways/wire/fixed-length.ts'
import type { Call } from '../cancelling.ts'
import { alreadyCancelled, KsnetError } from '../codes.ts'
import type { Done, OperationName } from '../desk.ts'

type Fields = Readonly<Record<string, string>>

export interface Asked {
  /** The approval type. */
  readonly type: string
  readonly fields: Fields
  readonly head: Fields
}

/** What was done, in the fields of the answer's record; the order number it belongs to goes into the head. */
type Ran = Omit<Done, 'answer'> & { readonly values: Fields; readonly orderNo: string | null }

/** Socket messages with the same records. */
export interface Family {
  readonly operation: OperationName
  /** Of any of these sizes; none: whatever it is. */
  readonly requests: readonly Layout[]
  readonly answer: Layout
  /** Throws a `KsnetError`. */
  run(call: Call, asked: Asked): Ran
  /** What the answer's record says of a refusal, beside type, number, date and Status X. */
  refused(error: KsnetError): Fields
}

/** Status O, although nothing was done: the trap of the log. Its head has no order number. */
export const already = (trno: string, payment = trno, said: Fields = twoMessages): Ran => ({
  values: { transactionNo: trno, status: 'O', ...said },
  orderNo: null,
  events: [],
  effect: 'declined',
  payment,
  code: 'P10Q',
})

const twoMessages: Fields = { message1: alreadyCancelled[0], message2: alreadyCancelled[1] }

/** The log is of cards; anything else is answered alike, or declined where the settings say so. */
export function alreadyElse({ state }: Call, trno: string, payment = trno, said: Fields = twoMessages): Ran {
  if (state.settings.alreadyCancelled === 'X') throw new KsnetError('7001')
  return already(trno, payment, said)
}
