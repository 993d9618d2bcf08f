'use server'
import { after } from 'next/server'
import { action } from '#lib/server/action.ts'
import { contextOf } from '#lib/server/context.ts'
import {
  cancelReceipt,
  CancelReceipt,
  issueReceipt,
  IssueReceipt,
  type Ordered,
} from '#lib/services/cash-receipts/order-receipt.ts'
import { sendReceipt } from '#lib/services/cash-receipts/send-receipt.ts'
import { revokeReceipt, RevokeReceipt, shareReceipt, ShareReceipt } from '#lib/services/receipts/share-receipt.ts'

/** The order is committed: this process sends it, and the worker asks about what stays unanswered. */
function sent({ id, claim }: Ordered): { id: string } {
  if (claim) after(() => sendReceipt(contextOf({ kind: 'system', name: 'worker' }), claim))
  return { id }
}

export const cancelCashReceiptAction = action({
  name: 'cash_receipt.cancel',
  input: CancelReceipt,
  limit: 'money',
  run: async (context, input) => sent(await cancelReceipt(context, input)),
})
export const issueCashReceiptAction = action({
  name: 'cash_receipt.issue',
  input: IssueReceipt,
  limit: 'money',
  run: async (context, input) => sent(await issueReceipt(context, input)),
})
export const shareReceiptAction = action({
  name: 'receipt.share',
  input: ShareReceipt,
  limit: 'write',
  run: shareReceipt,
})
export const revokeReceiptAction = action({
  name: 'receipt.share',
  input: RevokeReceipt,
  limit: 'write',
  run: revokeReceipt,
})
