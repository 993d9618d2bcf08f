import type { TaskView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'

/** What must be done, as a sentence: some kinds have another one where the console does not know enough. */
export function taskSentence(task: Pick<TaskView, 'kind' | 'facts'>, words: Words): string {
  const known = words.sentence(`task.${task.kind}`, task.facts, task.kind)
  if (task.facts['shop'] !== undefined || task.facts['file'] !== undefined)
    return words.sentence('taskCheck.told', task.facts, known)
  if (task.facts['deposited'] !== undefined) return words.sentence('taskCheck.deposited', task.facts, known)
  if (task.facts['check'] !== true) return known
  const form = task.facts['known'] === true ? 'part' : 'unknown'
  return words.sentence(`taskCheck.${form}`, task.facts, known)
}
