import type { Call, Operation } from './call.ts'
import { KcpError } from './codes.ts'
import { cancelPart, cancelWhole, closeByCancel } from './operations/cancel.ts'
import { cancelConfirmed } from './operations/escrow-confirmed.ts'
import { cancelAfterShipping, cancelBeforeShipping, closeEscrowAccount, hold, ship } from './operations/escrow.ts'
import { holder } from './operations/holder.ts'
import { inquire } from './operations/inquire.ts'
import { refundPart, refundWhole } from './operations/refund.ts'

const isUnpaidAccount = ({ state, fields }: Call): boolean => {
  const payment = state.payment(fields['tno'] ?? '')
  return payment?.status === 'ISSUED' && !payment.escrow
}

/** Under tx_cd 00200000, by `mod_type` (kcp.md 2.5, 3.2-3.6). */
const changes: ReadonlyMap<string, Operation> = new Map([
  ['STSC', cancelWhole],
  ['STPC', cancelPart],
  ['STHD', refundWhole],
  ['STPD', refundPart],
  ['STE1', ship],
  ['STE2', cancelBeforeShipping],
  ['STE3', hold],
  ['STE4', cancelAfterShipping],
  ['STE5', closeEscrowAccount],
  ['STSQ', inquire],
])

function change(call: Call): Operation {
  const modType = call.fields['mod_type'] ?? ''
  const operation = modType === 'STSC' && isUnpaidAccount(call) ? closeByCancel : changes.get(modType)
  if (!operation) throw new KcpError('8009', 'mod_type')
  return operation
}

function afterConfirmation(call: Call): Operation {
  if (call.fields['mod_type'] !== 'STE9') throw new KcpError('8009', 'mod_type')
  return cancelConfirmed
}

/** The operation that a request by module asks for. */
export function operationByModule(call: Call): Operation {
  const { accoTxCd, accoSubset } = call.state.settings
  if (call.txCd === '00200000') return change(call)
  if (call.txCd === '70200200') return afterConfirmation(call)
  if (call.txCd !== accoTxCd) throw new KcpError('8004')
  if (!call.payx[accoSubset]) throw new KcpError('8005')
  return holder
}

/** `/gw/mod/v1/cancel` has two documented messages; the rest is an inference (5.6), and only there where it is switched on. */
export function operationByRest(call: Call): Operation {
  const modType = call.fields['mod_type'] ?? ''
  if (modType === 'STSC' || modType === 'STPC') return change(call)
  if (!call.state.settings.restUndocumented || modType === 'STSQ') throw new KcpError('SBX2')
  return modType === 'STE9' ? cancelConfirmed : change(call)
}
