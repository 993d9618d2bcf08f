import { read } from '#lib/server/route.ts'
import { offerExport, OfferExport } from '#lib/services/exports/create-export.ts'

export const GET = read({ name: 'export.create', query: OfferExport, run: offerExport })
