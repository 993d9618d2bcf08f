'use client'

import { useEffect, useState } from 'react'
import { formatMinor, minor, parseMoney, type Minor } from '#lib/domain/money.ts'
import type { PaymentView } from '#lib/domain/views.ts'
import { useFrame } from '../frame/frame-context.tsx'
import type { Wish } from './actions.ts'
import { forgetDraft, keepDraft, readDraft } from './draft.ts'
import { usePreview } from './use-preview.ts'
import { useRefundAccount } from './use-refund-account.ts'
import { wishVerdict } from './wish-verdict.ts'

const REASON_MAX = 100

/** What is being filled in: kept as typed, read as money, and what the rules say of it. */
export function useWish(payment: PaymentView, enabled: boolean) {
  const { currency, left, leftTaxFree } = payment
  const who = useFrame().person.email
  const [draft] = useState(() => readDraft(who, payment.id))
  const [first] = useState(() => formatMinor(left, currency))
  const [amountText, setAmountText] = useState(draft?.amount ?? first)
  const [taxFreeText, setTaxFreeText] = useState(draft?.taxFree ?? '')
  const [reason, setReason] = useState(draft?.reason ?? '')
  // What the clerk has seen; the server refuses where it is no longer so, and only then is the new number taken as seen.
  const [seen, setSeen] = useState({ left, leftTaxFree })

  const amount = parseMoney(amountText, currency)
  const whole = amount === left
  const taxed = payment.receivedTaxFree > 0
  const typed = parseMoney(taxFreeText, currency)
  // The whole of what is left takes exactly the tax-free part that is left; of a part it is asked, never guessed.
  const taxFree = taxed ? (whole ? leftTaxFree : typed) : minor(0)
  const { preview, current, error } = usePreview(payment, amount, taxFree, enabled)
  const refund = useRefundAccount(payment, enabled)
  const verdict = wishVerdict(preview ?? payment, refund.account !== null)

  const wish: Wish | null =
    amount !== null && amount > 0 && taxFree !== null && reason.trim() !== ''
      ? {
          amount,
          taxFree,
          reason: reason.trim().slice(0, REASON_MAX),
          remainder: seen.left,
          remainderTaxFree: seen.leftTaxFree,
          ...(verdict.sendAt !== null && { later: true }),
          ...(refund.account && { account: refund.account }),
        }
      : null
  const [sent, setSent] = useState(false)
  const untouched = amountText === first && taxFreeText === '' && reason === ''
  useEffect(() => {
    if (!enabled) return
    if (sent || untouched) forgetDraft(who, payment.id)
    else keepDraft(who, payment.id, { amount: amountText, taxFree: taxFreeText, reason })
  }, [enabled, sent, untouched, who, payment.id, amountText, taxFreeText, reason])
  /** Writes what was understood the way money is written. */
  const tidy = () => {
    if (amount !== null) setAmountText(formatMinor(amount, currency))
    if (typed !== null) setTaxFreeText(formatMinor(typed, currency))
  }
  const setAmount = (value: Minor) => setAmountText(formatMinor(value, currency))
  return {
    amountText,
    setAmountText,
    setAmount,
    tidy,
    taxFreeText,
    setTaxFreeText,
    reason,
    setReason,
    /** It was taken: nothing of it is kept here any longer. */
    setSent,
    seen,
    see: (now: PaymentView) => setSeen({ left: now.left, leftTaxFree: now.leftTaxFree }),
    amount,
    whole,
    taxed,
    taxFree,
    preview,
    current,
    error,
    refund,
    verdict,
    wish,
  }
}

export type WishForm = ReturnType<typeof useWish>
