import { read } from '#lib/server/route.ts'
import { findTasks, FindTasks } from '#lib/services/tasks/find-tasks.ts'

export const GET = read({ name: 'task.view', query: FindTasks, run: findTasks })
