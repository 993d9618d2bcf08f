'use client'

import { useState, type FormEvent } from 'react'
import { isCourier, isTracking, OWN_NUMBER, tidyTracking } from '#lib/domain/couriers.ts'
import { formatKst, parseKst, toKstIso } from '#lib/domain/kst.ts'
import type { ShippingVerdict } from '#lib/domain/shipping.ts'
import type { PaymentView, ShippingView } from '#lib/domain/views.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { useAction } from '../use-action.ts'
import { useWords } from '../words.tsx'
import type { ShippingActions } from './actions.ts'
import { courierName, shipmentProblem } from './stage-mark.tsx'

const MINUTES = 16

type Props = {
  readonly payment: PaymentView
  readonly shipping: ShippingView
  readonly kind: 'register' | 'change'
  readonly verdict: Exclude<ShippingVerdict, { kind: 'never' }>
  readonly request: ShippingActions['request']
  readonly reload: () => Promise<PaymentView | null>
  readonly onTaken: () => void
}

/** One wish. Its id is kept while it is not known whether it was taken, so that pressing again cannot register twice. */
export function ShipmentForm({ payment, shipping, kind, verdict, request, reload, onTaken }: Props) {
  const words = useWords()
  const { t } = words
  const { run, pending, problem } = useAction(request)
  const [id, setId] = useState(() => crypto.randomUUID())
  const [courier, setCourier] = useState<string>(shipping.delivery?.courier ?? '')
  const [typed, setTyped] = useState('')
  const [sentAt, setSentAt] = useState(() => formatKst(payment.asOf).slice(0, MINUTES).replace(' ', 'T'))
  const [sendEmail, setSendEmail] = useState(true)
  const [checked, setChecked] = useState(false)

  const known = isCourier(courier) ? courier : null
  const own = known === 'OWN'
  const trackingNumber = own ? OWN_NUMBER : tidyTracking(typed)
  const wrong = known !== null && trackingNumber !== '' && !isTracking(known, trackingNumber)
  const at = parseKst(sentAt)
  const ready = known !== null && trackingNumber !== '' && !wrong && at !== null

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setChecked(true)
    if (!ready) return
    const taken = await run({
      id,
      paymentId: payment.id,
      kind,
      courier: known,
      trackingNumber,
      sentAt: toKstIso(at),
      sendEmail: sendEmail && !shipping.silent,
    })
    await reload()
    if (taken) onTaken()
  }
  // After a clear refusal, when nothing was written, the next press is another wish.
  const unclear = problem?.code === 'lost' || problem?.code === 'broken'
  const change = (set: () => void) => {
    set()
    if (problem && !unclear) setId(crypto.randomUUID())
  }
  return (
    <form method="post" onSubmit={(event) => void submit(event)} className="grid max-w-2xl gap-3" noValidate>
      <div className="grid gap-3 sm:grid-cols-2">
        <SelectField
          label={t('shipping.courier')}
          value={courier}
          error={checked && known === null ? t('shipping.form.pickCourier') : undefined}
          onChange={({ target }) => change(() => setCourier(target.value))}
        >
          <option value="">{t('shipping.form.pickCourier')}</option>
          {shipping.couriers.map((code) => (
            <option key={code} value={code}>
              {courierName(code, words)}
            </option>
          ))}
        </SelectField>
        <TextField
          label={t('shipping.tracking')}
          value={own ? OWN_NUMBER : typed}
          readOnly={own}
          maxLength={60}
          autoComplete="off"
          hint={t(own ? 'shipping.form.ownHint' : 'shipping.form.trackingHint')}
          error={
            known !== null && (wrong || (checked && trackingNumber === ''))
              ? t('shipping.form.trackingWrong', { courier: courierName(known, words) })
              : undefined
          }
          onChange={({ target }) => change(() => setTyped(target.value))}
        />
        <TextField
          label={t('shipping.form.sentAt')}
          type="datetime-local"
          value={sentAt}
          required
          onChange={({ target }) => change(() => setSentAt(target.value))}
        />
        {shipping.silent ? null : (
          <label className="flex items-center gap-2 self-end pb-2">
            <input
              type="checkbox"
              checked={sendEmail}
              onChange={({ target }) => change(() => setSendEmail(target.checked))}
            />
            {t('shipping.form.sendEmail')}
          </label>
        )}
      </div>
      {verdict.warnings.map((warning) => (
        <Callout key={warning} tone="waiting">
          {t(`shipping.warning.${warning}`)}
        </Callout>
      ))}
      {problem ? (
        <Callout tone={unclear ? 'waiting' : 'refused'} live>
          {shipmentProblem(problem, words)} {unclear ? t('shipping.form.lostHint') : null}
        </Callout>
      ) : null}
      <div>
        <Button look="primary" type="submit" disabled={pending}>
          {kind === 'register'
            ? t('shipping.form.register')
            : t(verdict.kind === 'later' ? 'shipping.form.changeLater' : 'shipping.form.change')}
        </Button>
      </div>
    </form>
  )
}
