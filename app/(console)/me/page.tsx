import type { Metadata } from 'next'
import { ProblemState } from '#components/problem-state.tsx'
import { MePage } from '#components/session/me-page.tsx'
import { translator } from '#lib/i18n/translate.ts'
import { loadPage } from '#lib/server/page.ts'
import { ownAccount } from '#lib/services/people/own-account.ts'
import {
  changePasswordAction,
  endOwnSessionAction,
  renewRecoveryCodesAction,
  turnOffSecondFactorAction,
} from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('me.title') }
}

export default async function Me() {
  const loaded = await loadPage('session.view', ownAccount)
  if (!loaded.ok) return <ProblemState page problem={loaded.problem} />
  return (
    <MePage
      me={loaded.value}
      actions={{
        endSession: endOwnSessionAction,
        changePassword: changePasswordAction,
        renewCodes: renewRecoveryCodesAction,
        turnOff: turnOffSecondFactorAction,
      }}
    />
  )
}
