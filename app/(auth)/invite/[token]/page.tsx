import type { Metadata } from 'next'
import { connection } from 'next/server'
import { InvitationForm } from '#components/session/invitation-form.tsx'
import { translator } from '#lib/i18n/translate.ts'
import { openInvitation } from '#lib/services/people/invitations.ts'
import { acceptInvitationAction } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  // The address is the key: it must not be told to anybody by a link.
  return { title: t('invite.title'), referrer: 'no-referrer' }
}

type Props = { readonly params: Promise<{ readonly token: string }> }

export default async function Invite({ params }: Props) {
  await connection()
  const { token } = await params
  const { t } = await translator()
  const invitation = await openInvitation(token)
  if (!invitation) {
    return (
      <>
        <h1 className="text-lead font-semibold">{t('invite.goneTitle')}</h1>
        <p className="text-soft">{t('problem.invitation.not_found')}</p>
      </>
    )
  }
  return (
    <>
      <h1 className="text-lead font-semibold">{t(`invite.title${invitation.kind}`)}</h1>
      <p className="text-soft">{t(`invite.intro${invitation.kind}`)}</p>
      <InvitationForm token={token} invitation={invitation} accept={acceptInvitationAction} />
    </>
  )
}
