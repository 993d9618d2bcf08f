'use client'

import { clsx } from 'clsx'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { touchOf, type Bulletin, type Stage, type Touch } from '#lib/domain/dated/bulletins.ts'
import { covers } from '#lib/domain/dated/dated.ts'
import { parseKstDate, type KstDate } from '#lib/domain/kst.ts'
import type { BulletinsView } from '#lib/domain/views.ts'
import { useStore } from '../frame/use-store.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Mark } from '../ui/mark.tsx'
import { useWords } from '../words.tsx'
import { ConflictLine, SourceLine, spanText } from './dated-words.tsx'
import { TouchedChannels, toneOf } from './touched-channels.tsx'

type Props = {
  readonly bulletin: Bulletin
  readonly channels: BulletinsView['channels']
  readonly storeName: string
  readonly today: KstDate
  readonly onDay: (day: KstDate) => void
  readonly onMode: () => void
}

const gravest = (touches: readonly Touch[]): Touch =>
  touches.includes('touched') ? 'touched' : touches.includes('check') ? 'check' : 'untouched'

/** One bulletin: what changed when, for which of the channels in view, and what to change there. */
export function BulletinSection({ bulletin, channels, storeName, today, onDay, onMode }: Props) {
  const words = useWords()
  const { t, sentence } = words
  const overall = gravest(channels.map((channel) => touchOf(bulletin.id, channel).touch))
  return (
    <section
      aria-labelledby={`bulletin-${bulletin.id}`}
      className="border-b border-line py-5 first-of-type:pt-1 last-of-type:border-b-0"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 id={`bulletin-${bulletin.id}`} className="text-lead font-semibold">
          {t(`bulletins.${bulletin.id}.title`)}
        </h2>
        <Mark tone={toneOf[overall]}>{t(`bulletins.overall.${overall}`)}</Mark>
      </div>
      <p className="max-w-3xl pt-1 pb-4 text-soft">{t(`bulletins.${bulletin.id}.what`)}</p>
      <div className="grid gap-x-10 gap-y-6 lg:grid-cols-2">
        <div className="grid content-start gap-6">
          <Timetable bulletin={bulletin} today={today} onDay={onDay} />
          <TouchedChannels bulletin={bulletin} channels={channels} storeName={storeName} />
        </div>
        <div className="grid content-start gap-6">
          <Steps bulletin={bulletin} />
          <Part title={t('bulletins.asides')}>
            <ul className="grid list-disc gap-1.5 pl-5">
              {bulletin.asides.map((aside) => (
                <li key={aside}>{sentence(`bulletins.${bulletin.id}.aside.${aside}`, {}, aside)}</li>
              ))}
            </ul>
          </Part>
          <Foot bulletin={bulletin} onMode={onMode} />
        </div>
      </div>
    </section>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <h3 className="pb-2 text-meta font-medium text-soft">{title}</h3>
      {children}
    </div>
  )
}

function Timetable({ bulletin, today, onDay }: Pick<Props, 'bulletin' | 'today' | 'onDay'>) {
  const { t } = useWords()
  return (
    <Part title={t('bulletins.timetable')}>
      <ol className="border-t border-line">
        {bulletin.stages.map((stage) => (
          <StageRow key={stage.id} id={bulletin.id} stage={stage} now={covers(stage, today)} onDay={onDay} />
        ))}
      </ol>
    </Part>
  )
}

function StageRow({
  id,
  stage,
  now,
  onDay,
}: {
  readonly id: Bulletin['id']
  readonly stage: Stage
  readonly now: boolean
  readonly onDay: (day: KstDate) => void
}) {
  const words = useWords()
  const { t } = words
  const day = parseKstDate(stage.from ?? stage.to ?? '')
  return (
    <li
      className={clsx(
        'grid gap-x-4 gap-y-1 border-b border-line py-2 sm:grid-cols-[11rem_1fr]',
        now && 'bg-accent-soft px-2 sm:-mx-2',
      )}
      aria-current={now ? 'date' : undefined}
    >
      <div className="flex flex-wrap items-baseline gap-x-2 sm:grid sm:content-start sm:justify-items-start">
        <span className="font-medium whitespace-nowrap">{spanText(stage, words)}</span>
        {now ? <span className="text-meta font-semibold text-accent">{t('bulletins.today')}</span> : null}
      </div>
      <div className="grid justify-items-start gap-1">
        <p>{t(`bulletins.${id}.stage.${stage.id}`)}</p>
        {stage.conflict ? <ConflictLine conflict={stage.conflict} /> : null}
        {day ? (
          <button
            type="button"
            onClick={() => onDay(day)}
            className="text-meta text-accent underline underline-offset-2"
          >
            {t('bulletins.toAsOf', { day })}
          </button>
        ) : null}
      </div>
    </li>
  )
}

function Steps({ bulletin }: Pick<Props, 'bulletin'>) {
  const { t, sentence } = useWords()
  return (
    <Part title={t('bulletins.steps')}>
      <ol className="grid list-decimal gap-2 pl-5">
        {bulletin.steps.map(({ id, code }) => (
          <li key={id}>
            {sentence(`bulletins.${bulletin.id}.step.${id}`, {}, id)}
            {code === undefined ? null : (
              <code className="mt-1 block rounded bg-sunk px-2 py-1 text-meta break-all">{code}</code>
            )}
          </li>
        ))}
      </ol>
    </Part>
  )
}

function Foot({ bulletin, onMode }: Pick<Props, 'bulletin' | 'onMode'>) {
  const { t } = useWords()
  const { store } = useStore()
  const query = new URLSearchParams({ q: bulletin.search, ...(store && { store }) })
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap gap-2">
        <Button onClick={onMode}>{t('bulletins.toMode')}</Button>
        <Link href={`/payments?${query}`} className={buttonClass()}>
          {t(`bulletins.toPayments.${bulletin.id}`)}
        </Link>
      </div>
      <p className="text-meta text-soft">{t('bulletins.contact')}</p>
      <SourceLine source={bulletin.stages[0]?.source ?? 'module'} />
    </div>
  )
}
