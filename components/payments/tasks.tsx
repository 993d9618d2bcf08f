'use client'

import type { PaymentView } from '#lib/domain/views.ts'
import { taskSentence } from '../tasks/task-sentence.ts'
import { DueMark, TaskStep, type ResolveTask } from '../tasks/task-step.tsx'
import { Section } from '../ui/section.tsx'
import { useWords } from '../words.tsx'
import { factsLine } from './fact-words.ts'

type Props = { readonly payment: PaymentView; readonly resolve: ResolveTask; readonly onResolved: () => void }

export function Tasks({ payment, resolve, onResolved }: Props) {
  const words = useWords()
  const { t } = words
  if (payment.tasks.length === 0) return null
  return (
    <Section title={t('detail.tasks.title')}>
      <ul className="grid gap-3">
        {payment.tasks.map((task) => (
          <li key={task.id} className="flex flex-wrap items-start gap-x-4 gap-y-1.5">
            <div className="grid min-w-0 flex-1 basis-80 gap-0.5">
              <span className="flex flex-wrap items-start gap-x-2">
                <DueMark task={task} />
                <span className="min-w-0 flex-1 basis-60">{taskSentence(task, words)}</span>
              </span>
              <span className="text-meta text-soft">
                {[
                  factsLine(task.facts, payment, words),
                  t('detail.tasks.found', { at: words.instant(task.foundAt) }),
                  task.rule && words.ruleTitle(task.rule),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </div>
            <TaskStep
              task={task}
              paymentId={payment.id}
              may={payment.may.tasks}
              resolve={resolve}
              onResolved={onResolved}
            />
          </li>
        ))}
      </ul>
    </Section>
  )
}
