'use client'

import { useState } from 'react'
import type { PaymentView } from '#lib/domain/views.ts'
import { ProblemCallout } from '../problem-callout.tsx'
import { Button } from '../ui/button.tsx'
import { Copy } from '../ui/copy.tsx'
import { FilterSelect } from '../ui/field.tsx'
import { useAction, type Action } from '../use-action.ts'
import { useWords } from '../words.tsx'

export type ReceiptLinkActions = {
  readonly share: Action<{ paymentId: string; days: number }, { id: string; url: string }>
  readonly revoke: Action<{ id: string }, { id: string }>
}

const spans = [1, 7, 30] as const

type Props = { readonly payment: PaymentView; readonly actions: ReceiptLinkActions; readonly onChanged: () => void }

/** Addresses by which a buyer sees masked facts and the slip, without signing in, for some days. */
export function ReceiptLinks({ payment, actions, onChanged }: Props) {
  const words = useWords()
  const { t } = words
  const { links, may, whoMay } = payment.receiptLinks
  const [days, setDays] = useState<number>(7)
  const share = useAction(actions.share)
  const revoke = useAction(actions.revoke)
  const problem = share.problem ?? revoke.problem
  return (
    <div className="grid w-full grid-cols-1 gap-2 border-t border-line pt-3">
      <p className="text-meta text-soft">{t('receipts.shareHint')}</p>
      <div className="flex flex-wrap items-center gap-2">
        <FilterSelect
          label={t('receipts.days')}
          active={false}
          value={days}
          disabled={!may}
          onChange={({ target }) => setDays(Number(target.value))}
        >
          {spans.map((span) => (
            <option key={span} value={span}>
              {t('receipts.forDays', { days: span })}
            </option>
          ))}
        </FilterSelect>
        <Button
          size="small"
          disabled={!may || share.pending}
          onClick={() => void share.run({ paymentId: payment.id, days }).then((made) => made && onChanged())}
        >
          {t('receipts.share')}
        </Button>
      </div>
      {may ? null : (
        <p className="text-meta text-soft">
          {t('denied.inline', { permission: words.permission('receipt.share'), who: words.roles(whoMay) })}
        </p>
      )}
      <ProblemCallout problem={problem} />
      {links.length > 0 ? (
        <ul aria-label={t('receipts.links')} className="grid grid-cols-1 gap-2">
          {links.map((link) => (
            <li key={link.id} className="grid gap-0.5">
              <span className="flex min-w-0 items-center gap-1">
                <a
                  href={link.url}
                  target="_blank"
                  rel="noopener noreferrer"
                  className="relative min-w-0 flex-1 truncate text-accent"
                  title={link.url}
                >
                  {link.url}
                  <span className="sr-only">({t('common.newWindow')})</span>
                </a>
                <Copy value={link.url} what={t('receipts.link')} />
              </span>
              <span className="flex flex-wrap items-center gap-x-2 text-meta text-soft">
                {t('receipts.until', { at: words.instant(link.expiresAt) })} ·{' '}
                {t('receipts.opened', { count: link.opened })} · {link.createdBy}
                <Button
                  look="quiet"
                  size="small"
                  disabled={revoke.pending}
                  onClick={() => void revoke.run({ id: link.id }).then((ended) => ended && onChanged())}
                >
                  {t('receipts.revoke')}
                </Button>
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}
