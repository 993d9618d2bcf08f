import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { endings } from '#components/session/endings.ts'
import { LoginForm } from '#components/session/login-form.tsx'
import { translator } from '#lib/i18n/translate.ts'
import { DEMO_PASSWORD, demoLogins } from '#lib/server/demo.ts'
import { needsFirstOwner } from '#lib/services/people/create-first-owner.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('login.title') }
}

type Props = {
  readonly searchParams: Promise<{ readonly callbackUrl?: string | string[]; readonly ended?: string | string[] }>
}

export default async function Login({ searchParams }: Props) {
  if (await needsFirstOwner()) redirect('/setup')
  const { t } = await translator()
  const { callbackUrl, ended } = await searchParams
  const people = demoLogins()
  return (
    <>
      <h1 className="text-lead font-semibold">{t('login.title')}</h1>
      <LoginForm
        callbackUrl={typeof callbackUrl === 'string' ? callbackUrl : undefined}
        ended={endings.find((one) => one === ended) ?? null}
        demo={people && { password: DEMO_PASSWORD, people }}
      />
    </>
  )
}
