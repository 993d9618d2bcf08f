'use client'

import type { AccountCheckView } from '#lib/domain/views.ts'
import { EvidenceLink } from '../evidence/evidence-upload.tsx'
import { ProblemCallout } from '../problem-callout.tsx'
import { Button } from '../ui/button.tsx'
import { Countdown } from '../ui/countdown.tsx'
import { Mark } from '../ui/mark.tsx'
import { useAction } from '../use-action.ts'
import { useWords } from '../words.tsx'
import { AnsweredBy } from './account-asked.tsx'
import { accountWords } from './account-words.ts'
import type { RefundAccountProps } from './use-refund-account.ts'
import { isUsable, type RefundAccountForm } from './use-refund-account.ts'

/** Proofs of this payment that wait for a second person, or can still be used. */
export function AccountProofs({ form, actions, reload }: RefundAccountProps) {
  const words = useWords()
  const { t } = words
  const { run, pending, problem } = useAction(actions.confirm)
  // The check that stands above it, with its time, is not told twice.
  const told = form.need?.how === 'gateway' && !form.picked ? form.view?.id : undefined
  const listed = (form.need?.checks ?? []).filter(
    (one) => one.id !== told && (one.result === 'AWAITING' || isUsable(one, form.now)),
  )
  if (listed.length === 0) return null
  const decide = async (checkId: string, agree: boolean) => {
    await run({ checkId, agree })
    await reload()
  }
  return (
    <section aria-label={t('account.proofs')} className="grid gap-2">
      <h4 className="text-meta font-medium text-soft">{t('account.proofs')}</h4>
      <ProblemCallout problem={problem} />
      <ul className="grid border-t border-line">
        {listed.map((check) => (
          <li key={check.id} className="grid gap-1 border-b border-line py-2">
            <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <Mark tone={check.result === 'MATCHED' ? 'done' : 'waiting'}>
                {t(check.result === 'MATCHED' ? 'account.proven' : 'account.awaiting')}
              </Mark>
              <span>{accountWords(check.account, words)}</span>
              {check.usableUntil === null ? null : (
                <span className="ml-auto text-meta text-soft">
                  {t('account.left')} <Countdown until={check.usableUntil} now={form.now} />
                </span>
              )}
            </span>
            <span className="text-meta text-soft">
              {t(check.by === 'people' ? 'account.proposedBy' : 'account.checkedBy', {
                who: check.checkedBy,
                at: words.instant(check.checkedAt),
              })}
              {check.confirmedAt === null
                ? ''
                : ` · ${t(check.alone ? 'account.confirmedAlone' : 'account.confirmedBy', {
                    who: check.confirmedBy ?? '',
                    at: words.instant(check.confirmedAt),
                  })}`}
            </span>
            <AnsweredBy check={check} />
            {check.evidenceId === null ? null : <EvidenceLink id={check.evidenceId} />}
            {check.result === 'AWAITING' ? (
              <Decide check={check} form={form} pending={pending} onDecide={(agree) => void decide(check.id, agree)} />
            ) : (
              <Button
                size="small"
                className="justify-self-start"
                disabled={form.view?.id === check.id}
                onClick={() => form.pick(check)}
              >
                {t(form.view?.id === check.id ? 'account.picked' : 'account.pick')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The second person agrees or not; who made it may alone only where the store allows it, a day later. */
function Decide({
  check,
  form,
  pending,
  onDecide,
}: {
  readonly check: AccountCheckView
  readonly form: RefundAccountForm
  readonly pending: boolean
  readonly onDecide: (agree: boolean) => void
}) {
  const words = useWords()
  const { t } = words
  if (!form.need?.mayConfirm) return <span className="text-meta text-soft">{t('account.managerConfirms')}</span>
  const alone = check.mine && check.aloneFrom !== null && form.now >= check.aloneFrom
  const mayAgree = !check.mine || alone
  return (
    <span className="grid gap-1">
      {check.mine ? (
        <span className="text-meta text-soft">
          {alone
            ? t('account.aloneNow')
            : check.aloneFrom === null
              ? t('account.ownProof')
              : t('account.aloneLater', { at: words.instant(check.aloneFrom) })}
        </span>
      ) : null}
      <span className="flex flex-wrap gap-2">
        <Button size="small" look="primary" disabled={pending || !mayAgree} onClick={() => onDecide(true)}>
          {t('account.confirm')}
        </Button>
        <Button size="small" disabled={pending} onClick={() => onDecide(false)}>
          {t('account.reject')}
        </Button>
      </span>
    </span>
  )
}
