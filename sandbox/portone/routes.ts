import { PortOneError } from './errors.ts'
import { accountHolder } from './operations/account-holder.ts'
import { banks } from './operations/banks.ts'
import { cancel } from './operations/cancel.ts'
import { cancelCashReceipt, cashReceipt, issueCashReceipt } from './operations/cash-receipts.ts'
import { close } from './operations/close.ts'
import { cursor, events } from './operations/cursor.ts'
import { modifyEscrow, registerEscrow } from './operations/escrow.ts'
import { inquire } from './operations/inquire.ts'
import { list } from './operations/list.ts'
import type { Operation } from './operation.ts'

/** PortOne REST V2 1.16, as far as this stand-in speaks it. */
export const operations: readonly Operation[] = [
  inquire,
  list,
  cursor,
  events,
  cancel,
  registerEscrow,
  modifyEscrow,
  close,
  issueCashReceipt,
  cashReceipt,
  cancelCashReceipt,
  accountHolder,
  banks,
]

export interface Route {
  readonly operation: Operation
  readonly params: ReadonlyMap<string, string>
}

/** Split first, then decoded: an id may hold a slash of its own. */
export function findRoute(method: string, encodedPath: string): Route | null {
  const pieces = encodedPath.split('/').slice(1)
  for (const operation of operations) {
    const params = operation.method === method ? match(operation.path.split('/').slice(1), pieces) : null
    if (params) return { operation, params }
  }
  return null
}

function match(pattern: readonly string[], pieces: readonly string[]): ReadonlyMap<string, string> | null {
  if (pattern.length !== pieces.length) return null
  const params = new Map<string, string>()
  for (const [index, wanted] of pattern.entries()) {
    const piece = pieces[index] ?? ''
    if (!wanted.startsWith(':')) {
      if (wanted !== piece) return null
    } else if (piece === '') return null
    else params.set(wanted.slice(1), decode(piece))
  }
  return params
}

function decode(piece: string): string {
  try {
    return decodeURIComponent(piece)
  } catch {
    throw new PortOneError('INVALID_REQUEST', `${piece} is not percent-encoded text`)
  }
}
