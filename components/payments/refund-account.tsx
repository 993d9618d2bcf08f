'use client'

import { useEffect, useRef } from 'react'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Countdown } from '../ui/countdown.tsx'
import { TextField } from '../ui/field.tsx'
import type { Tone } from '../ui/mark.tsx'
import { lost, useAction } from '../use-action.ts'
import { useWords } from '../words.tsx'
import { AccountProofs } from './account-proofs.tsx'
import { AnsweredBy, AskedBy } from './account-asked.tsx'
import { accountProblem, accountWords } from './account-words.ts'
import { BankField } from './bank-field.tsx'
import { ProposeProof } from './propose-proof.tsx'
import type { RefundAccountForm, RefundAccountProps } from './use-refund-account.ts'

const HOLDER_MAX = 50

/** The account the money goes into, and what proves whose it is. */
export function RefundAccountPane(props: RefundAccountProps) {
  const { payment, form, actions, reload } = props
  const words = useWords()
  const { t } = words
  const { run, pending, problem } = useAction(actions.check)
  const found = useRef<HTMLDivElement>(null)
  const answered = form.view?.id
  // The answer stands below what was typed, where a small screen may not show it.
  useEffect(() => {
    if (answered !== undefined) found.current?.scrollIntoView({ block: 'nearest' })
  }, [answered])
  const byGateway = form.need?.how === 'gateway'
  const byPeople = payment.gateway === 'kcp' ? 'account.byPeopleKcp' : 'account.byPeople'
  const check = async () => {
    const answer = await run({ paymentId: payment.id, ...form.typed })
    if (answer) form.hold(answer.id, answer)
    await reload()
  }
  return (
    <>
      <p className="text-soft">{t(byGateway ? 'account.byGateway' : byPeople)}</p>
      <AskedBy asked={form.need?.how === 'gateway' ? form.need.asks : null} payment={payment} />
      <div className="grid items-start gap-3 sm:grid-cols-2">
        <BankField value={form.typed.bank} disabled={pending} onChange={form.setBank} />
        <TextField
          label={t('account.holder')}
          hint={form.notHangul ? t('account.notHangul') : undefined}
          error={form.unsayable ? t(`account.unsayable.holder.${form.unsayable}`) : undefined}
          value={form.holderText}
          maxLength={HOLDER_MAX}
          disabled={pending}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => form.setHolder(target.value)}
        />
        <TextField
          className="sm:col-span-2"
          label={t('account.number')}
          hint={t('account.numberHint')}
          value={form.typed.number}
          disabled={pending}
          inputMode="numeric"
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => form.setNumber(target.value)}
        />
      </div>
      {byGateway ? (
        <div className="flex flex-wrap items-center gap-3">
          <Button disabled={!form.complete || pending} onClick={() => void check()}>
            {t(pending ? 'account.checking' : form.view ? 'account.checkAgain' : 'account.check')}
          </Button>
          {form.view?.usableUntil && form.usable ? (
            <span className="text-soft">
              {t('account.left')} <Countdown until={form.view.usableUntil} now={form.now} />
            </span>
          ) : null}
        </div>
      ) : null}
      <div ref={found} aria-live="polite" className="grid gap-2 empty:hidden">
        <Found form={form} />
      </div>
      {problem ? (
        <Callout tone={problem.code === lost.code ? 'waiting' : 'refused'} live>
          {problem.code === lost.code ? t('account.lost') : accountProblem(problem, words)}
        </Callout>
      ) : null}
      {byGateway ? null : <ProposeProof {...props} />}
      <AccountProofs {...props} />
    </>
  )
}

const tones: Record<string, Tone> = { MATCHED: 'done', DIFFERENT: 'refused', REFUSED: 'refused', REJECTED: 'refused' }

/** What is known of the account as it is typed now. */
function Found({ form }: { readonly form: RefundAccountForm }) {
  const words = useWords()
  const { t } = words
  const { view, usable, dropped } = form
  if (dropped && !view)
    return (
      <Callout tone="waiting" title={t('account.droppedTitle')}>
        {t('account.dropped')}
      </Callout>
    )
  if (!view) return null
  const matched = view.result === 'MATCHED'
  if (matched && !usable) return <Callout tone="waiting">{t(view.used ? 'account.usedUp' : 'account.expired')}</Callout>
  const code = view.code === null ? '' : ` (${t('problem.code', { code: view.code })})`
  // Where the gateway tells only whether, it did not say that somebody else holds it.
  const said = view.result === 'DIFFERENT' && view.code !== null ? 'NOT_CONFIRMED' : view.result
  return (
    <Callout
      tone={tones[view.result] ?? 'waiting'}
      title={`${words.sentence(`accountCheck.result.${said}`, {}, said)}${code}`}
    >
      {accountWords(view.account, words)}
      {view.message === null ? null : <p>{t('account.gatewaySaid', { message: view.message })}</p>}
      <AnsweredBy check={view} />
      {form.picked ? <p className="text-soft">{t('account.typeAgain')}</p> : null}
      <p className="text-soft">{words.sentence(`accountCheck.next.${said}`, {}, '')}</p>
    </Callout>
  )
}
