'use client'

import { useState, type FormEvent } from 'react'
import type { PaymentView, ShippingView } from '#lib/domain/views.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { TextField } from '../ui/field.tsx'
import { useAction } from '../use-action.ts'
import { useWords } from '../words.tsx'
import type { ShippingActions } from './actions.ts'
import { shipmentProblem } from './stage-mark.tsx'

const REASON_MAX = 50

type Props = {
  readonly payment: PaymentView
  readonly shipping: ShippingView
  readonly hold: ShippingActions['hold']
  readonly reload: () => Promise<PaymentView | null>
}

/** Asks the gateway to hold back the settlement while a dispute lasts; only where it has such a thing, and only when it may. */
export function HoldPart({ payment, shipping, hold, reload }: Props) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  const { hold: verdict, may } = shipping
  if (verdict === null) return null
  if (verdict.kind === 'never')
    return verdict.reason === 'held' ? <p className="text-soft">{t('shipping.hold.held')}</p> : null
  if (!may) return null
  return open ? (
    <HoldForm payment={payment} hold={hold} reload={reload} onTaken={() => setOpen(false)} />
  ) : (
    <div>
      <Button onClick={() => setOpen(true)}>{t('shipping.hold.open')}</Button>
    </div>
  )
}

/** One wish; its id is kept while it is not known whether it was taken. */
function HoldForm({
  payment,
  hold,
  reload,
  onTaken,
}: Pick<Props, 'payment' | 'hold' | 'reload'> & { readonly onTaken: () => void }) {
  const words = useWords()
  const { t } = words
  const { run, pending, problem } = useAction(hold)
  const [id, setId] = useState(() => crypto.randomUUID())
  const [reason, setReason] = useState('')
  const unclear = problem?.code === 'lost' || problem?.code === 'broken'
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const taken = await run({ id, paymentId: payment.id, reason: reason.trim() })
    await reload()
    if (taken) onTaken()
  }
  return (
    <form method="post" onSubmit={(event) => void submit(event)} className="grid max-w-2xl gap-3">
      <TextField
        label={t('shipping.hold.reason')}
        hint={t('shipping.hold.hint')}
        value={reason}
        required
        maxLength={REASON_MAX}
        autoComplete="off"
        onChange={({ target }) => {
          setReason(target.value)
          if (problem && !unclear) setId(crypto.randomUUID())
        }}
      />
      {problem ? (
        <Callout tone={unclear ? 'waiting' : 'refused'} live>
          {shipmentProblem(problem, words)} {unclear ? t('shipping.form.lostHint') : null}
        </Callout>
      ) : null}
      <div className="flex gap-2">
        <Button look="primary" type="submit" disabled={pending || reason.trim() === ''}>
          {t('shipping.hold.send')}
        </Button>
        <Button onClick={onTaken}>{t('shipping.hold.close')}</Button>
      </div>
    </form>
  )
}
