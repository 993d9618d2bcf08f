'use client'

import { useState } from 'react'
import { isHangulName, kcpBytesMax, kcpTextProblem } from '#lib/domain/kcp-text.ts'
import type { AccountCheckView, PaymentView } from '#lib/domain/views.ts'
import { useNow } from '../use-now.ts'
import type { AccountCheckActions, TypedAccount, Wish } from './actions.ts'

const NUMBER_MAX = 20
const NUMBER_MIN = 6
const empty: TypedAccount = { bank: '', number: '', holder: '' }

/** `typed`: the fields stand as they were checked. Otherwise it was picked from the list, and the account is typed again. */
type Held = { readonly id: string; readonly told: AccountCheckView | null; readonly typed: boolean }

/**
 * The account on the sheet and what proves it. It lives in this component's memory only. Any edit after a check drops the
 * check, because a proof is of one account and no other.
 */
export function useRefundAccount({ refundAccount: need, asOf }: PaymentView, enabled: boolean) {
  const now = useNow(asOf, enabled && need !== null)
  const [typed, setTyped] = useState(empty)
  const [held, setHeld] = useState<Held | null>(null)
  const [dropped, setDropped] = useState(false)
  const view = held ? (need?.checks.find((one) => one.id === held.id) ?? held.told) : null
  const unsayable = need?.ofKcp === true ? kcpTextProblem(typed.holder.trim(), kcpBytesMax.holder) : null
  const complete =
    typed.bank !== '' && typed.number.length >= NUMBER_MIN && typed.holder.trim() !== '' && unsayable === null
  const usable = view !== null && isUsable(view, now)

  const edit = (change: Partial<TypedAccount>) => {
    setTyped((before) => ({ ...before, ...change }))
    if (!held || (!held.typed && change.bank === undefined)) return
    setHeld(null)
    setDropped(true)
  }
  const account: Wish['account'] | null =
    complete && usable ? { checkId: view.id, ...typed, holder: typed.holder.trim() } : null
  return {
    need,
    now,
    typed: { ...typed, holder: typed.holder.trim() },
    holderText: typed.holder,
    complete,
    /** Why KCP could not be told the holder. What its character set lacks, only the server knows. */
    unsayable,
    /** ACCOUNT-FIELDS: KCP may not recognise a name that is not all Hangul. */
    notHangul: need?.ofKcp === true && typed.holder.trim() !== '' && !isHangulName(typed.holder.trim()),
    view,
    usable,
    /** A check stood here for another account than the one typed now. */
    dropped,
    /** It was picked from the list; number and holder are typed again, and the server compares. */
    picked: held !== null && !held.typed,
    account,
    setBank: (bank: string) => edit({ bank }),
    setNumber: (text: string) => edit({ number: text.replaceAll(/\D/g, '').slice(0, NUMBER_MAX) }),
    setHolder: (holder: string) => edit({ holder }),
    hold: (id: string, told: AccountCheckView | null) => {
      setHeld({ id, told, typed: true })
      setDropped(false)
    },
    pick: (check: AccountCheckView) => {
      setTyped({ bank: check.account.bank, number: '', holder: '' })
      setHeld({ id: check.id, told: check, typed: false })
      setDropped(false)
    },
  }
}

export const isUsable = ({ result, used, usableUntil }: AccountCheckView, now: number): boolean =>
  result === 'MATCHED' && !used && usableUntil !== null && usableUntil > now

export type RefundAccountForm = ReturnType<typeof useRefundAccount>

/** What each part of the pane is given. */
export type RefundAccountProps = {
  readonly payment: PaymentView
  readonly form: RefundAccountForm
  readonly actions: AccountCheckActions
  readonly reload: () => Promise<unknown>
}
