import { read } from '#lib/server/route.ts'
import { findDifferences, FindDifferences } from '#lib/services/comparisons/find-differences.ts'

export const GET = read({ name: 'comparison.view', query: FindDifferences, run: findDifferences })
