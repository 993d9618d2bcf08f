'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import type { ChannelView } from '#lib/domain/views.ts'
import { useFrame } from '../frame/frame-context.tsx'
import { ProblemCallout } from '../problem-callout.tsx'
import { useAction, type Action } from '../use-action.ts'
import { Button } from '../ui/button.tsx'
import { SelectField } from '../ui/field.tsx'
import { useWords } from '../words.tsx'
import { understand, type NumberKind } from './list-query.ts'

export type LookUpAction = Action<{ channelId: string; q: string }, { paymentId: string }>

/** Asks a gateway for a payment that has not arrived here. */
export function LookUp({
  q,
  store,
  action,
}: {
  readonly q: string
  readonly store: string
  readonly action: LookUpAction
}) {
  const words = useWords()
  const { t } = words
  const router = useRouter()
  const { channels, lookUpStores, whoMayLookUp } = useFrame()
  const inStore = channels.filter((channel) => store === '' || channel.storeId === store)
  const offered = inStore.filter((channel) => lookUpStores.includes(channel.storeId))
  const [chosen, setChosen] = useState('')
  const { run, pending, problem } = useAction(action)
  const channelId = offered.some((channel) => channel.id === chosen)
    ? chosen
    : (likely(offered, understand(q))?.id ?? '')
  if (inStore.length === 0) return <p className="text-soft">{t('list.lookUpNone')}</p>
  const go = async () => {
    const found = await run({ channelId, q })
    if (found) router.push(`/payments/${found.paymentId}`)
  }
  return (
    <div className="grid w-full gap-3 border-t border-line pt-4">
      <p className="font-semibold text-ink">{t('list.lookUpTitle')}</p>
      <p>{t('list.lookUpHint')}</p>
      <div className="flex flex-wrap items-end gap-2">
        <SelectField
          label={t('list.channel')}
          className="min-w-56 flex-1"
          value={channelId}
          disabled={offered.length === 0}
          onChange={({ target }) => setChosen(target.value)}
        >
          {offered.map((channel) => (
            <option key={channel.id} value={channel.id}>
              {channel.name} ({channel.pg}, {channel.mid})
            </option>
          ))}
        </SelectField>
        <Button look="primary" disabled={pending || channelId === ''} onClick={() => void go()}>
          {pending ? t('list.lookUpPending') : t('list.lookUp')}
        </Button>
      </div>
      {offered.length === 0 ? (
        <p>
          {t('denied.inline', {
            permission: words.permission('payment.look_up'),
            who: words.roles(whoMayLookUp),
          })}
        </p>
      ) : null}
      <ProblemCallout problem={problem} lost={t('list.lookUpLost')} />
    </div>
  )
}

/** The channel whose payment gateway writes numbers of this form. */
function likely(channels: readonly ChannelView[], kind: NumberKind): ChannelView | undefined {
  const pg = kind === 'tno' ? /kcp/i : kind === 'trno' ? /ksnet/i : /./
  return channels.find((channel) => pg.test(channel.pg)) ?? channels[0]
}
