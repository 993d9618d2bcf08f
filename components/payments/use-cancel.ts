'use client'

import { useState } from 'react'
import type { Instant } from '#lib/domain/kst.ts'
import type { PaymentView } from '#lib/domain/views.ts'
import type { Said } from '#lib/i18n/words.ts'
import { useFresh } from '../session/fresh.ts'
import type { PaymentActions, Wish } from './actions.ts'

export type Phase =
  | { readonly kind: 'editing'; readonly refused: Said | null }
  | { readonly kind: 'taking' }
  /** No answer came from our own server: not known whether it was taken. */
  | {
      readonly kind: 'lost'
      readonly wish: Wish
      readonly checking: boolean
      readonly absentAt: Instant | null
      readonly unreachable: boolean
    }
  | { readonly kind: 'taken' }

type Props = {
  readonly paymentId: string
  readonly cancel: PaymentActions['cancel']
  readonly reload: () => Promise<PaymentView | null>
  /** After a refusal the new numbers have been shown. */
  readonly onSeen: (payment: PaymentView) => void
}

/**
 * One wish to cancel. Its id is made once and kept while it is not known whether it was taken, so that sending it again
 * cannot cancel twice, also after a fresh sign-in was asked for; only after a clear refusal, when nothing was written, is the next one a new wish.
 */
export function useCancel({ paymentId, cancel, reload, onSeen }: Props) {
  const [id, setId] = useState(() => crypto.randomUUID())
  const [phase, setPhase] = useState<Phase>({ kind: 'editing', refused: null })
  const freshly = useFresh()
  const lose = (wish: Wish) => setPhase({ kind: 'lost', wish, checking: false, absentAt: null, unreachable: false })

  const send = async (wish: Wish) => {
    setPhase({ kind: 'taking' })
    try {
      const result = await freshly(() => cancel({ id, paymentId, ...wish }))
      if (result.ok) setPhase({ kind: 'taken' })
      // The numbers first: what is pressed next is pressed on them.
      const now = await reload()
      if (result.ok) return
      if (result.problem.code === 'broken') return lose(wish)
      if (now) onSeen(now)
      setId(crypto.randomUUID())
      setPhase({ kind: 'editing', refused: result.problem })
    } catch {
      lose(wish)
    }
  }

  const check = async (wish: Wish) => {
    setPhase({ kind: 'lost', wish, checking: true, absentAt: null, unreachable: false })
    const payment = await reload()
    if (payment?.cancellations.some((one) => one.id === id)) setPhase({ kind: 'taken' })
    else
      setPhase({ kind: 'lost', wish, checking: false, absentAt: payment?.asOf ?? null, unreachable: payment === null })
  }

  return { id, phase, send, check }
}
