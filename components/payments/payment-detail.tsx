'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useState } from 'react'
import type { PaymentView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { CashReceipts } from '../cash-receipts/cash-receipts.tsx'
import { hasShipping, Shipping } from '../escrow/shipping.tsx'
import { TestEdge } from '../frame/environment-badge.tsx'
import { ProblemCallout } from '../problem-callout.tsx'
import { Icon } from '../ui/icon.tsx'
import { useAction } from '../use-action.ts'
import { useWords } from '../words.tsx'
import type { PaymentActions } from './actions.ts'
import { Balance } from './balance.tsx'
import { CancelSheet } from './cancel-sheet.tsx'
import { CloseSheet } from './close-sheet.tsx'
import { Deposits } from './deposits.tsx'
import { HandRefunds, HandRefundSheet, mayRecordByHand } from './hand-refunds.tsx'
import { Ledger } from './ledger.tsx'
import { Memos } from './memos.tsx'
import { MoreMenu } from './more-menu.tsx'
import { PaymentFacts } from './payment-facts.tsx'
import { paymentQuery } from './payment-query.ts'
import { Slip } from './slip.tsx'
import { SourceNote } from './source-mark.tsx'
import { StandingStrip } from './standing-strip.tsx'
import { Tasks } from './tasks.tsx'
import { Timeline } from './timeline.tsx'
import { TwoRecords } from './two-records.tsx'

const BUSY_MS = 2_000
const QUIET_MS = 30_000

export function PaymentDetail({
  initial,
  actions,
}: {
  readonly initial: PaymentView
  readonly actions: PaymentActions
}) {
  const words = useWords()
  const { data: payment, refetch } = useQuery({
    ...paymentQuery(initial.id),
    initialData: initial,
    refetchInterval: ({ state }) => (state.data?.busy ? BUSY_MS : QUIET_MS),
  })
  // Each opening is a wish of its own; closing keeps the sheet until it has gone.
  const [sheet, setSheet] = useState({ opening: 0, open: false })
  const [closing, setClosing] = useState({ opening: 0, open: false })
  const [byHand, setByHand] = useState({ opening: 0, open: false })
  const [askEscrow, setAskEscrow] = useState(false)
  const withdraw = useAction(actions.withdraw)
  // Only what was read now counts: what stood before says nothing of what has been taken since.
  const reload = async () => {
    const read = await refetch()
    return read.isError ? null : (read.data ?? null)
  }
  const seldom = [
    ...(mayRecordByHand(payment)
      ? [
          {
            label: words.t('byHand.open'),
            onPick: () => setByHand(({ opening }) => ({ opening: opening + 1, open: true })),
          },
        ]
      : []),
    ...(payment.shipping?.may && !askEscrow && !hasShipping(payment)
      ? [{ label: words.t('shipping.asked.open'), onPick: () => setAskEscrow(true) }]
      : []),
  ]
  return (
    <>
      <TestEdge shown={payment.environment !== 'live' || payment.testStore} />
      <Identity payment={payment} words={words} />
      <SourceNote payment={payment} />
      <StandingStrip
        payment={payment}
        onCancel={() => setSheet(({ opening }) => ({ opening: opening + 1, open: true }))}
        onCloseAccount={() => setClosing(({ opening }) => ({ opening: opening + 1, open: true }))}
        menu={<MoreMenu items={seldom} />}
      />
      <Balance payment={payment} />
      <ProblemCallout problem={withdraw.problem} />
      <Ledger
        payment={payment}
        withdrawing={withdraw.pending}
        onWithdraw={(id) => void withdraw.run({ id }).then(reload)}
      />
      <Deposits payment={payment} decide={actions.decideDeposit} onDecided={reload} />
      <Tasks payment={payment} resolve={actions.resolveTask} onResolved={() => void reload()} />
      <div className="grid gap-x-10 lg:grid-cols-[minmax(0,1fr)_340px]">
        <div className="min-w-0">
          <Shipping payment={payment} actions={actions.shipping} reload={reload} wanted={askEscrow} />
          <CashReceipts payment={payment} actions={actions.cashReceipt} onOrdered={() => void reload()} />
          <HandRefunds payment={payment} />
          <TwoRecords payment={payment} refresh={actions.refresh} onRefreshed={() => void reload()} />
          <Timeline payment={payment} />
        </div>
        <div className="min-w-0">
          <PaymentFacts payment={payment} reveal={actions.staff.reveal} />
          <Slip payment={payment} actions={actions.receiptLink} onChanged={() => void reload()} />
          <Memos payment={payment} add={actions.staff.note} onAdded={reload} />
        </div>
      </div>
      <CancelSheet
        key={sheet.opening}
        payment={payment}
        open={sheet.open}
        onClose={() => setSheet(({ opening }) => ({ opening, open: false }))}
        actions={actions}
        reload={reload}
      />
      <HandRefundSheet
        key={`by hand ${byHand.opening}`}
        payment={payment}
        record={actions.staff.byHand}
        onRecorded={reload}
        open={byHand.open}
        onClose={() => setByHand(({ opening }) => ({ opening, open: false }))}
      />
      <CloseSheet
        key={`close ${closing.opening}`}
        payment={payment}
        open={closing.open}
        onClose={() => setClosing(({ opening }) => ({ opening, open: false }))}
        actions={actions}
        reload={reload}
      />
    </>
  )
}

/** What a buyer on the phone reads from a card message: who, by what, which number, when. */
function Identity({ payment, words }: { readonly payment: PaymentView; readonly words: Words }) {
  const { card, easyPay } = payment.methodFacts
  const { memos } = payment.staff
  const name = (code: string | undefined) => (code === undefined ? null : words.institution(code))
  const parts = [
    payment.pg,
    name(easyPay?.provider),
    name(card?.issuer),
    card?.number,
    payment.approvalNumber && words.t('detail.ledger.receivedApproval', { number: payment.approvalNumber }),
    words.instant(payment.approvedAt),
    payment.buyerMasked,
    payment.orderName,
  ]
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 pt-4 text-soft">
      <Link href="/payments" className="inline-flex items-center gap-1 text-accent">
        <Icon name="back" className="size-3.5" />
        {words.t('common.back')}
      </Link>
      <span>{parts.filter(Boolean).join(' · ')}</span>
      {memos.length > 0 ? (
        <a href="#memo" className="text-accent">
          {words.t('memo.count', { count: memos.length })}
        </a>
      ) : null}
    </div>
  )
}
