'use client'

import { useState, type FormEvent } from 'react'
import type { PaymentView, ShipmentView } from '#lib/domain/views.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Choice } from '../ui/choice.tsx'
import { TextField } from '../ui/field.tsx'
import { useAction } from '../use-action.ts'
import { useWords } from '../words.tsx'
import type { ShippingActions } from './actions.ts'
import { shipmentProblem } from './stage-mark.tsx'

const NOTE_MAX = 200

type Props = {
  readonly order: ShipmentView
  readonly end: ShippingActions['end']
  readonly reload: () => Promise<PaymentView | null>
}

/** A person looks at the gateway's own console and says what became of an order whose answer was lost. */
export function EndOrder({ order, end, reload }: Props) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  if (open) return <EndForm order={order} end={end} reload={reload} onClose={() => setOpen(false)} />
  return (
    <div>
      <Button size="small" onClick={() => setOpen(true)}>
        {t('shipping.end.open')}
      </Button>
    </div>
  )
}

function EndForm({ order, end, reload, onClose }: Props & { readonly onClose: () => void }) {
  const words = useWords()
  const { t } = words
  const { run, pending, problem } = useAction(end)
  const [happened, setHappened] = useState<'yes' | 'no' | null>(null)
  const [note, setNote] = useState('')
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (happened === null) return
    const ended = await run({ id: order.id, happened: happened === 'yes', note: note.trim() })
    await reload()
    if (ended !== null) onClose()
  }
  return (
    <form method="post" onSubmit={(event) => void submit(event)} className="grid max-w-2xl gap-3 py-2">
      <p className="text-soft">{t('shipping.end.hint')}</p>
      <Choice
        legend={t('shipping.end.legend')}
        name="happened"
        value={happened}
        choices={[
          { value: 'yes', label: t('shipping.end.yes'), hint: t('shipping.end.yesHint') },
          { value: 'no', label: t('shipping.end.no'), hint: t('shipping.end.noHint') },
        ]}
        onChange={(value) => setHappened(value === 'yes' ? 'yes' : 'no')}
      />
      <TextField
        label={t('shipping.end.note')}
        hint={t('shipping.end.noteHint')}
        value={note}
        required
        maxLength={NOTE_MAX}
        autoComplete="off"
        onChange={({ target }) => setNote(target.value)}
      />
      {problem ? (
        <Callout tone="refused" live>
          {shipmentProblem(problem, words)}
        </Callout>
      ) : null}
      <div className="flex gap-2">
        <Button look="primary" type="submit" disabled={pending || happened === null || note.trim() === ''}>
          {t('shipping.end.save')}
        </Button>
        <Button onClick={onClose}>{t('shipping.end.close')}</Button>
      </div>
    </form>
  )
}
