import { read } from '#lib/server/route.ts'
import { getExport, OneExport } from '#lib/services/exports/download-export.ts'

export const GET = read({ name: 'export.create', query: OneExport, run: getExport })
