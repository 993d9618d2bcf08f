import { language } from '#lib/i18n/translate.ts'
import { read } from '#lib/server/route.ts'
import { dueSheet, DueSheet } from '#lib/services/shipments/due-sheet.ts'

export const GET = read({
  name: 'export.download',
  query: DueSheet,
  run: async (context, query) =>
    new Response(await dueSheet(context, query, await language()), {
      headers: {
        'Cache-Control': 'no-store',
        'Content-Type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        'Content-Disposition': 'attachment; filename="escrow-shipments.xlsx"',
      },
    }),
})
