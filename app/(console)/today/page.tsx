import type { Metadata } from 'next'
import { TodayPage } from '#components/today/today-page.tsx'
import { translator } from '#lib/i18n/translate.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('today.title') }
}

export default function Today() {
  return <TodayPage />
}
