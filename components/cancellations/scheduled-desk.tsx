'use client'

import type { Instant } from '#lib/domain/kst.ts'
import type { DeskItem } from '#lib/domain/views.ts'
import { accountWords } from '../payments/account-words.ts'
import { useFrame } from '../frame/frame-context.tsx'
import { ProblemCallout } from '../problem-callout.tsx'
import { useAction } from '../use-action.ts'
import { useNow } from '../use-now.ts'
import { Button } from '../ui/button.tsx'
import { Countdown } from '../ui/countdown.tsx'
import { Facts } from '../ui/facts.tsx'
import { useWords } from '../words.tsx'
import type { DeskActions } from './actions.ts'
import { DeskCard } from './desk-frame.tsx'

type Props = {
  readonly items: readonly DeskItem[]
  readonly asOf: Instant
  readonly actions: DeskActions
  readonly reload: () => Promise<unknown>
}

/** What goes by itself at its hour. */
export function ScheduledDesk(props: Props) {
  const now = useNow(props.asOf)
  return (
    <ul className="grid gap-4">
      {props.items.map((item) => (
        <Card key={item.id} item={item} now={now} {...props} />
      ))}
    </ul>
  )
}

function Card({ item, now, actions, reload }: Props & { readonly item: DeskItem; readonly now: Instant }) {
  const words = useWords()
  const { t } = words
  const { lookUpStores } = useFrame()
  const { run, pending, problem } = useAction(actions.withdraw)
  // Who may ask a gateway may also request and withdraw: both are an operator's.
  const may = lookUpStores.includes(item.payment.store.id)
  const facts = [
    { label: t('desk.due'), value: item.dueAt === null ? '' : words.instant(item.dueAt) },
    ...(item.account ? [{ label: t('account.title'), value: accountWords(item.account, words) }] : []),
    { label: t('sheet.reason'), value: item.reason },
    { label: t('approval.requestedBy'), value: `${item.requestedBy} · ${words.instant(item.requestedAt)}` },
  ]
  return (
    <DeskCard
      item={item}
      aside={
        item.dueAt === null ? null : (
          <>
            {t('desk.untilSent')} <Countdown until={item.dueAt} now={now} />
          </>
        )
      }
      foot={
        <Button disabled={!may || pending} onClick={() => void run({ id: item.id }).then(reload)}>
          {t(pending ? 'detail.ledger.withdrawing' : 'detail.ledger.unschedule')}
        </Button>
      }
    >
      <Facts facts={facts} />
      <ProblemCallout problem={problem} />
    </DeskCard>
  )
}
