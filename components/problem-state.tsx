'use client'

import type { ReactNode } from 'react'
import type { Said } from '#lib/i18n/words.ts'
import { ProblemError } from './fetch-json.ts'
import { lost } from './use-action.ts'
import { Button } from './ui/button.tsx'
import { State } from './ui/state.tsx'
import { useWords } from './words.tsx'

export const problemOf = (error: unknown): Said => (error instanceof ProblemError ? error.problem : lost)

/** Instead of a page: who may see it, or what went wrong and how to go on. */
export function ProblemState({
  problem,
  retry,
  page = false,
}: {
  readonly problem: Said
  readonly retry?: () => void
  readonly page?: boolean
}): ReactNode {
  const words = useWords()
  const { t } = words
  if (problem.code === 'permission.missing') {
    return (
      <State page={page} title={t('denied.title')}>
        <p>{t('denied.needs', { permission: words.permission(String(problem.facts['permission'] ?? '')) })}</p>
        <p>{t('denied.holders', { who: words.roles(String(problem.facts['who'] ?? 'OWNER')) })}</p>
        <p>{t('denied.grant')}</p>
      </State>
    )
  }
  return (
    <State
      page={page}
      title={t('problem.title')}
      actions={retry ? <Button onClick={retry}>{t('common.retry')}</Button> : null}
    >
      <p role="alert">{words.problem(problem)}</p>
    </State>
  )
}
