'use client'

import { useState } from 'react'
import { formatMinor, minor, parseMoney, type Minor } from '#lib/domain/money.ts'
import type { PaymentView } from '#lib/domain/views.ts'
import type { Wish } from './actions.ts'
import { usePreview } from './use-preview.ts'

const REASON_MAX = 100

/** What is being filled in: kept as typed, read as money, and what the rules say of it. */
export function useWish(payment: PaymentView, enabled: boolean) {
  const { currency, left, leftTaxFree } = payment
  const [amountText, setAmountText] = useState(() => formatMinor(left, currency))
  const [taxFreeText, setTaxFreeText] = useState('')
  const [reason, setReason] = useState('')
  const [leftAtFirst] = useState(left)

  const amount = parseMoney(amountText, currency)
  const whole = amount === left
  const taxed = payment.receivedTaxFree > 0
  const typed = parseMoney(taxFreeText, currency)
  // The whole of what is left takes exactly the tax-free part that is left; of a part it is asked, never guessed.
  const taxFree = taxed ? (whole ? leftTaxFree : typed) : minor(0)
  const { preview, current, error, again } = usePreview(payment.id, amount, taxFree, enabled)

  const wish: Wish | null =
    amount !== null && amount > 0 && taxFree !== null && reason.trim() !== ''
      ? { amount, taxFree, reason: reason.trim().slice(0, REASON_MAX), remainder: left, remainderTaxFree: leftTaxFree }
      : null
  const setAmount = (value: Minor) => setAmountText(formatMinor(value, currency))
  return {
    amountText,
    setAmountText,
    setAmount,
    taxFreeText,
    setTaxFreeText,
    reason,
    setReason,
    leftAtFirst,
    amount,
    whole,
    taxed,
    taxFree,
    preview,
    current,
    error,
    again,
    wish,
  }
}

export type WishForm = ReturnType<typeof useWish>
