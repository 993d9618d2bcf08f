import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PaymentDetail } from '#components/payments/payment-detail.tsx'
import { ProblemState } from '#components/problem-state.tsx'
import { translator } from '#lib/i18n/translate.ts'
import { loadPage } from '#lib/server/page.ts'
import { getPayment } from '#lib/services/payments/get-payment.ts'
import {
  addMemoAction,
  checkAccountAction,
  confirmAccountProofAction,
  decideDepositAction,
  proposeAccountProofAction,
  recordHandRefundAction,
  refreshPaymentAction,
  requestCancellationAction,
  revealPersonalAction,
  uploadEvidenceAction,
  withdrawCancellationAction,
} from '../actions.ts'
import {
  cancelCashReceiptAction,
  issueCashReceiptAction,
  revokeReceiptAction,
  shareReceiptAction,
} from '../../receipts/actions.ts'
import {
  endShipmentAction,
  holdSettlementAction,
  markEscrowAction,
  requestShipmentAction,
} from '../../escrow/actions.ts'
import { resolveTaskAction } from '../../tasks/actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('list.title') }
}

export default async function Payment({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  const { id } = await params
  const loaded = await loadPage('payment.view', (context) => getPayment(context, id))
  if (!loaded.ok && loaded.problem.code === 'payment.not_found') notFound()
  if (!loaded.ok) return <ProblemState page problem={loaded.problem} />
  return (
    <PaymentDetail
      key={id}
      initial={loaded.value}
      actions={{
        refresh: refreshPaymentAction,
        cancel: requestCancellationAction,
        withdraw: withdrawCancellationAction,
        account: {
          check: checkAccountAction,
          propose: proposeAccountProofAction,
          confirm: confirmAccountProofAction,
          upload: uploadEvidenceAction,
        },
        shipping: {
          request: requestShipmentAction,
          hold: holdSettlementAction,
          end: endShipmentAction,
          mark: markEscrowAction,
        },
        staff: { reveal: revealPersonalAction, note: addMemoAction, byHand: recordHandRefundAction },
        resolveTask: resolveTaskAction,
        decideDeposit: decideDepositAction,
        cashReceipt: { cancel: cancelCashReceiptAction, issue: issueCashReceiptAction },
        receiptLink: { share: shareReceiptAction, revoke: revokeReceiptAction },
      }}
    />
  )
}
