'use client'

import { clsx } from 'clsx'
import { useId, useRef, type ReactNode, type RefObject } from 'react'
import type { Instant } from '#lib/domain/kst.ts'
import { minor, subtract } from '#lib/domain/money.ts'
import type { PaymentView } from '#lib/domain/views.ts'
import type { Said } from '#lib/i18n/words.ts'
import { Callout } from '../ui/callout.tsx'
import { TextField } from '../ui/field.tsx'
import { useWords } from '../words.tsx'
import type { AccountCheckActions } from './actions.ts'
import { BalanceBar } from './balance-bar.tsx'
import { RefundAccountPane } from './refund-account.tsx'
import type { WishForm } from './use-wish.ts'
import { VerdictList } from './verdict-list.tsx'

type Props = { readonly payment: PaymentView; readonly form: WishForm }
type Around = {
  readonly refused: Said | null
  readonly account: AccountCheckActions
  readonly reload: () => Promise<unknown>
}

/** The panes: what may be done, how much, why, and where it needs them the account and the time of sending. */
export function CancelPanes({ payment, form, refused, account, reload }: Props & Around) {
  const words = useWords()
  const { t } = words
  const { verdicts, sendAt } = form.verdict
  const toAccount = payment.refundAccount !== null
  const money = (value: PaymentView['left']) => words.money(value, payment.currency)
  return (
    <div className="grid gap-6">
      {refused ? (
        <Callout tone="refused" live title={t('sheet.refusedTitle')}>
          {words.problem({ ...refused, facts: { currency: payment.currency, ...refused.facts } })}
        </Callout>
      ) : null}
      {form.seen.left === payment.left ? null : (
        <Callout tone="waiting" live>
          {t('sheet.changed', { before: money(form.seen.left), after: money(payment.left) })}
        </Callout>
      )}
      <Pane number={1} title={t('sheet.rules')}>
        <VerdictList verdicts={verdicts} currency={payment.currency} />
      </Pane>
      <Pane number={2} title={t('sheet.amountTitle')}>
        <AmountPane payment={payment} form={form} />
      </Pane>
      <Pane number={3} title={t('sheet.reasonTitle')}>
        <ReasonPane form={form} />
      </Pane>
      {toAccount ? (
        <Pane number={4} title={t('account.title')}>
          <RefundAccountPane payment={payment} form={form.refund} actions={account} reload={reload} />
        </Pane>
      ) : null}
      {sendAt === null ? null : (
        <Pane number={toAccount ? 5 : 4} title={t('sheet.laterTitle')}>
          <Later payment={payment} form={form} sendAt={sendAt} />
        </Pane>
      )}
    </div>
  )
}

/** Only the hour forbids it now: which rule, and when it goes by itself. */
function Later({ payment, form, sendAt }: Props & { readonly sendAt: Instant }) {
  const words = useWords()
  const { denial } = form.preview ?? payment
  return (
    <Callout tone="waiting" title={words.t('sheet.later', { at: words.instant(sendAt) })}>
      {denial ? <p>{words.rule({ ...denial, facts: { currency: payment.currency, ...denial.facts } })}</p> : null}
      <p className="text-soft">{words.t('sheet.laterHint')}</p>
    </Callout>
  )
}

function Pane({
  number,
  title,
  children,
}: {
  readonly number: number
  readonly title: string
  readonly children: ReactNode
}) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="grid gap-3">
      <h3 id={id} className="font-semibold">
        <span className="mr-1.5 text-faint">{number}</span>
        {title}
      </h3>
      {children}
    </section>
  )
}

function AmountPane({ payment, form }: Props) {
  const { t, money } = useWords()
  const box = useRef<HTMLInputElement>(null)
  const left = money(payment.left, payment.currency)
  const choice = (pressed: boolean) =>
    clsx(
      'h-8 rounded px-3',
      pressed ? 'bg-paper font-semibold text-accent shadow-[0_0_0_1px_var(--color-line)]' : 'text-soft hover:text-ink',
    )
  return (
    <>
      <fieldset aria-label={t('sheet.amountTitle')} className="flex w-fit rounded bg-sunk p-0.5">
        <button
          type="button"
          aria-pressed={form.whole}
          className={choice(form.whole)}
          onClick={() => form.setAmount(payment.left)}
        >
          {t('sheet.wholeOf', { amount: left })}
        </button>
        <button
          type="button"
          aria-pressed={!form.whole}
          className={choice(!form.whole)}
          onClick={() => {
            if (form.whole) form.setAmountText('')
            box.current?.focus()
          }}
        >
          {t('sheet.part')}
        </button>
      </fieldset>
      <div className="grid grid-cols-2 items-start gap-3">
        <AmountField
          reference={box}
          label={t('sheet.amount')}
          value={form.amountText}
          onChange={form.setAmountText}
          onLeave={form.tidy}
          hint={t('sheet.amountHint', { left })}
          error={form.amountText !== '' && form.amount === null ? t('sheet.amountBad') : null}
        />
        {form.taxed ? <TaxFreeField payment={payment} form={form} /> : null}
      </div>
      <BeforeAfter payment={payment} form={form} />
    </>
  )
}

