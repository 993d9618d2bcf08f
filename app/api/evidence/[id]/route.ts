import { read } from '#lib/server/route.ts'
import { readEvidence, ReadEvidence } from '#lib/services/evidence/evidence.ts'

export const GET = read({ name: 'evidence.view', query: ReadEvidence, run: readEvidence })
