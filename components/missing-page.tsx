'use client'

import Link from 'next/link'
import { buttonClass } from './ui/button.tsx'
import { State } from './ui/state.tsx'
import { useWords } from './words.tsx'

export function MissingPage() {
  const { t } = useWords()
  return (
    <State
      page
      title={t('page.notFoundTitle')}
      actions={
        <Link href="/payments" className={buttonClass()}>
          {t('page.toPayments')}
        </Link>
      }
    >
      <p>{t('page.notFound')}</p>
    </State>
  )
}
