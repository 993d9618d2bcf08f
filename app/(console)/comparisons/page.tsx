import type { Metadata } from 'next'
import { ComparisonsPage } from '#components/comparisons/comparisons-page.tsx'
import { ProblemState } from '#components/problem-state.tsx'
import { translator } from '#lib/i18n/translate.ts'
import { loadPage } from '#lib/server/page.ts'
import { listComparisons } from '#lib/services/comparisons/list-comparisons.ts'
import {
  assignDifferenceAction,
  closeDifferenceAction,
  continueComparisonAction,
  explainDifferenceAction,
  previewComparisonAction,
  recordDifferenceAction,
  startComparisonAction,
  takeDifferenceAction,
  uploadComparisonPartAction,
} from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('comparisons.title') }
}

export default async function Comparisons() {
  const loaded = await loadPage('comparison.view', listComparisons)
  if (!loaded.ok) return <ProblemState page problem={loaded.problem} />
  return (
    <ComparisonsPage
      listed={loaded.value}
      actions={{
        files: {
          upload: uploadComparisonPartAction,
          preview: previewComparisonAction,
          start: startComparisonAction,
          proceed: continueComparisonAction,
        },
        differences: {
          assign: assignDifferenceAction,
          explain: explainDifferenceAction,
          close: closeDifferenceAction,
          record: recordDifferenceAction,
          take: takeDifferenceAction,
        },
      }}
    />
  )
}
