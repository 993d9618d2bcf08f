'use client'

import { clsx } from 'clsx'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useState } from 'react'
import { shippingStages } from '#lib/domain/shipping.ts'
import { queryOf } from '../fetch-json.ts'
import { TestEdge } from '../frame/environment-badge.tsx'
import { useStore } from '../frame/use-store.ts'
import { ProblemState, problemOf } from '../problem-state.tsx'
import { Button, buttonClass } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { More } from '../ui/more.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { State } from '../ui/state.tsx'
import { useWords } from '../words.tsx'
import type { SheetActions } from './actions.ts'
import { EscrowCards, EscrowTable } from './escrow-rows.tsx'
import { EscrowUpload } from './escrow-upload.tsx'
import { useEscrow } from './use-escrow.ts'

type Props = {
  readonly actions: SheetActions
  readonly may: boolean
  /** The roles to name where it is missing. */
  readonly whoMay: string
}

/** Every escrow payment by its stage; what is to be shipped goes out as a file and comes back filled in. */
export function EscrowBoard({ actions, may, whoMay }: Props) {
  const words = useWords()
  const { t } = words
  const { store, name } = useStore()
  const [stage, setStage] = useQueryState(
    'stage',
    parseAsStringLiteral(shippingStages).withDefault('shipment_due').withOptions({ history: 'push' }),
  )
  const [uploading, setUploading] = useState({ opening: 0, open: false })
  const found = useEscrow(stage, store)
  const [first] = found.data?.pages ?? []
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  const body = () => {
    if (found.isPending) return <Skeleton rows={10} label={t('common.loading')} />
    if (found.isError && items.length === 0)
      return <ProblemState problem={problemOf(found.error)} retry={() => void found.refetch()} />
    if (!first || items.length === 0) {
      return (
        <State
          title={t('escrowBoard.emptyTitle')}
          actions={
            stage === 'shipment_due' ? null : (
              <Button onClick={() => void setStage(null)}>{t('escrowBoard.showDue')}</Button>
            )
          }
        >
          <p>{t('escrowBoard.empty', { stage: t(`shipping.stage.${stage}`), store: name })}</p>
        </State>
      )
    }
    return (
      <>
        <EscrowTable items={items} asOf={first.asOf} />
        <EscrowCards items={items} asOf={first.asOf} />
        <More list={found} />
      </>
    )
  }
  return (
    <>
      <TestEdge shown={items.some(({ payment }) => payment.environment !== 'live' || payment.testStore)} />
      <PageHead
        title={t('escrowBoard.title')}
        note={t('escrowBoard.note')}
        actions={
          may ? (
            <>
              <a href={`/api/escrow/due?${queryOf({ store })}`} download className={buttonClass()}>
                {t('escrowBoard.download')}
              </a>
              <Button onClick={() => setUploading(({ opening }) => ({ opening: opening + 1, open: true }))}>
                {t('escrowBoard.upload')}
              </Button>
            </>
          ) : null
        }
      />
      {may ? null : (
        <p className="pb-3 text-soft">
          {t('denied.inline', { permission: words.permission('shipment.register'), who: words.roles(whoMay) })}
        </p>
      )}
      {first && first.overdue > 0 ? (
        <div className="pb-4">
          <Callout tone="refused" title={t('escrowBoard.overdue', { count: words.count(first.overdue) })}>
            {t('escrowBoard.overdueHint')}
          </Callout>
        </div>
      ) : null}
      <fieldset
        aria-label={t('escrowBoard.stages')}
        className="-mx-1 flex min-w-0 max-w-full overflow-x-auto px-1 pb-3"
      >
        {shippingStages.map((choice) => (
          <button
            key={choice}
            type="button"
            aria-pressed={choice === stage}
            onClick={() => void setStage(choice)}
            className={clsx(
              'h-7 shrink-0 rounded px-2.5 text-meta',
              choice === stage ? 'bg-accent-soft font-semibold text-accent' : 'text-soft hover:bg-sunk',
            )}
          >
            {t(`shipping.stage.${choice}`)} {first ? words.count(first.counts[choice]) : null}
          </button>
        ))}
      </fieldset>
      {body()}
      <EscrowUpload
        key={uploading.opening}
        open={uploading.open}
        onClose={() => setUploading(({ opening }) => ({ opening, open: false }))}
        actions={actions}
        onRegistered={() => void found.refetch()}
      />
    </>
  )
}
