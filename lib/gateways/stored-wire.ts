import { z } from 'zod'
import type { Wire } from './connector.ts'

/** A frozen message as it is read back from the attempt that holds it. */
export const storedWire: z.ZodType<Wire> = z.discriminatedUnion('via', [
  z.object({
    via: z.literal('http'),
    method: z.enum(['GET', 'POST', 'PATCH']),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string().nullable(),
  }),
  z.object({ via: z.literal('tcp'), host: z.string(), port: z.int(), frame: z.string() }),
  z.object({ via: z.literal('cli'), program: z.string(), args: z.array(z.string()) }),
])
