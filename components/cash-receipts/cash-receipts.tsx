'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CashReceiptsView, PaymentView, ReceiptOrderView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { paymentQuery } from '../payments/payment-query.ts'
import { Button } from '../ui/button.tsx'
import { Facts, type Fact } from '../ui/facts.tsx'
import { Icon } from '../ui/icon.tsx'
import { Mark, type Tone } from '../ui/mark.tsx'
import { Section } from '../ui/section.tsx'
import { useWords } from '../words.tsx'
import type { CashReceiptActions } from './actions.ts'
import { CancelReceiptSheet } from './cancel-receipt-sheet.tsx'
import { IssueReceiptSheet } from './issue-receipt-sheet.tsx'

const FOLLOW_MS = 1_500
const toneOf: Record<ReceiptOrderView['state'], Tone> = {
  SENDING: 'waiting',
  UNCONFIRMED: 'waiting',
  DONE: 'done',
  DECLINED: 'refused',
}
/** Its end may still come by itself: by an answer, or by asking. */
const isOpenOrder = ({ state, nextAskAt }: ReceiptOrderView): boolean =>
  state === 'SENDING' || (state === 'UNCONFIRMED' && nextAskAt !== null)

type Props = {
  readonly payment: PaymentView
  readonly actions: CashReceiptActions
  readonly onOrdered: () => void
}

/** There is one, there was an order, one may be issued, or a task asks for it. */
const isOfUse = ({ tasks }: PaymentView, { receipt, orders, issueDenial }: CashReceiptsView): boolean =>
  receipt !== null || orders.length > 0 || issueDenial === null || tasks.some((task) => task.step === 'cash_receipt')

/** What the gateway knows of the cash receipt, and what was ordered here. */
export function CashReceipts({ payment, actions, onOrdered }: Props) {
  const words = useWords()
  const { t } = words
  const view = payment.cashReceipts
  const waits = view?.orders.some(isOpenOrder) ?? false
  useQuery({ ...paymentQuery(payment.id), enabled: waits, refetchInterval: FOLLOW_MS })
  if (view === null || !isOfUse(payment, view)) return null
  const { receipt } = view
  return (
    <div id="cash-receipt" className="scroll-mt-16">
      <Section title={t('cashReceipts.title')}>
        <div className="grid gap-3">
          {receipt ? (
            <Facts facts={receiptFacts(receipt, payment, words)} />
          ) : (
            <p className="text-soft">{t('cashReceipts.none')}</p>
          )}
          <Buttons payment={payment} view={view} actions={actions} onOrdered={onOrdered} />
          {view.orders.length > 0 ? (
            <ul aria-label={t('cashReceipts.orders')} className="grid gap-1.5 border-t border-line pt-3">
              {view.orders.map((order) => (
                <Order key={order.id} order={order} payment={payment} />
              ))}
            </ul>
          ) : null}
          <p className="text-meta text-faint">{t('cashReceipts.survives')}</p>
        </div>
      </Section>
    </div>
  )
}

function receiptFacts(receipt: NonNullable<CashReceiptsView['receipt']>, payment: PaymentView, words: Words): Fact[] {
  const { t } = words
  const absent = t('common.notProvided')
  return [
    {
      label: t('cashReceipts.status'),
      value: <Mark tone={receipt.status === 'ISSUED' ? 'done' : 'ended'}>{t(`cashReceipt.${receipt.status}`)}</Mark>,
    },
    {
      label: t('cashReceipts.type'),
      value: receipt.type === null ? absent : words.sentence(`cashReceipts.typeOf.${receipt.type}`, {}, receipt.type),
    },
    {
      label: t('cashReceipts.amount'),
      value:
        receipt.amount === null
          ? absent
          : [
              words.money(receipt.amount, payment.currency),
              receipt.taxFree
                ? t('detail.ledger.taxFree', { amount: words.money(receipt.taxFree, payment.currency) })
                : '',
            ]
              .filter(Boolean)
              .join(' · '),
    },
    { label: t('cashReceipts.number'), value: receipt.number ?? absent },
    {
      label: t('cashReceipts.issuedAt'),
      value: receipt.issuedAt === null ? absent : words.instant(receipt.issuedAt),
    },
    ...(receipt.url === null ? [] : [{ label: t('cashReceipts.slip'), value: <SlipAddress url={receipt.url} /> }]),
  ]
}

