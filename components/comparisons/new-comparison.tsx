'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { layouts } from '#lib/domain/comparison.ts'
import { parseKstDate } from '#lib/domain/kst.ts'
import { comparedFields, neededFields, readFields, type FileField } from '#lib/domain/payment-import.ts'
import type { ComparisonChannelView } from '#lib/domain/views.ts'
import { AllMethodField, ColumnField } from '../imports/column-field.tsx'
import { fileProblem } from '../imports/import-flow.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Choice } from '../ui/choice.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { FileInput, tables } from '../ui/file-input.tsx'
import { useWords } from '../words.tsx'
import type { ComparisonActions } from './actions.ts'
import { Comparing, Progress } from './comparing.tsx'
import { fieldWords } from './comparison-words.ts'
import { UnreadRows } from './unread-rows.tsx'
import { useComparison, type Flow } from './use-comparison.ts'
import { useProceed } from './use-proceed.ts'

type Props = {
  readonly channels: readonly ComparisonChannelView[]
  readonly actions: ComparisonActions
}
type Of = { readonly flow: Flow }

/** A channel that is its account has that one's name. */
const channelWords = ({ store, account, name, pg, mid }: ComparisonChannelView): string =>
  [...new Set([store.name, account, name === mid ? account : name, `${pg} ${mid}`])].join(' · ')

/** A file, what its columns are and which days; then it is compared on a page of its own. */
export function NewComparison({ channels, actions }: Props) {
  const words = useWords()
  const { t, count } = words
  const router = useRouter()
  const flow = useComparison(actions)
  const { file, view, problem, uploading, reading, tooLarge } = flow
  const channel = channels.find(({ id }) => id === file?.channelId)
  const proceeding = useProceed(actions.proceed)
  const begin = async () => {
    const id = await flow.begin()
    if (id === null) return
    // Broken off, its own page goes on with it.
    await proceeding.run(id)
    router.push(`/comparisons/${id}`)
  }
  return (
    <div className="grid gap-5">
      {file && channel ? (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="font-medium break-all">{file.name}</span>
          <span className="text-soft">{channelWords(channel)}</span>
          <Button size="small" disabled={reading || flow.beginning || proceeding.going} onClick={flow.reset}>
            {t('comparisons.another')}
          </Button>
        </p>
      ) : (
        <Choose channels={channels} flow={flow} />
      )}
      {uploading ? (
        <Progress {...uploading} label={t('comparisons.file')}>
          {t('comparisons.uploading', { done: count(uploading.done), total: count(uploading.total) })}
        </Progress>
      ) : null}
      {reading ? <output className="text-soft">{t('comparisons.reading')}</output> : null}
      {tooLarge ? (
        <Callout tone="refused" live>
          {t('comparisons.tooLarge')}
        </Callout>
      ) : null}
      {problem ? (
        <Callout tone="refused" live>
          {problem.code === 'request.too_large' ? t('comparisons.tooLarge') : fileProblem(problem, words)}
        </Callout>
      ) : null}
      {proceeding.at ? <Comparing {...proceeding.at} /> : null}
      {view && !proceeding.going && !proceeding.at ? (
        <>
          <Columns flow={flow} />
          <Ready flow={flow} onBegin={() => void begin()} />
        </>
      ) : null}
    </div>
  )
}

function Choose({ channels, flow }: Of & Pick<Props, 'channels'>) {
  const { t } = useWords()
  const [channelId, setChannelId] = useState(channels[0]?.id ?? '')
  const busy = flow.uploading !== null || flow.reading
  return (
    <div className="grid max-w-xl gap-4">
      <SelectField
        label={t('comparisons.channel')}
        value={channelId}
        onChange={({ target }) => setChannelId(target.value)}
        disabled={busy}
      >
        {channels.map((channel) => (
          <option key={channel.id} value={channel.id}>
            {channelWords(channel)}
          </option>
        ))}
      </SelectField>
      <FileInput
        label={t('comparisons.file')}
        accept={tables}
        disabled={busy}
        onFile={(picked) => void flow.open(picked, channelId)}
      >
        <p className="text-faint">{t('comparisons.fileHint')}</p>
      </FileInput>
    </div>
  )
}

