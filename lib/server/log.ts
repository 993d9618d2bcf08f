import 'server-only'
import pino from 'pino'
import { hideCardNumbers } from '#lib/domain/mask.ts'

/** Facts only: ids, codes, durations. Never a body, a credential or a person's data; card numbers are hidden in any case. */
export const log = pino({
  level: 'info',
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  hooks: { streamWrite: hideCardNumbers },
})
