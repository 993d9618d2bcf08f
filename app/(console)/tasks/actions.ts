'use server'
import { action } from '#lib/server/action.ts'
import { resolveTask, ResolveTask } from '#lib/services/tasks/resolve-task.ts'

export const resolveTaskAction = action({ name: 'task.resolve', input: ResolveTask, limit: 'write', run: resolveTask })
