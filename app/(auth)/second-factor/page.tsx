import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { SecondFactorSetup } from '#components/session/second-factor-setup.tsx'
import { StepUpProvider } from '#components/session/step-up.tsx'
import { translator } from '#lib/i18n/translate.ts'
import { currentSession } from '#lib/server/session.ts'
import { stepUpAction } from '../../(console)/actions.ts'
import { confirmSecondFactorAction, startSecondFactorAction } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('secondFactor.title') }
}

/** Outside the console: whoever must set it up comes no further until it is done. */
export default async function SecondFactor() {
  const session = await currentSession()
  if (!session) redirect('/login')
  const { t } = await translator()
  return (
    <>
      <h1 className="text-lead font-semibold">{t('secondFactor.title')}</h1>
      <p className="text-soft">{t(session.secondFactorDue ? 'secondFactor.due' : 'secondFactor.intro')}</p>
      <StepUpProvider stepUp={stepUpAction}>
        <SecondFactorSetup
          start={startSecondFactorAction}
          confirm={confirmSecondFactorAction}
          due={session.secondFactorDue}
        />
      </StepUpProvider>
    </>
  )
}
