'use server'
import { after } from 'next/server'
import { action } from '#lib/server/action.ts'
import { contextOf } from '#lib/server/context.ts'
import {
  approveCancellation,
  ApproveCancellation,
  rejectCancellation,
  RejectCancellation,
} from '#lib/services/cancellations/approve-cancellation.ts'
import { askNow, AskNow } from '#lib/services/cancellations/ask-now.ts'
import {
  decideResolution,
  DecideResolution,
  proposeResolution,
  ProposeResolution,
} from '#lib/services/cancellations/resolve-cancellation.ts'
import { sendCancellation } from '#lib/services/cancellations/send-cancellation.ts'

export const approveCancellationAction = action({
  name: 'cancellation.approve',
  input: ApproveCancellation,
  limit: 'money',
  run: async (context, input) => {
    const approved = await approveCancellation(context, input)
    after(() => sendCancellation(contextOf({ kind: 'system', name: 'worker' }), approved.id))
    return approved
  },
})
export const rejectCancellationAction = action({
  name: 'cancellation.reject',
  input: RejectCancellation,
  limit: 'money',
  run: rejectCancellation,
})
export const askNowAction = action({ name: 'cancellation.asked', input: AskNow, limit: 'gateway', run: askNow })
export const proposeResolutionAction = action({
  name: 'cancellation.resolve',
  input: ProposeResolution,
  limit: 'money',
  run: proposeResolution,
})
export const decideResolutionAction = action({
  name: 'cancellation.resolve',
  input: DecideResolution,
  limit: 'money',
  run: decideResolution,
})
