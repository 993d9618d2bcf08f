import type { Metadata } from 'next'
import { ProblemState } from '#components/problem-state.tsx'
import { StoresPage } from '#components/stores/stores-page.tsx'
import { translator } from '#lib/i18n/translate.ts'
import { loadPage } from '#lib/server/page.ts'
import { listStores } from '#lib/services/stores/list-stores.ts'
import { resumeSendingAction, stopSendingAction, updateStoreAction } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('stores.title') }
}

export default async function Stores() {
  const loaded = await loadPage('store.view', listStores)
  if (!loaded.ok) return <ProblemState page problem={loaded.problem} />
  return (
    <StoresPage
      stores={loaded.value}
      actions={{ update: updateStoreAction, stop: stopSendingAction, resume: resumeSendingAction }}
    />
  )
}
