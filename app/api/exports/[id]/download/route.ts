import { translator } from '#lib/i18n/translate.ts'
import { read } from '#lib/server/route.ts'
import { downloadExport, OneExport } from '#lib/services/exports/download-export.ts'

export const GET = read({
  name: 'export.download',
  query: OneExport,
  run: async (context, query) => {
    const { name, type, body } = await downloadExport(context, query, await translator())
    return new Response(body, {
      headers: {
        'Content-Type': type,
        'Content-Disposition': `attachment; filename="${name}"`,
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
      },
    })
  },
})
