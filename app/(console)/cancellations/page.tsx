import type { Metadata } from 'next'
import { CancellationList } from '#components/cancellations/cancellation-list.tsx'
import { translator } from '#lib/i18n/translate.ts'
import { uploadEvidenceAction, withdrawCancellationAction } from '../payments/actions.ts'
import {
  approveCancellationAction,
  askNowAction,
  decideResolutionAction,
  proposeResolutionAction,
  rejectCancellationAction,
} from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('cancellations.title') }
}

export default function Cancellations() {
  return (
    <CancellationList
      actions={{
        askNow: askNowAction,
        withdraw: withdrawCancellationAction,
        approve: approveCancellationAction,
        reject: rejectCancellationAction,
        propose: proposeResolutionAction,
        decide: decideResolutionAction,
        upload: uploadEvidenceAction,
      }}
    />
  )
}
