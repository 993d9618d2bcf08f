'use server'
import { after } from 'next/server'
import { action } from '#lib/server/action.ts'
import { contextOf } from '#lib/server/context.ts'
import { checkAccount, CheckAccount } from '#lib/services/account-checks/check-account.ts'
import {
  confirmAccountProof,
  ConfirmAccountProof,
  proposeAccountProof,
  ProposeAccountProof,
} from '#lib/services/account-checks/people-proof.ts'
import { uploadEvidence, UploadEvidence } from '#lib/services/evidence/evidence.ts'
import { decideDeposit, DecideDeposit } from '#lib/services/deposits/decide-deposit.ts'
import { requestCancellation, RequestCancellation } from '#lib/services/cancellations/request-cancellation.ts'
import { sendCancellation } from '#lib/services/cancellations/send-cancellation.ts'
import { withdrawCancellation, WithdrawCancellation } from '#lib/services/cancellations/withdraw-cancellation.ts'
import { addMemo, AddMemo } from '#lib/services/payments/add-memo.ts'
import { lookUpPayment, LookUpPayment, refreshPayment, RefreshPayment } from '#lib/services/payments/look-up-payment.ts'
import { recordHandRefund, RecordHandRefund } from '#lib/services/payments/record-hand-refund.ts'
import { revealPersonal, RevealPersonal } from '#lib/services/payments/reveal-personal.ts'

export const requestCancellationAction = action({
  name: 'cancellation.request',
  input: RequestCancellation,
  limit: 'money',
  run: async (context, input) => {
    const made = await requestCancellation(context, input)
    // The intent is committed: this process tries at once, the job in the queue is the net.
    after(() => sendCancellation(contextOf({ kind: 'system', name: 'worker' }), made.id))
    return made
  },
})

export const withdrawCancellationAction = action({
  name: 'cancellation.withdraw',
  input: WithdrawCancellation,
  limit: 'money',
  run: withdrawCancellation,
})
export const lookUpPaymentAction = action({
  name: 'payment.look_up',
  input: LookUpPayment,
  limit: 'gateway',
  run: lookUpPayment,
})
export const refreshPaymentAction = action({
  name: 'payment.refresh',
  input: RefreshPayment,
  limit: 'gateway',
  run: refreshPayment,
})

export const checkAccountAction = action({
  name: 'account_check.create',
  input: CheckAccount,
  limit: 'gateway',
  run: checkAccount,
})
export const proposeAccountProofAction = action({
  name: 'account_check.create',
  input: ProposeAccountProof,
  limit: 'write',
  run: proposeAccountProof,
})
export const confirmAccountProofAction = action({
  name: 'account_check.confirm',
  input: ConfirmAccountProof,
  limit: 'write',
  run: confirmAccountProof,
})
export const uploadEvidenceAction = action({
  name: 'evidence.upload',
  input: UploadEvidence,
  limit: 'write',
  run: uploadEvidence,
})

export const decideDepositAction = action({
  name: 'deposit.confirm',
  input: DecideDeposit,
  limit: 'write',
  run: decideDeposit,
})

export const revealPersonalAction = action({
  name: 'personal.reveal',
  input: RevealPersonal,
  limit: 'write',
  run: revealPersonal,
})
export const addMemoAction = action({ name: 'payment.note', input: AddMemo, limit: 'write', run: addMemo })
export const recordHandRefundAction = action({
  name: 'refund.by_hand',
  input: RecordHandRefund,
  limit: 'money',
  run: recordHandRefund,
})
