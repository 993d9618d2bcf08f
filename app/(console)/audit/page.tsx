import type { Metadata } from 'next'
import { AuditLog } from '#components/audit/audit-log.tsx'
import { translator } from '#lib/i18n/translate.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('audit.title') }
}

export default function Audit() {
  return <AuditLog />
}
