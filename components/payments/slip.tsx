'use client'

import { hasSlip, slipPrints } from '#lib/domain/payment.ts'
import type { PaymentView } from '#lib/domain/views.ts'
import { slipName } from '../receipts/slip-name.ts'
import { ReceiptLinks, type ReceiptLinkActions } from '../receipts/receipt-links.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Section } from '../ui/section.tsx'
import { useWords } from '../words.tsx'

const slipOf = ({ method, pg, receiptUrl }: PaymentView) => (hasSlip(method, pg) ? receiptUrl : null)

export function SlipLink({ payment, inline = false }: { readonly payment: PaymentView; readonly inline?: boolean }) {
  const words = useWords()
  const { t } = words
  const url = slipOf(payment)
  if (url === null) return null
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      title={t(hintOf(payment))}
      className={inline ? 'inline-flex items-center gap-1 text-accent' : buttonClass('plain')}
    >
      {slipName(payment, words)}
      <Icon name="out" className="size-3.5" />
      <span className="sr-only">({t('common.newWindow')})</span>
    </a>
  )
}

const hintOf = ({ pg, gateway }: PaymentView) =>
  slipPrints(pg) ? 'detail.slipHint' : gateway === 'kcp' ? 'detail.slipHintKcp' : 'detail.slipHintPlain'

/** Says what the slip does, or why there is none, instead of a dead link. */
export function SlipNote({ payment }: { readonly payment: PaymentView }) {
  const { t } = useWords()
  if (!hasSlip(payment.method, payment.pg)) return t('detail.slipOnly')
  if (payment.receiptUrl !== null) return t(hintOf(payment))
  if (payment.gateway !== 'kcp') return t('detail.slipMissing')
  if (payment.method === 'OTHER') return t('detail.slipNoneKcp')
  return t(payment.environment === 'sandbox' ? 'detail.slipSandbox' : 'detail.slipMissing')
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
          {payment.gateway === 'ksnet' && slipOf(payment) !== null ? (
            <p className="text-meta text-faint">{t('receipts.kspay')}</p>
          ) : null}
          <ReceiptLinks payment={payment} actions={actions} onChanged={onChanged} />
        </div>
      </Section>
    </div>
  )
}
