'use client'

import { useState } from 'react'
import type { Instant } from '#lib/domain/kst.ts'
import type { ApprovalView, DeskItem } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { accountWords } from '../payments/account-words.ts'
import { reasonWords } from '../payments/approval-words.ts'
import { ProblemCallout } from '../problem-callout.tsx'
import { useAction } from '../use-action.ts'
import { useNow } from '../use-now.ts'
import { Button } from '../ui/button.tsx'
import { Countdown } from '../ui/countdown.tsx'
import { Facts, type Fact } from '../ui/facts.tsx'
import { TextField } from '../ui/field.tsx'
import { useWords } from '../words.tsx'
import type { DeskActions } from './actions.ts'
import { DeskCard } from './desk-frame.tsx'

const NOTE_MAX = 200

type Props = {
  readonly items: readonly DeskItem[]
  readonly asOf: Instant
  readonly actions: DeskActions
  readonly reload: () => Promise<unknown>
  /** A card that is answered leaves the list, so the list tells what became of it. */
  readonly onTell: (said: string) => void
}

/** What waits for a second person, as it was frozen. */
export function ApprovalsDesk(props: Props) {
  const now = useNow(props.asOf)
  return (
    <ul className="grid gap-4">
      {props.items.map((item) => (
        <Card key={item.id} item={item} now={now} {...props} />
      ))}
    </ul>
  )
}

function frozenFacts(item: DeskItem, approval: ApprovalView, words: Words): Fact[] {
  const { t, money, instant } = words
  const { snapshot } = approval
  const say = (value: ApprovalView['snapshot']['amount']) => money(value, item.payment.currency)
  const taxed = snapshot.taxFree > 0 || snapshot.leftTaxFree > 0
  return [
    { label: t('sheet.amount'), value: <strong>{say(snapshot.amount)}</strong> },
    ...(taxed ? [{ label: t('sheet.taxFree'), value: say(snapshot.taxFree) }] : []),
    { label: t('approval.leftThen'), value: say(snapshot.left) },
    ...(taxed ? [{ label: t('approval.leftTaxFreeThen'), value: say(snapshot.leftTaxFree) }] : []),
    ...(snapshot.account ? [{ label: t('account.title'), value: accountWords(snapshot.account, words) }] : []),
    { label: t('sheet.reason'), value: item.reason },
    { label: t('approval.requestedBy'), value: `${item.requestedBy} · ${instant(item.requestedAt)}` },
    { label: t('approval.why'), value: reasonWords(approval.reasons, words) },
    ...(item.dueAt === null ? [] : [{ label: t('approval.sends'), value: instant(item.dueAt) }]),
    ...(item.afterId === null ? [] : [{ label: t('approval.after'), value: t('detail.ledger.after') }]),
  ]
}

function Card({ item, now, actions, reload, onTell }: Props & { readonly item: DeskItem; readonly now: Instant }) {
  const words = useWords()
  const { t } = words
  const [note, setNote] = useState('')
  const approve = useAction(actions.approve)
  const reject = useAction(actions.reject)
  const { approval, id, payment } = item
  if (!approval) return null
  const amount = words.money(item.amount, payment.currency)
  const pending = approve.pending || reject.pending
  const mayDecide = item.may.approve && !item.mine && !pending
  const problem = approve.problem ?? reject.problem
  const agree = async () => {
    const said = note.trim()
    const input = { id, snapshotHash: approval.snapshotHash, ...(said !== '' && { note: said }) }
    const answered = await approve.run(input)
    if (answered) onTell(t(`approval.told.${answered.state}`, { amount }))
    await reload()
  }
  const refuse = async () => {
    if (await reject.run({ id, note: note.trim() })) onTell(t('approval.told.REJECTED', { amount }))
    await reload()
  }
  const aside = (
    <>
      {t('approval.left')} <Countdown until={approval.expiresAt} now={now} />
    </>
  )
  const foot = (
    <div className="grid w-full gap-2">
      {item.mine || !item.may.approve ? (
        <p className="text-soft">{t(item.mine ? 'approval.own' : 'approval.needsManager')}</p>
      ) : null}
      <div className="flex flex-wrap items-end gap-2">
        <TextField
          className="min-w-0 flex-1 basis-64"
          label={t('approval.noteLabel')}
          value={note}
          maxLength={NOTE_MAX}
          autoComplete="off"
          disabled={item.mine || !item.may.approve}
          onChange={({ target }) => setNote(target.value)}
        />
        <Button look="primary" disabled={!mayDecide} onClick={() => void agree()}>
          {t(approve.pending ? 'approval.approving' : 'approval.approve', { amount })}
        </Button>
        <Button disabled={!mayDecide || note.trim() === ''} onClick={() => void refuse()}>
          {t(reject.pending ? 'approval.rejecting' : 'approval.reject')}
        </Button>
      </div>
    </div>
  )
  return (
    <DeskCard item={item} aside={aside} foot={foot}>
      <Facts facts={frozenFacts(item, approval, words)} />
      <p className="text-meta text-soft">{t('approval.frozen', { at: words.instant(approval.expiresAt) })}</p>
      <ProblemCallout problem={problem} />
    </DeskCard>
  )
}
