import type { Metadata } from 'next'
import { MembersPage } from '#components/members/members-page.tsx'
import { ProblemState } from '#components/problem-state.tsx'
import { translator } from '#lib/i18n/translate.ts'
import { loadPage } from '#lib/server/page.ts'
import { listMembers } from '#lib/services/people/list-members.ts'
import { inviteMemberAction, requireSecondFactorAction, revokeInvitationAction } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('members.title') }
}

export default async function Members() {
  const loaded = await loadPage('member.view', listMembers)
  if (!loaded.ok) return <ProblemState page problem={loaded.problem} />
  return (
    <MembersPage
      listed={loaded.value}
      actions={{
        invite: inviteMemberAction,
        revoke: revokeInvitationAction,
        requireSecondFactor: requireSecondFactorAction,
      }}
    />
  )
}
