'use client'

import { useId, useState, type FormEvent } from 'react'
import type { PaymentView } from '#lib/domain/views.ts'
import { ProblemCallout } from '../problem-callout.tsx'
import { Button } from '../ui/button.tsx'
import { controlClass } from '../ui/field.tsx'
import { Section } from '../ui/section.tsx'
import { useAction } from '../use-action.ts'
import { useWords } from '../words.tsx'
import type { PaymentActions } from './actions.ts'

const TEXT_MAX = 500

type Props = {
  readonly payment: PaymentView
  readonly add: PaymentActions['staff']['note']
  readonly onAdded: () => Promise<unknown>
}

/** What the staff tell each other of a payment, newest first. Nothing is ever changed or taken away. */
export function Memos({ payment, add, onAdded }: Props) {
  const words = useWords()
  const { t } = words
  const { memos, note } = payment.staff
  return (
    <div id="memo" className="scroll-mt-16">
      <Section title={t('memo.title')}>
        <div className="grid gap-4">
          {note.may ? (
            <NewMemo paymentId={payment.id} add={add} onAdded={onAdded} />
          ) : (
            <p className="text-soft">
              {t('denied.inline', { permission: words.permission('payment.note'), who: words.roles(note.who) })}
            </p>
          )}
          <ol aria-label={t('memo.title')} className="grid gap-3 empty:hidden">
            {memos.map((memo) => (
              <li key={memo.id} className="grid gap-0.5">
                <p className="break-words whitespace-pre-wrap">{memo.text}</p>
                <p className="text-meta text-soft">
                  {memo.who} · {words.instant(memo.at)}
                </p>
              </li>
            ))}
          </ol>
        </div>
      </Section>
    </div>
  )
}

function NewMemo({ paymentId, add, onAdded }: Pick<Props, 'add' | 'onAdded'> & { readonly paymentId: string }) {
  const { t } = useWords()
  const id = useId()
  const { run, pending, problem } = useAction(add)
  const [text, setText] = useState('')
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const added = await run({ paymentId, text: text.trim() })
    if (added !== null) setText('')
    await onAdded()
  }
  return (
    <form method="post" onSubmit={(event) => void submit(event)} className="grid justify-items-start gap-1.5">
      <label htmlFor={id} className="text-meta font-medium text-soft">
        {t('memo.label')}
      </label>
      <textarea
        id={id}
        rows={2}
        maxLength={TEXT_MAX}
        aria-describedby={`${id}-hint`}
        className={`${controlClass} h-auto w-full py-1.5`}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <p id={`${id}-hint`} className="text-meta text-faint">
        {t('memo.hint')}
      </p>
      <ProblemCallout problem={problem} lost={t('memo.lost')} />
      <Button type="submit" disabled={pending || text.trim() === ''}>
        {pending ? t('memo.saving') : t('memo.save')}
      </Button>
    </form>
  )
}
