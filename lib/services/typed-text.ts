import 'server-only'
import { z } from 'zod'

/** One line as a person types it: no control characters, and no half of a character, which no JSON column takes. */
export const typedText = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u)
