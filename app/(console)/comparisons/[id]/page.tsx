import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ComparisonPage } from '#components/comparisons/comparison-page.tsx'
import { ProblemState } from '#components/problem-state.tsx'
import { translator } from '#lib/i18n/translate.ts'
import { loadPage } from '#lib/server/page.ts'
import { getComparison } from '#lib/services/comparisons/list-comparisons.ts'
import {
  assignDifferenceAction,
  closeDifferenceAction,
  continueComparisonAction,
  explainDifferenceAction,
  recordDifferenceAction,
  takeDifferenceAction,
} from '../actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('comparisons.title') }
}

export default async function Comparison({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  const { id } = await params
  const loaded = await loadPage('comparison.view', (context) => getComparison(context, id))
  if (!loaded.ok && loaded.problem.code === 'comparison.not_found') notFound()
  if (!loaded.ok) return <ProblemState page problem={loaded.problem} />
  return (
    <ComparisonPage
      key={`${id} ${loaded.value.state}`}
      comparison={loaded.value}
      actions={{
        proceed: continueComparisonAction,
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
