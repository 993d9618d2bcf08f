import type { Metadata } from 'next'
import { TaskList } from '#components/tasks/task-list.tsx'
import { translator } from '#lib/i18n/translate.ts'
import { taskKinds } from '#lib/policy/tasks.ts'
import { resolveTaskAction } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('tasks.title') }
}

export default function Tasks() {
  return <TaskList kinds={taskKinds} resolve={resolveTaskAction} />
}
