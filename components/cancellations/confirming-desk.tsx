'use client'

import { useState } from 'react'
import type { Instant } from '#lib/domain/kst.ts'
import type { DeskItem } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { accountWords } from '../payments/account-words.ts'
import { ProblemCallout } from '../problem-callout.tsx'
import { useNow } from '../use-now.ts'
import { useAction } from '../use-action.ts'
import { Button } from '../ui/button.tsx'
import { Facts, type Fact } from '../ui/facts.tsx'
import { useWords } from '../words.tsx'
import type { DeskActions } from './actions.ts'
import { ageOf, DeskCard } from './desk-frame.tsx'
import { ReadOut } from './read-out.tsx'
import { ResolutionBox } from './resolution-box.tsx'
import { ResolveSheet } from './resolve-sheet.tsx'

type Props = {
  readonly items: readonly DeskItem[]
  readonly asOf: Instant
  readonly actions: DeskActions
  readonly reload: () => Promise<unknown>
}

/** What nobody knows yet, oldest first. */
export function ConfirmingDesk(props: Props) {
  const now = useNow(props.asOf)
  return (
    <ul className="grid gap-4">
      {props.items.map((item) => (
        <Card key={item.id} item={item} now={now} {...props} />
      ))}
    </ul>
  )
}

function factsOf(item: DeskItem, { t, money, instant }: Words): Fact[] {
  const sequence = item.sequence === null || !item.partial ? '' : ` · ${t('desk.sequence', { number: item.sequence })}`
  const next = item.nextAskAt === null ? t('detail.sentence.noNextAsk') : instant(item.nextAskAt)
  const asked = item.asked > 0 ? ` (${t('sheet.asked', { count: item.asked })})` : ''
  const what =
    item.kind === 'CLOSE'
      ? t('detail.ledger.close')
      : t('sheet.whatSent', { amount: money(item.amount, item.payment.currency), sequence })
  return [
    { label: t('sheet.what'), value: what },
    { label: t('sheet.sentAt'), value: instant(item.sendingSince ?? item.requestedAt) },
    { label: t('desk.ourNumber'), value: item.id },
    { label: t('sheet.blocked'), value: t('sheet.blockedWhat') },
    { label: t('sheet.nextAsk'), value: item.canAsk ? `${next}${asked}` : t('desk.cannotAsk') },
  ]
}

function Card({ item, now, actions, reload }: Props & { readonly item: DeskItem; readonly now: Instant }) {
  const words = useWords()
  const { t } = words
  const [resolving, setResolving] = useState({ opening: 0, open: false })
  const ask = useAction(actions.askNow)
  const { closableAt, resolution } = item
  const mayClose = closableAt !== null && now >= closableAt
  const facts = [
    ...factsOf(item, words),
    ...(item.account ? [{ label: t('account.title'), value: accountWords(item.account, words) }] : []),
  ]
  const foot = (
    <>
      <Button
        disabled={!item.canAsk || !item.may.ask || ask.pending}
        onClick={() => void ask.run({ id: item.id }).then(reload)}
      >
        {t(ask.pending ? 'desk.asking' : 'desk.askNow')}
      </Button>
      {resolution?.decision === 'awaiting' ? null : (
        <Button
          look="primary"
          disabled={!mayClose || !item.may.resolve}
          onClick={() => setResolving(({ opening }) => ({ opening: opening + 1, open: true }))}
        >
          {t('desk.resolve')}
        </Button>
      )}
      <span className="text-meta text-soft">{whyNot(item, mayClose, words)}</span>
    </>
  )
  return (
    <DeskCard
      item={item}
      aside={t('cancellations.age', { age: ageOf(item.sendingSince ?? item.requestedAt, now, words) })}
      foot={foot}
    >
      <div className="grid gap-x-10 gap-y-4 lg:grid-cols-2">
        <Facts facts={facts} />
        <ReadOut item={item} />
      </div>
      <ProblemCallout problem={ask.problem} />
      {resolution ? (
        <ResolutionBox
          resolution={resolution}
          may={item.may.resolve}
          now={now}
          decide={actions.decide}
          reload={reload}
        />
      ) : null}
      <ResolveSheet
        key={resolving.opening}
        item={item}
        open={resolving.open}
        onClose={() => setResolving(({ opening }) => ({ opening, open: false }))}
        actions={actions}
        reload={reload}
      />
    </DeskCard>
  )
}

/** Why people may not close it, or when. */
function whyNot(item: DeskItem, mayClose: boolean, words: Words): string {
  const { t } = words
  if (!item.may.resolve) return t('desk.needsManager')
  if (mayClose) return ''
  return item.closableAt === null ? t('desk.notClosable') : t('desk.closableAt', { at: words.instant(item.closableAt) })
}
