'use client'

import { useState, type FormEvent } from 'react'
import type { DepositsView, DepositView, PaymentView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { EnvironmentBadge } from '../frame/environment-badge.tsx'
import { ProblemCallout } from '../problem-callout.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { TextField } from '../ui/field.tsx'
import { Mark, type Tone } from '../ui/mark.tsx'
import { Section } from '../ui/section.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { useAction } from '../use-action.ts'
import { useWords } from '../words.tsx'
import type { PaymentActions } from './actions.ts'

const NOTE_MAX = 200
const toneOf = ({ kind, state }: DepositView): Tone => {
  if (state === 'UNVERIFIED') return 'waiting'
  return state === 'APPLIED' && kind === 'deposit' ? 'done' : 'ended'
}

type Props = {
  readonly payment: PaymentView
  readonly decide: PaymentActions['decideDeposit']
  readonly onDecided: () => Promise<unknown>
}
type Choice = {
  readonly opening: number
  readonly open: boolean
  readonly id: string | null
  readonly confirm: boolean
}

/** What notices told of money coming in: what is believed, what is not and why, and who decided. */
export function Deposits({ payment, decide, onDecided }: Props) {
  const { t } = useWords()
  const [choice, setChoice] = useState<Choice>({ opening: 0, open: false, id: null, confirm: true })
  const { deposits } = payment
  if (deposits === null) return null
  const chosen = deposits.items.find(({ id }) => id === choice.id)
  return (
    <div id="deposits" className="scroll-mt-16">
      <Section title={t('deposit.title')}>
        <div className="grid gap-4">
          <Strip deposits={deposits} />
          <ul aria-label={t('deposit.title')} className="grid">
            {deposits.items.map((deposit) => (
              <Row
                key={deposit.id}
                deposit={deposit}
                payment={payment}
                may={deposits.may}
                onChoose={(confirm) =>
                  setChoice(({ opening }) => ({ opening: opening + 1, open: true, id: deposit.id, confirm }))
                }
              />
            ))}
          </ul>
          <Denied deposits={deposits} />
        </div>
      </Section>
      {chosen ? (
        <DecisionSheet
          key={choice.opening}
          payment={payment}
          deposit={chosen}
          confirm={choice.confirm}
          open={choice.open}
          onClose={() => setChoice((now) => ({ ...now, open: false }))}
          decide={decide}
          onDecided={onDecided}
        />
      ) : null}
    </div>
  )
}

/** Above everything: only an unsigned notice tells of this payment, or who vouched for it. */
function Strip({ deposits: { noticeAlone, confirmed } }: { readonly deposits: DepositsView }) {
  const words = useWords()
  const { t } = words
  if (noticeAlone)
    return (
      <Callout tone="waiting" title={t('deposit.aloneTitle')}>
        {t('deposit.alone')}
      </Callout>
    )
  if (!confirmed) return null
  return <p className="text-soft">{t('deposit.vouched', { who: confirmed.who, at: words.instant(confirmed.at) })}</p>
}

function Denied({ deposits: { may, who, items } }: { readonly deposits: DepositsView }) {
  const words = useWords()
  if (may || items.every(({ state }) => state !== 'UNVERIFIED')) return null
  const permission = words.permission('deposit.confirm')
  return <p className="text-soft">{words.t('denied.inline', { permission, who: words.roles(who) })}</p>
}

function Row({
  deposit,
  payment,
  may,
  onChoose,
}: {
  readonly deposit: DepositView
  readonly payment: PaymentView
  readonly may: boolean
  readonly onChoose: (confirm: boolean) => void
}) {
  const words = useWords()
  const { t } = words
  const { kind, state } = deposit
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 border-b border-line py-2.5 first:pt-0 last:border-b-0">
      <div className="grid min-w-0 flex-1 basis-80 gap-0.5">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <Mark tone={toneOf(deposit)}>{t(`deposit.state.${kind}.${state}`)}</Mark>
          <EnvironmentBadge environment={payment.environment} testStore={payment.testStore} />
          <span className="font-semibold">{amountOf(deposit, payment, words)}</span>
        </span>
        <span className="text-meta text-soft">
          {[
            t('deposit.at', { at: words.instant(deposit.at) }),
            deposit.bank && words.institution(deposit.bank),
            deposit.number,
            t('deposit.seen', { at: words.instant(deposit.seenAt) }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        {state === 'UNVERIFIED' && deposit.doubt !== null ? (
          <span>{words.sentence(`deposit.why.${deposit.doubt}`, {}, deposit.doubt)}</span>
        ) : null}
        <Decided deposit={deposit} />
      </div>
      {state === 'UNVERIFIED' && may ? (
        <div className="flex gap-2">
          <Button size="small" onClick={() => onChoose(true)}>
            {t(`deposit.confirm.${kind}`)}
          </Button>
          <Button size="small" look="quiet" onClick={() => onChoose(false)}>
            {t('deposit.refuse.open')}
          </Button>
        </div>
      ) : null}
    </li>
  )
}

const amountOf = ({ kind, amount }: DepositView, { currency }: PaymentView, words: Words): string =>
  kind === 'reversal' ? words.back(amount, currency) : words.money(amount, currency)

function Decided({ deposit }: { readonly deposit: DepositView }) {
  const words = useWords()
  const { decidedAt, decidedBy, who, note } = deposit
  if (decidedAt === null || decidedBy === null) return null
  const at = words.instant(decidedAt)
  return (
    <span className="text-meta break-words text-soft">
      {[words.sentence(`deposit.by.${decidedBy}`, { who: who ?? '', at }, at), note].filter(Boolean).join(' · ')}
    </span>
  )
}

type SheetProps = Props & {
  readonly deposit: DepositView
  readonly confirm: boolean
  readonly open: boolean
  readonly onClose: () => void
}

function DecisionSheet({ payment, deposit, confirm, open, onClose, decide, onDecided }: SheetProps) {
  const words = useWords()
  const { t } = words
  const { run, pending, problem } = useAction(decide)
  const [note, setNote] = useState('')
  const amount = words.money(deposit.amount, payment.currency)
  const press = confirm ? t(`deposit.confirm.press.${deposit.kind}`, { amount }) : t('deposit.refuse.press')
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const done = await run({ id: deposit.id, confirm, note: note.trim() })
    await onDecided()
    if (done !== null) onClose()
  }
  return (
    <Sheet
      open={open}
      onClose={onClose}
      held={pending}
      title={confirm ? t(`deposit.confirm.${deposit.kind}`) : t('deposit.refuse.title')}
    >
      <form method="post" onSubmit={(event) => void submit(event)} className="grid gap-5">
        <p className="font-semibold">{amountOf(deposit, payment, words)}</p>
        <Callout tone="waiting">
          {confirm ? t(`deposit.confirm.means.${deposit.kind}`) : t('deposit.refuse.means')}
        </Callout>
        <TextField
          label={t('deposit.note')}
          hint={t('deposit.noteHint')}
          value={note}
          minLength={2}
          maxLength={NOTE_MAX}
          autoComplete="off"
          onChange={({ target }) => setNote(target.value)}
          required
        />
        <ProblemCallout problem={problem} lost={t('deposit.lost')} />
        <Button
          look="primary"
          type="submit"
          disabled={pending || note.trim().length < 2}
          className="justify-self-start"
        >
          {pending ? t('common.saving') : press}
        </Button>
      </form>
    </Sheet>
  )
}
