import { inspect } from 'node:util'

/** What should not have happened, told to whoever runs the sandbox. */
export const report = (error: unknown): boolean => process.stderr.write(`${inspect(error)}\n`)
