'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState, type FormEvent } from 'react'
import type { InvitationView, MemberItem, MembersView } from '#lib/domain/views.ts'
import { textOf } from '../accounts/form-frame.tsx'
import { ProblemCallout } from '../problem-callout.tsx'
import { useAction } from '../use-action.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Mark } from '../ui/mark.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Section } from '../ui/section.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { useWords } from '../words.tsx'
import type { MembersActions } from './actions.ts'
import { LinkOnce } from './link-once.tsx'
import { roleWords } from './role-words.ts'
import { RolesFields, rolesIn } from './roles-fields.tsx'

type Props = { readonly listed: MembersView; readonly actions: MembersActions }

export function MembersPage({ listed, actions }: Props) {
  const { t, count } = useWords()
  const [inviting, setInviting] = useState(false)
  return (
    <>
      <PageHead
        title={t('members.title')}
        note={t('members.count', { count: count(listed.members.length) })}
        actions={
          <Button look="primary" onClick={() => setInviting(true)}>
            {t('members.invite')}
          </Button>
        }
      />
      <ul aria-label={t('members.title')} className="border-t border-line">
        {listed.members.map((member) => (
          <Row key={member.id} member={member} stores={listed.stores} />
        ))}
      </ul>
      <Section title={t('members.invitations')} className="mt-6">
        <Invitations listed={listed} revoke={actions.revoke} />
      </Section>
      <Section title={t('members.policy')}>
        <Policy required={listed.secondFactorRequired} change={actions.requireSecondFactor} />
      </Section>
      <Sheet open={inviting} onClose={() => setInviting(false)} held={false} title={t('members.invite')}>
        <InviteForm stores={listed.stores} invite={actions.invite} />
      </Sheet>
    </>
  )
}

function Row({ member, stores }: { readonly member: MemberItem; readonly stores: MembersView['stores'] }) {
  const words = useWords()
  const { t } = words
  return (
    <li className="border-b border-line">
      <Link
        href={`/members/${member.id}`}
        className="grid min-h-9 grid-cols-1 items-center gap-x-4 gap-y-0.5 py-1.5 hover:bg-sunk md:grid-cols-[16rem_1fr_17rem_12rem]"
      >
        <span className="min-w-0">
          <span className="font-medium">{member.name}</span>
          <span className="block truncate text-meta text-faint">{member.email}</span>
        </span>
        <span>{roleWords(member, stores, words)}</span>
        <span className="text-soft">
          {member.lastSeenAt === null ? t('members.neverSeen') : t('me.seen', { at: words.instant(member.lastSeenAt) })}
        </span>
        <MemberMarks member={member} />
      </Link>
    </li>
  )
}

export function MemberMarks({ member }: { readonly member: MemberItem }) {
  const { t } = useWords()
  return (
    <span className="flex flex-wrap gap-x-3">
      {member.disabledAt === null ? null : <Mark tone="ended">{t('members.disabled')}</Mark>}
      {member.locked ? <Mark tone="refused">{t('members.locked')}</Mark> : null}
      <Mark tone={member.secondFactor ? 'done' : 'ended'}>
        {t(member.secondFactor ? 'secondFactor.on' : 'secondFactor.off')}
      </Mark>
    </span>
  )
}

function InviteForm({
  stores,
  invite,
}: {
  readonly stores: MembersView['stores']
  readonly invite: MembersActions['invite']
}) {
  const { t } = useWords()
  const router = useRouter()
  const { run, pending, problem } = useAction(invite)
  const [link, setLink] = useState<string | null>(null)
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const made = await run({ email: textOf(data, 'email'), name: textOf(data, 'name'), ...rolesIn(data, stores) })
    if (!made) return
    setLink(made.link)
    router.refresh()
  }
  if (link !== null) return <LinkOnce link={link} />
  return (
    <form method="post" onSubmit={(event) => void send(event)} className="grid gap-4">
      <TextField label={t('login.email')} name="email" type="email" autoComplete="off" required maxLength={200} />
      <TextField label={t('setup.name')} name="name" autoComplete="off" required maxLength={60} />
      <RolesFields stores={stores} owner={false} grants={[]} />
      <ProblemCallout problem={problem} />
      <Button look="primary" type="submit" disabled={pending} className="justify-self-start">
        {pending ? t('common.saving') : t('members.makeLink')}
      </Button>
    </form>
  )
}

function Invitations({
  listed: { invitations, stores },
  revoke,
}: {
  readonly listed: MembersView
  readonly revoke: MembersActions['revoke']
}) {
  const words = useWords()
  const { t } = words
  const router = useRouter()
  const { run, pending, problem } = useAction(revoke)
  const end = async ({ id }: InvitationView) => {
    if ((await run({ invitationId: id })) !== null) router.refresh()
  }
  if (invitations.length === 0) return <p className="text-soft">{t('members.noInvitations')}</p>
  return (
    <div className="grid gap-3">
      <ProblemCallout problem={problem} />
      <ul className="border-t border-line">
        {invitations.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-2">
            <span className="min-w-0 flex-1">
              <span className="font-medium">{one.name}</span> <span className="text-soft">{one.email}</span>
              <span className="block text-meta text-soft">
                {one.kind === 'RESET' ? t('members.linkReset') : roleWords(one, stores, words)}
                {` · ${t('members.linkUntil', { at: words.instant(one.expiresAt), who: one.createdBy })}`}
              </span>
            </span>
            <Button
              size="small"
              disabled={pending}
              aria-label={t('members.revokeOf', { name: one.name })}
              onClick={() => void end(one)}
            >
              {t('members.revoke')}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Policy({
  required,
  change,
}: {
  readonly required: boolean
  readonly change: MembersActions['requireSecondFactor']
}) {
  const { t } = useWords()
  const router = useRouter()
  const { run, pending, problem } = useAction(change)
  const turn = async () => {
    if ((await run({ required: !required })) !== null) router.refresh()
  }
  return (
    <div className="grid justify-items-start gap-3">
      <Mark tone={required ? 'done' : 'ended'}>{t(required ? 'members.required' : 'members.notRequired')}</Mark>
      <p className="text-soft">{t('members.requiredHint')}</p>
      <ProblemCallout problem={problem} />
      <Button disabled={pending} onClick={() => void turn()}>
        {t(required ? 'members.dontRequire' : 'members.require')}
      </Button>
    </div>
  )
}
