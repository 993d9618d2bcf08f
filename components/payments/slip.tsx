'use client'

import { hasSlip } from '#lib/domain/payment.ts'
import type { PaymentView } from '#lib/domain/views.ts'
import { ReceiptLinks, type ReceiptLinkActions } from '../receipts/receipt-links.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Section } from '../ui/section.tsx'
import { useWords } from '../words.tsx'

export function SlipLink({ payment, inline = false }: { readonly payment: PaymentView; readonly inline?: boolean }) {
  const { t } = useWords()
  if (!hasSlip(payment.method, payment.pg) || payment.receiptUrl === null) return null
  return (
    <a
      href={payment.receiptUrl}
      target="_blank"
      rel="noopener noreferrer"
      title={t('detail.slipHint')}
      className={inline ? 'inline-flex items-center gap-1 text-accent' : buttonClass('plain')}
    >
      {t('detail.slip')}
      <Icon name="out" className="size-3.5" />
      <span className="sr-only">({t('common.newWindow')})</span>
    </a>
  )
}

/** Says what the slip does, or why there is none, instead of a dead link. */
export function SlipNote({ payment }: { readonly payment: PaymentView }) {
  const { t } = useWords()
  if (!hasSlip(payment.method, payment.pg)) return t('detail.slipOnly')
  return payment.receiptUrl === null ? t('detail.slipMissing') : t('detail.slipHint')
}

type Props = { readonly payment: PaymentView; readonly actions: ReceiptLinkActions; readonly onChanged: () => void }

/** Where a look-up by number leads: the slip, or why there is none, and the links made for the buyer. */
export function Slip({ payment, actions, onChanged }: Props) {
  const { t } = useWords()
  return (
    <div id="slip" className="scroll-mt-16">
      <Section title={t('receipts.slip')}>
        <div className="grid grid-cols-1 justify-items-start gap-3">
          <div className="grid justify-items-start gap-0.5">
            <SlipLink payment={payment} inline />
            <p className="text-meta text-soft">
              <SlipNote payment={payment} />
            </p>
          </div>
          {payment.gateway === 'ksnet' ? <p className="text-meta text-faint">{t('receipts.kspay')}</p> : null}
          <ReceiptLinks payment={payment} actions={actions} onChanged={onChanged} />
        </div>
      </Section>
    </div>
  )
}
