import { z } from 'zod'
import { instant, parseIso, type Instant } from '#lib/domain/kst.ts'

/** An instant on the wire: ISO 8601 with an offset. */
export const isoInstant = z.string().transform((text, context): Instant => {
  const at = parseIso(text)
  if (at !== null) return at
  context.addIssue({ code: 'custom', message: 'not ISO 8601 with an offset, as in 2026-11-21T14:00:00+09:00' })
  return z.NEVER
})

/** An instant in the sandbox's own files: milliseconds. */
export const storedInstant = z.number().int().transform(instant)