function SlipAddress({ url }: { readonly url: string }) {
  const { t } = useWords()
  return (
    <a href={url} target="_blank" rel="noopener noreferrer" className="inline-flex items-center gap-1 text-accent">
      {t('cashReceipts.openSlip')}
      <Icon name="out" className="size-3.5" />
      <span className="sr-only">({t('common.newWindow')})</span>
    </a>
  )
}

function Buttons({ payment, view, actions, onOrdered }: Props & { readonly view: CashReceiptsView }) {
  const words = useWords()
  const { t } = words
  const [sheet, setSheet] = useState<{ readonly kind: 'cancel' | 'issue'; readonly opening: number } | null>(null)
  const [open, setOpen] = useState(false)
  const begin = (kind: 'cancel' | 'issue') => {
    setSheet((last) => ({ kind, opening: (last?.opening ?? 0) + 1 }))
    setOpen(true)
  }
  const cancelling = view.receipt?.status === 'ISSUED'
  const denial = cancelling ? view.cancelDenial : view.issueDenial
  const close = () => setOpen(false)
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button disabled={!view.may || denial !== null} onClick={() => begin(cancelling ? 'cancel' : 'issue')}>
        {cancelling ? t('cashReceipts.cancel') : t(view.receipt ? 'cashReceipts.reissue' : 'cashReceipts.issue')}
      </Button>
      {denial !== null ? (
        <span className="text-meta text-soft">{words.sentence(`cashReceipts.denial.${denial}`, {}, denial)}</span>
      ) : null}
      {view.may ? null : (
        <span className="text-meta text-soft">
          {t('denied.inline', { permission: words.permission('cash_receipt.manage'), who: words.roles(view.whoMay) })}
        </span>
      )}
      {sheet?.kind === 'cancel' ? (
        <CancelReceiptSheet
          key={sheet.opening}
          payment={payment}
          view={view}
          open={open}
          onClose={close}
          cancel={actions.cancel}
          onOrdered={onOrdered}
        />
      ) : null}
      {sheet?.kind === 'issue' ? (
        <IssueReceiptSheet
          key={sheet.opening}
          payment={payment}
          view={view}
          open={open}
          onClose={close}
          issue={actions.issue}
          onOrdered={onOrdered}
        />
      ) : null}
    </div>
  )
}

const nextStep = ({ nextAskAt }: ReceiptOrderView, { t, instant }: Words): string =>
  nextAskAt === null ? t('cashReceipts.nobodyToAsk') : t('cashReceipts.nextAsk', { at: instant(nextAskAt) })

function Order({ order, payment }: { readonly order: ReceiptOrderView; readonly payment: PaymentView }) {
  const words = useWords()
  const { t } = words
  const said = [
    t('cashReceipts.by', { who: order.requestedBy, at: words.instant(order.requestedAt) }),
    order.amount === null ? '' : words.money(order.amount, payment.currency),
    order.numberMasked ?? '',
    order.code === null
      ? ''
      : words.sentence(`cashReceipts.code.${order.code}`, {}, t('problem.code', { code: order.code })),
    order.state === 'UNCONFIRMED' ? nextStep(order, words) : '',
  ]
  return (
    <li className="flex flex-wrap gap-x-2">
      <Mark tone={toneOf[order.state]}>
        {t(`cashReceipts.order.${order.kind}`)} {t(`cashReceipts.state.${order.state}`)}
      </Mark>
      <span className="min-w-0 flex-1 basis-60 text-meta text-soft">{said.filter(Boolean).join(' · ')}</span>
    </li>
  )
}
