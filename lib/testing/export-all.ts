// A process with little memory that takes a file out and reads it to the end: if rows were held, it would not live through it.
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { createTranslator } from 'use-intl/core'
import type { Messages } from '#lib/i18n/messages.ts'
import { wordsOf } from '#lib/i18n/words.ts'
import { now } from '#lib/server/clock.ts'
import { db } from '#lib/server/db.ts'
import { createExport } from '#lib/services/exports/create-export.ts'
import { downloadExport } from '#lib/services/exports/download-export.ts'

const Wish = z.object({ personId: z.uuid(), storeId: z.uuid(), format: z.enum(['csv', 'xlsx']) })
const { personId, storeId, format } = Wish.parse(JSON.parse(process.argv[2] ?? ''))
const actor = {
  kind: 'person' as const,
  id: personId,
  name: '',
  email: '',
  owner: false,
  grants: new Map([[storeId, 'MANAGER' as const]]),
  sessionId: personId,
  freshUntil: null,
}
const context = { actor, requestId: 'all', now }
const messages: Messages = JSON.parse(readFileSync('lib/i18n/ko.json', 'utf8'))
const words = wordsOf('ko', createTranslator<Messages>({ locale: 'ko', messages }))
const { id } = await createExport(context, { what: 'payments', format, filter: {}, reason: 'all' })
const { body } = await downloadExport(context, { id }, words)
let bytes = 0
for await (const chunk of body) bytes += chunk.length
const { rows } = await db.export.findUniqueOrThrow({ where: { id } })
process.stdout.write(JSON.stringify({ bytes, rows, rss: process.resourceUsage().maxRSS }))
await db.$disconnect()