function Columns({ flow }: Of) {
  const words = useWords()
  const { t } = words
  const { view, meaning } = flow
  const fields = (some: readonly FileField[]) =>
    some.map((field) => (
      <ColumnField
        key={field}
        field={field}
        label={fieldWords(field, words)}
        needed={neededFields.some((one) => one === field)}
        file={view}
        title={meaning?.columns[field] ?? ''}
        disabled={flow.reading || flow.beginning}
        onChoose={(title) => flow.choose(field, title)}
      />
    ))
  return (
    <section className="grid gap-4" aria-label={t('imports.columns')}>
      <div className="grid gap-1">
        <h3 className="font-medium">{t('imports.columns')}</h3>
        <p className="max-w-3xl text-soft">{t('comparisons.columnsHint')}</p>
      </div>
      <div className="grid gap-x-6 gap-y-3 sm:grid-cols-2 lg:grid-cols-4">
        {fields(readFields)}
        {meaning?.columns.method === undefined ? (
          <AllMethodField
            value={meaning?.allMethod ?? null}
            disabled={flow.reading || flow.beginning}
            onChoose={(allMethod) => flow.change({ allMethod })}
          />
        ) : null}
      </div>
      <details>
        <summary className="w-fit text-accent">{t('imports.moreColumns')}</summary>
        <div className="grid gap-x-6 gap-y-3 pt-3 sm:grid-cols-2 lg:grid-cols-4">
          {fields(comparedFields.filter((field) => !readFields.includes(field)))}
        </div>
      </details>
      <Choice
        legend={t('comparisons.layout')}
        name="layout"
        value={meaning?.layout ?? null}
        onChange={(layout) => flow.change({ layout })}
        choices={layouts.map((value) => ({
          value,
          label: t(`comparisons.layoutOf.${value}`),
          hint: t(`comparisons.layoutHint.${value}`),
        }))}
      />
    </section>
  )
}

/** What was read, the days to compare, and the one button. */
function Ready({ flow, onBegin }: Of & { readonly onBegin: () => void }) {
  const words = useWords()
  const { t, count } = words
  const found = flow.view?.found ?? null
  if (!flow.complete) return <p className="text-waiting">{t('comparisons.incomplete')}</p>
  if (flow.stale || found === null)
    return (
      <Button
        look="primary"
        className="justify-self-start"
        disabled={flow.reading}
        onClick={() => void flow.readAgain()}
      >
        {flow.reading ? t('comparisons.reading') : t('comparisons.readAgain')}
      </Button>
    )
  return (
    <div className="grid gap-4">
      <Callout tone={found.unread > 0 ? 'waiting' : 'ended'}>
        <p>{t('comparisons.found', { rows: count(found.rows), transactions: count(found.transactions) })}</p>
        {found.unread > 0 ? <p>{t('comparisons.foundUnread', { count: count(found.unread) })}</p> : null}
      </Callout>
      {found.unreadOf.length > 0 ? <UnreadRows rows={found.unreadOf} /> : null}
      <div className="grid max-w-xl grid-cols-2 gap-4">
        <TextField
          label={t('comparisons.from')}
          type="date"
          value={flow.from ?? ''}
          onChange={({ target }) => {
            const from = parseKstDate(target.value)
            if (from !== null) flow.chooseDays({ from })
          }}
        />
        <TextField
          label={t('comparisons.to')}
          type="date"
          value={flow.to ?? ''}
          error={flow.daysWrong ? t('comparisons.daysWrong') : undefined}
          onChange={({ target }) => {
            const to = parseKstDate(target.value)
            if (to !== null) flow.chooseDays({ to })
          }}
        />
      </div>
      {found.days ? (
        <p className="text-meta text-faint">
          {t('comparisons.daysHint', { from: found.days.from, to: found.days.to })}
        </p>
      ) : null}
      <Button
        look="primary"
        className="justify-self-start"
        disabled={flow.daysWrong || flow.beginning || found.transactions === 0}
        onClick={onBegin}
      >
        {flow.beginning ? t('comparisons.reading') : t('comparisons.run')}
      </Button>
    </div>
  )
}
