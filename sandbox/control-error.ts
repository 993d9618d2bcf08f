import type { z } from 'zod'

/** A wish of the control API that cannot be met, as one sentence for the person who made it. */
export class ControlError extends Error {}

export function readInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw new ControlError(describeIssues(result.error))
}

export const describeIssues = (error: z.ZodError): string =>
  error.issues.map((issue) => [issue.path.join('.'), issue.message].filter((part) => part !== '').join(': ')).join('; ')
