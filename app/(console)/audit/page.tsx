import type { Metadata } from 'next'
import { AuditLog } from '#components/audit/audit-log.tsx'
import { ProblemState } from '#components/problem-state.tsx'
import { DomainError } from '#lib/domain/problem.ts'
import { translator } from '#lib/i18n/translate.ts'
import { whoMay } from '#lib/policy/permissions.ts'
import { frameOf } from '#lib/server/frame.ts'
import { loadPage } from '#lib/server/page.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('audit.title') }
}

export default async function Audit() {
  const loaded = await loadPage('audit.view', async ({ actor }) => {
    const { may } = await frameOf(actor)
    if (!may.audit) {
      throw new DomainError('permission.missing', { permission: 'audit.view', who: whoMay('audit.view').join(', ') })
    }
  })
  return loaded.ok ? <AuditLog /> : <ProblemState page problem={loaded.problem} />
}