type AmountFieldProps = {
  readonly label: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly onLeave: () => void
  readonly hint: string
  readonly error: string | null
  readonly fixed?: boolean
  readonly reference?: RefObject<HTMLInputElement | null>
}

function AmountField({ onChange, onLeave, fixed = false, reference, ...rest }: AmountFieldProps) {
  return (
    <TextField
      {...rest}
      {...(reference && { ref: reference })}
      money
      inputMode="decimal"
      autoComplete="off"
      readOnly={fixed}
      onFocus={({ target }) => target.select()}
      onBlur={onLeave}
      onChange={({ target }) => onChange(target.value)}
    />
  )
}

function TaxFreeField({ payment, form }: Props) {
  const { t, money } = useWords()
  const say = (value: PaymentView['left']) => money(value, payment.currency)
  const { preview } = form
  const range = () => {
    if (!preview) return t('sheet.taxFreeAsk')
    const { taxFreeMin: min, taxFreeMax: max } = preview
    return min === max
      ? t('sheet.taxFreeExact', { amount: say(min) })
      : t('sheet.taxFreeRange', { min: say(min), max: say(max) })
  }
  return (
    <AmountField
      label={t('sheet.taxFree')}
      value={form.whole ? say(payment.leftTaxFree) : form.taxFreeText}
      fixed={form.whole}
      onChange={form.setTaxFreeText}
      onLeave={form.tidy}
      hint={range()}
      error={form.taxFreeText !== '' && form.taxFree === null ? t('sheet.amountBad') : null}
    />
  )
}

function BeforeAfter({ payment, form }: Props) {
  const { t, money } = useWords()
  const asked = form.amount !== null && form.amount <= payment.left ? form.amount : minor(0)
  const after = { ...payment, left: subtract(payment.left, asked), refunded: minor(payment.refunded + asked) }
  const rows = [
    { name: t('sheet.before'), sums: payment },
    { name: t('sheet.after'), sums: after },
  ]
  return (
    <dl className="grid gap-1.5 text-meta">
      {rows.map(({ name, sums }) => (
        <div key={name} className="grid grid-cols-[3.5rem_1fr_7.5rem] items-center gap-3">
          <dt className="text-soft">{name}</dt>
          <dd>
            <BalanceBar sums={sums} height={8} />
          </dd>
          <dd className="text-end">{t('sheet.leftAfter', { amount: money(sums.left, payment.currency) })}</dd>
        </div>
      ))}
    </dl>
  )
}

const presets = ['changed', 'soldOut', 'wrong', 'defect', 'delay', 'duplicate'] as const

function ReasonPane({ form }: { readonly form: WishForm }) {
  const { t } = useWords()
  return (
    <>
      <fieldset aria-label={t('sheet.presets')} className="flex flex-wrap gap-1.5">
        {presets.map((preset) => {
          const reason = t(`sheet.preset.${preset}`)
          return (
            <button
              key={preset}
              type="button"
              aria-pressed={form.reason === reason}
              className={clsx(
                'h-7 rounded border px-2 text-meta',
                form.reason === reason
                  ? 'border-accent bg-accent-soft text-accent'
                  : 'border-line text-soft hover:border-edge',
              )}
              onClick={() => form.setReason(reason)}
            >
              {reason}
            </button>
          )
        })}
      </fieldset>
      <TextField
        label={t('sheet.reason')}
        hint={t('sheet.reasonHint')}
        value={form.reason}
        maxLength={100}
        autoComplete="off"
        required
        onChange={({ target }) => form.setReason(target.value)}
      />
    </>
  )
}
