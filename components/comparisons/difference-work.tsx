'use client'

import Link from 'next/link'
import { useId, useState } from 'react'
import type { DifferenceView } from '#lib/domain/views.ts'
import { ProblemCallout } from '../problem-callout.tsx'
import { Button } from '../ui/button.tsx'
import { controlClass, SelectField } from '../ui/field.tsx'
import { useAction } from '../use-action.ts'
import { useWords } from '../words.tsx'
import type { DifferenceActions } from './actions.ts'

type Props = {
  readonly one: DifferenceView
  readonly actions: Pick<DifferenceActions, 'assign' | 'explain' | 'close'>
  readonly onDone: () => void
}

/** Who has it, what was said of it, and its end. */
export function DifferenceWork({ one, actions, onDone }: Props) {
  const { t } = useWords()
  const id = useId()
  const [text, setText] = useState('')
  const assign = useAction(actions.assign)
  const explain = useAction(actions.explain)
  const close = useAction(actions.close)
  const pending = assign.pending || explain.pending || close.pending
  const problem = assign.problem ?? explain.problem ?? close.problem
  const open = one.state === 'OPEN'
  const give = async (assigneeId: string | null) => {
    if (await assign.run({ id: one.id, assigneeId })) onDone()
  }
  const write = async (verb: typeof explain) => {
    if (!(await verb.run({ id: one.id, text }))) return
    setText('')
    onDone()
  }
  return (
    <section className="grid gap-4 border-t border-line pt-4" aria-label={t('comparisons.notes')}>
      {open ? <Assignee one={one} disabled={pending} onChoose={(to) => void give(to)} /> : null}
      <Notes one={one} />
      <div className="grid gap-2">
        <label htmlFor={id} className="text-meta font-medium text-soft">
          {t('comparisons.noteLabel')}
        </label>
        <textarea
          id={id}
          className={`${controlClass} h-20 w-full py-2`}
          maxLength={500}
          value={text}
          // Emptied once it is kept: what is typed meanwhile would be lost.
          readOnly={pending}
          aria-describedby={`${id}-below`}
          onChange={({ target }) => setText(target.value)}
        />
        <p id={`${id}-below`} className="text-meta text-faint">
          {t('comparisons.noteHint')}
        </p>
        <div className="flex flex-wrap gap-2">
          <Button disabled={pending || text.trim() === ''} onClick={() => void write(explain)}>
            {t('comparisons.addNote')}
          </Button>
          {open ? (
            <Button disabled={pending || text.trim() === ''} onClick={() => void write(close)}>
              {t('comparisons.close')}
            </Button>
          ) : null}
        </div>
        {open ? <p className="text-meta text-faint">{t('comparisons.closeHint')}</p> : null}
      </div>
      <ProblemCallout problem={problem} />
      <FoundIn one={one} />
    </section>
  )
}

type Of = { readonly one: DifferenceView }

type AssigneeProps = Of & { readonly disabled: boolean; readonly onChoose: (id: string | null) => void }

function Assignee({ one, disabled, onChoose }: AssigneeProps) {
  const { t } = useWords()
  return (
    <SelectField
      label={t('comparisons.assignee')}
      className="max-w-72"
      value={one.assignee?.id ?? ''}
      disabled={disabled}
      onChange={({ target }) => onChoose(target.value === '' ? null : target.value)}
    >
      <option value="">{t('comparisons.nobody')}</option>
      {one.people.map((person) => (
        <option key={person.id} value={person.id}>
          {person.name}
        </option>
      ))}
    </SelectField>
  )
}

function Notes({ one }: Of) {
  const { t, instant } = useWords()
  return (
    <div className="grid gap-2">
      <h3 className="text-meta font-medium text-soft">{t('comparisons.notes')}</h3>
      {one.notes.length === 0 ? <p className="text-soft">{t('comparisons.noNotes')}</p> : null}
      <ul className="grid gap-2">
        {one.notes.map((note) => (
          <li key={`${note.at} ${note.text}`}>
            <p className="break-words whitespace-pre-wrap">{note.text}</p>
            <p className="text-meta text-soft">{t('comparisons.noteBy', { who: note.by, at: instant(note.at) })}</p>
          </li>
        ))}
      </ul>
    </div>
  )
}

function FoundIn({ one }: Of) {
  const { t, instant } = useWords()
  return (
    <div className="grid gap-1">
      <h3 className="text-meta font-medium text-soft">{t('comparisons.foundIn')}</h3>
      <ul>
        {one.comparisons.map((found) => (
          <li key={found.id}>
            <Link href={`/comparisons/${found.id}`} className="break-all text-accent">
              {found.fileName}
            </Link>{' '}
            <span className="text-meta text-soft">{instant(found.at)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
