import { read } from '#lib/server/route.ts'
import { getDifference, GetDifference } from '#lib/services/comparisons/get-difference.ts'

export const GET = read({ name: 'comparison.view', query: GetDifference, run: getDifference })
