import type { Metadata } from 'next'
import { MemberPage } from '#components/members/member-page.tsx'
import { ProblemState } from '#components/problem-state.tsx'
import { translator } from '#lib/i18n/translate.ts'
import { loadPage } from '#lib/server/page.ts'
import { getMember } from '#lib/services/people/list-members.ts'
import {
  disableMemberAction,
  endMemberSessionsAction,
  resetPasswordAction,
  resetSecondFactorAction,
  unlockMemberAction,
  updateMemberAction,
} from '../actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('members.one') }
}

type Props = { readonly params: Promise<{ readonly id: string }> }

export default async function Member({ params }: Props) {
  const { id } = await params
  const loaded = await loadPage('member.view', (context) => getMember(context, id))
  if (!loaded.ok) return <ProblemState page problem={loaded.problem} />
  return (
    <MemberPage
      member={loaded.value}
      actions={{
        update: updateMemberAction,
        disable: disableMemberAction,
        unlock: unlockMemberAction,
        resetPassword: resetPasswordAction,
        resetSecondFactor: resetSecondFactorAction,
        endSessions: endMemberSessionsAction,
      }}
    />
  )
}
