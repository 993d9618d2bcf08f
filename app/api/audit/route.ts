import { read } from '#lib/server/route.ts'
import { findAudit, FindAudit } from '#lib/services/audit/find-audit.ts'

export const GET = read({ name: 'audit.view', query: FindAudit, run: findAudit })
