'use client'

import type { ImportsView } from '#lib/domain/views.ts'
import { TestEdge } from '../frame/environment-badge.tsx'
import { useStore } from '../frame/use-store.ts'
import type { TokenActions } from '../tokens/actions.ts'
import { TokensSection } from '../tokens/tokens-section.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Section } from '../ui/section.tsx'
import { useWords } from '../words.tsx'
import type { ImportActions } from './actions.ts'
import { ImportFlow } from './import-flow.tsx'

type Props = {
  readonly listed: ImportsView
  readonly actions: { readonly files: ImportActions; readonly tokens: TokenActions }
}

/** Payments that no gateway tells of by itself: from a file, or from the shop's own server. */
export function ImportsPage({ listed, actions }: Props) {
  const { t } = useWords()
  const { store } = useStore()
  const accounts = listed.accounts.filter((account) => store === '' || account.store.id === store)
  return (
    <>
      <TestEdge shown={accounts.some(({ environment }) => environment !== 'live')} />
      <PageHead title={t('imports.title')} note={t('imports.note')} />
      <Section title={t('imports.fromFile')}>
        {accounts.length === 0 ? (
          <p className="max-w-3xl text-soft">{t('imports.noAccount')}</p>
        ) : (
          <ImportFlow key={store} accounts={accounts} actions={actions.files} />
        )}
      </Section>
      <Section title={t('imports.recent')}>
        <Recent imports={listed.imports} />
      </Section>
      <TokensSection listed={listed} actions={actions.tokens} />
    </>
  )
}

function Recent({ imports }: Pick<ImportsView, 'imports'>) {
  const words = useWords()
  const { t, count } = words
  if (imports.length === 0) return <p className="text-soft">{t('imports.noRecent')}</p>
  return (
    <ul aria-label={t('imports.recent')} className="border-t border-line">
      {imports.map((one) => (
        <li key={one.id} className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 border-b border-line py-2">
          <span className="min-w-0 flex-1 basis-60">
            <span className="font-medium break-all">{one.fileName}</span>
            <span className="block text-meta text-soft">
              {[one.store, one.account, one.by, words.instant(one.at)].filter(Boolean).join(' · ')}
            </span>
          </span>
          <span>
            {t('imports.became', {
              added: count(one.added),
              known: count(one.known),
              failed: count(one.failed),
              rows: count(one.rows),
            })}
          </span>
        </li>
      ))}
    </ul>
  )
}
