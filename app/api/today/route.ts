import { read } from '#lib/server/route.ts'
import { today, Today } from '#lib/services/totals/today.ts'

export const GET = read({ name: 'today.view', query: Today, run: today })
