import 'server-only'
import { fromDate, type Instant } from '#lib/domain/kst.ts'
import type { TaskView } from '#lib/domain/views.ts'
import { isTaskKind, taskRule, taskStep } from '#lib/policy/tasks.ts'
import type { Task } from '#prisma/client/client.ts'
import { plainFacts } from '../plain-facts.ts'

export function taskViewOf(task: Task, now: Instant): TaskView {
  const facts = plainFacts(task.facts)
  const known = isTaskKind(task.kind) ? task.kind : null
  return {
    id: task.id,
    kind: task.kind,
    // A kind of a later version is still shown; nobody can end it here.
    rule: known ? taskRule(known).rule : '',
    step: known ? taskStep(known, facts) : 'wait',
    facts,
    dueAt: fromDate(task.dueAt),
    foundAt: fromDate(task.createdAt),
    due: fromDate(task.dueAt) <= now,
  }
}
