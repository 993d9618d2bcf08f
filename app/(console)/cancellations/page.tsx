import type { Metadata } from 'next'
import { CancellationList } from '#components/cancellations/cancellation-list.tsx'
import { translator } from '#lib/i18n/translate.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('cancellations.title') }
}

export default function Cancellations() {
  return <CancellationList />
}
