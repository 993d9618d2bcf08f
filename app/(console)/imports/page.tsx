import type { Metadata } from 'next'
import { ImportsPage } from '#components/imports/imports-page.tsx'
import { ProblemState } from '#components/problem-state.tsx'
import { translator } from '#lib/i18n/translate.ts'
import { loadPage } from '#lib/server/page.ts'
import { listImports } from '#lib/services/imports/list-imports.ts'
import { createTokenAction, importPaymentsAction, previewImportAction, revokeTokenAction } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('imports.title') }
}

export default async function Imports() {
  const loaded = await loadPage('payment.import', listImports)
  if (!loaded.ok) return <ProblemState page problem={loaded.problem} />
  return (
    <ImportsPage
      listed={loaded.value}
      actions={{
        files: { preview: previewImportAction, take: importPaymentsAction },
        tokens: { create: createTokenAction, revoke: revokeTokenAction },
      }}
    />
  )
}
