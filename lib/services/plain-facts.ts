import 'server-only'
import { z } from 'zod'
import type { Facts } from '#lib/domain/problem.ts'

const plain = z.union([z.string(), z.number(), z.boolean(), z.null()])
/** The facts that can stand in a sentence; what is nested stays in the audit page. */
export function plainFacts(stored: unknown): Facts {
  const members = z.record(z.string(), z.unknown()).parse(stored)
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) => {
      const read = plain.safeParse(value)
      return read.success ? [[name, read.data]] : []
    }),
  )
}
