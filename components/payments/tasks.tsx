'use client'

import type { PaymentView } from '#lib/domain/views.ts'
import { Mark } from '../ui/mark.tsx'
import { Section } from '../ui/section.tsx'
import { useWords } from '../words.tsx'
import { factsLine } from './fact-words.ts'

export function Tasks({ payment }: { readonly payment: PaymentView }) {
  const words = useWords()
  const { t } = words
  if (payment.tasks.length === 0) return null
  return (
    <Section title={t('detail.tasks.title')}>
      <ul className="grid gap-2">
        {payment.tasks.map((task) => (
          <li key={task.id} className="grid gap-0.5">
            <span className="flex items-start gap-2">
              <Mark tone="refused">{t('detail.verdict.attention')}</Mark>
              <span>{words.sentence(`task.${task.kind}`, task.facts, task.kind)}</span>
            </span>
            <span className="text-meta text-soft">
              {[factsLine(task.facts, payment, words), t('detail.tasks.found', { at: words.instant(task.dueAt) })]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
