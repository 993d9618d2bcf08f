'use client'

import Link from 'next/link'
import { useState } from 'react'
import type { TaskView } from '#lib/domain/views.ts'
import { ProblemCallout } from '../problem-callout.tsx'
import { Button, buttonClass } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Mark } from '../ui/mark.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { useAction, type Action } from '../use-action.ts'
import { useWords } from '../words.tsx'
import { taskSentence } from './task-sentence.ts'

export type ResolveTask = Action<{ id: string; note: string }, { id: string }>

const NOTE_MAX = 200

/** When it is due, told by a word and a shape beside its time. */
export function DueMark({ task }: { readonly task: TaskView }) {
  const words = useWords()
  const { t } = words
  if (!task.due) return <Mark tone="waiting">{t('tasks.dueAt', { at: words.instant(task.dueAt) })}</Mark>
  const atOnce = task.dueAt === task.foundAt
  return (
    <Mark tone="refused">{atOnce ? t('tasks.atOnce') : t('tasks.overdue', { at: words.instant(task.dueAt) })}</Mark>
  )
}

/** The one thing that ends a task. */
export function TaskStep({
  task,
  paymentId,
  may,
  resolve,
  onResolved,
}: {
  readonly task: TaskView
  readonly paymentId: string
  readonly may: boolean
  readonly resolve: ResolveTask
  readonly onResolved: () => void
}) {
  const { t } = useWords()
  const [sheet, setSheet] = useState({ opening: 0, open: false })
  switch (task.step) {
    case 'cash_receipt':
      return (
        <Link href={`/payments/${paymentId}#cash-receipt`} className={buttonClass('plain', 'small')}>
          {t('tasks.step.cash_receipt')}
        </Link>
      )
    case 'shipment':
      return (
        <Link href={`/payments/${paymentId}#shipment`} className={buttonClass('plain', 'small')}>
          {t('tasks.step.shipment')}
        </Link>
      )
    case 'deposit':
      return (
        <Link href={`/payments/${paymentId}#deposits`} className={buttonClass('plain', 'small')}>
          {t('tasks.step.deposit')}
        </Link>
      )
    case 'wait':
      return <span className="text-meta text-soft">{t('tasks.step.wait')}</span>
    case 'note':
      return (
        <>
          <Button
            size="small"
            disabled={!may}
            title={may ? undefined : t('tasks.mayNot')}
            onClick={() => setSheet(({ opening }) => ({ opening: opening + 1, open: true }))}
          >
            {t('tasks.step.note')}
          </Button>
          <NoteSheet
            key={sheet.opening}
            task={task}
            open={sheet.open}
            onClose={() => setSheet(({ opening }) => ({ opening, open: false }))}
            resolve={resolve}
            onResolved={onResolved}
          />
        </>
      )
  }
}

type NoteProps = {
  readonly task: TaskView
  readonly open: boolean
  readonly onClose: () => void
  readonly resolve: ResolveTask
  readonly onResolved: () => void
}

function NoteSheet({ task, open, onClose, resolve, onResolved }: NoteProps) {
  const words = useWords()
  const { t } = words
  const [note, setNote] = useState('')
  const { run, pending, problem } = useAction(resolve)
  const send = async () => {
    if ((await run({ id: task.id, note: note.trim() })) === null) return
    onClose()
    onResolved()
  }
  return (
    <Sheet open={open} onClose={onClose} held={false} locked={pending} title={t('tasks.noteTitle')}>
      <form
        method="post"
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <p>{taskSentence(task, words)}</p>
        <TextField
          label={t('tasks.note')}
          hint={t('tasks.noteHint')}
          value={note}
          maxLength={NOTE_MAX}
          required
          onChange={({ target }) => setNote(target.value)}
        />
        <ProblemCallout problem={problem} />
        <Button look="primary" type="submit" disabled={pending || note.trim() === ''} className="justify-self-start">
          {pending ? t('common.saving') : t('tasks.finish')}
        </Button>
      </form>
    </Sheet>
  )
}
