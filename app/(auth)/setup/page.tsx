import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { connection } from 'next/server'
import { FirstOwnerForm } from '#components/session/first-owner-form.tsx'
import { translator } from '#lib/i18n/translate.ts'
import { needsFirstOwner } from '#lib/services/people/create-first-owner.ts'
import { createFirstOwnerAction } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('setup.title') }
}

export default async function Setup() {
  await connection()
  if (!(await needsFirstOwner())) redirect('/login')
  const { t } = await translator()
  return (
    <>
      <h1 className="text-lead font-semibold">{t('setup.title')}</h1>
      <p className="text-soft">{t('setup.intro')}</p>
      <FirstOwnerForm create={createFirstOwnerAction} />
    </>
  )
}
