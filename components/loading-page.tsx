'use client'

import { Skeleton } from './ui/skeleton.tsx'
import { useWords } from './words.tsx'

export function LoadingPage() {
  const { t } = useWords()
  return (
    <div className="pt-16">
      <Skeleton rows={12} label={t('common.loading')} />
    </div>
  )
}
