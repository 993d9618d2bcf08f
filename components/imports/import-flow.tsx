'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { importFields, neededFields, type ImportField } from '#lib/domain/payment-import.ts'
import type { ImportsView } from '#lib/domain/views.ts'
import type { Said, Words } from '#lib/i18n/words.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { SelectField } from '../ui/field.tsx'
import { FileInput, tables } from '../ui/file-input.tsx'
import { useWords } from '../words.tsx'
import type { ImportActions } from './actions.ts'
import { AllMethodField, ColumnField } from './column-field.tsx'
import { ImportRows, Summary } from './import-rows.tsx'
import { useImport, type Import } from './use-import.ts'

type Props = { readonly accounts: ImportsView['accounts']; readonly actions: ImportActions }
type Of = { readonly flow: Import }

/** First what the file says and what would happen, row by row; then it happens, and every row says what became of it. */
export function ImportFlow({ accounts, actions }: Props) {
  const words = useWords()
  const { t } = words
  const router = useRouter()
  const flow = useImport(actions)
  const send = async () => {
    await flow.send()
    router.refresh()
  }
  const { file, view, rows, problem, brokenOff, tooLarge } = flow
  return (
    <div className="grid gap-5">
      {view && file ? (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="font-medium break-all">{file.name}</span>
          <span className="text-soft">{accountWords(accounts.find(({ id }) => id === file.accountId))}</span>
          <Button size="small" disabled={flow.sending || flow.reading} onClick={flow.reset}>
            {t('imports.another')}
          </Button>
        </p>
      ) : (
        <Choose accounts={accounts} flow={flow} />
      )}
      {tooLarge ? (
        <Callout tone="refused" live>
          {t('escrowBoard.file_too_large')}
        </Callout>
      ) : null}
      {problem ? (
        <Callout tone={brokenOff ? 'waiting' : 'refused'} title={brokenOff ? words.problem(problem) : undefined} live>
          {brokenOff ? t('imports.brokenOff') : fileProblem(problem, words)}
        </Callout>
      ) : null}
      {view && !flow.started ? <Columns flow={flow} /> : null}
      {rows && !flow.stale ? (
        <>
          <Summary rows={rows} flow={flow} onSend={() => void send()} />
          <ImportRows rows={rows} results={flow.results} />
        </>
      ) : null}
    </div>
  )
}

const accountWords = (account: ImportsView['accounts'][number] | undefined): string =>
  account === undefined ? '' : `${account.store.name} · ${account.name}`

function Choose({ accounts, flow }: Of & { readonly accounts: Props['accounts'] }) {
  const { t } = useWords()
  const [accountId, setAccountId] = useState(accounts[0]?.id ?? '')
  return (
    <div className="grid max-w-xl gap-4">
      <SelectField
        label={t('imports.account')}
        value={accountId}
        onChange={({ target }) => setAccountId(target.value)}
        disabled={flow.reading}
      >
        {accounts.map((account) => (
          <option key={account.id} value={account.id}>
            {accountWords(account)}
          </option>
        ))}
      </SelectField>
      <FileInput
        label={t('imports.file')}
        accept={tables}
        disabled={flow.reading}
        onFile={(picked) => void flow.open(picked, accountId)}
      >
        <p className="text-faint">{t('imports.fileHint')}</p>
      </FileInput>
      {flow.reading ? <output className="text-soft">{t('escrowBoard.reading')}</output> : null}
    </div>
  )
}

export function fileProblem({ code, facts }: Said, words: Words): string {
  const otherwise = words.problem({ code, facts })
  if (code === 'request.too_large') return words.t('escrowBoard.file_too_large')
  if (code !== 'upload.unreadable') return otherwise
  const reason = String(facts['reason'])
  const known = words.sentence(`escrowBoard.unreadable.${reason}`, facts, otherwise)
  return words.sentence(`imports.unreadable.${reason}`, facts, known)
}

/** Asked first; the others are good to have. */
const first: ReadonlySet<ImportField> = new Set([...neededFields, 'approvedTime', 'method', 'status'])

function Columns({ flow }: Of) {
  const { t } = useWords()
  const more = importFields.filter((field) => !first.has(field))
  return (
    <section className="grid gap-3" aria-label={t('imports.columns')}>
      <h3 className="font-medium">{t('imports.columns')}</h3>
      <p className="max-w-3xl text-soft">{t('imports.columnsHint')}</p>
      <div className="grid gap-x-6 gap-y-3 sm:grid-cols-2 lg:grid-cols-3">
        {importFields
          .filter((field) => first.has(field))
          .map((field) => (
            <Column key={field} field={field} flow={flow} />
          ))}
        {flow.chosen.columns.method === undefined ? (
          <AllMethodField value={flow.chosen.allMethod} disabled={flow.reading} onChoose={flow.chooseMethod} />
        ) : null}
      </div>
      <details>
        <summary className="w-fit text-accent">{t('imports.moreColumns')}</summary>
        <div className="grid gap-x-6 gap-y-3 pt-3 sm:grid-cols-2 lg:grid-cols-3">
          {more.map((field) => (
            <Column key={field} field={field} flow={flow} />
          ))}
        </div>
      </details>
      {flow.complete ? null : <p className="text-waiting">{t('imports.incomplete')}</p>}
      {flow.stale || flow.rows === null ? (
        <Button
          look="primary"
          className="justify-self-start"
          disabled={!flow.complete || flow.reading}
          onClick={() => void flow.read()}
        >
          {flow.reading ? t('escrowBoard.reading') : t('imports.preview')}
        </Button>
      ) : null}
    </section>
  )
}

function Column({ field, flow }: Of & { readonly field: ImportField }) {
  const { t } = useWords()
  const { view, chosen } = flow
  return (
    <ColumnField
      field={field}
      label={t(`imports.field.${field}`)}
      needed={neededFields.includes(field)}
      file={view}
      title={chosen.columns[field] ?? ''}
      disabled={flow.reading}
      onChoose={(title) => flow.choose(field, title)}
    />
  )
}
