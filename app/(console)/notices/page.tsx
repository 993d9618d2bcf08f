import type { Metadata } from 'next'
import { BulletinsPage } from '#components/bulletins/bulletins-page.tsx'
import { ProblemState } from '#components/problem-state.tsx'
import { translator } from '#lib/i18n/translate.ts'
import { loadPage } from '#lib/server/page.ts'
import { listBulletins } from '#lib/services/bulletins/list-bulletins.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('bulletins.title') }
}

export default async function Notices() {
  const loaded = await loadPage('bulletin.view', listBulletins)
  return loaded.ok ? <BulletinsPage view={loaded.value} /> : <ProblemState page problem={loaded.problem} />
}
