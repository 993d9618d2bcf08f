'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import type { MemberView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { FormFrame } from '../accounts/form-frame.tsx'
import { SessionRows } from '../session/session-rows.tsx'
import { ProblemCallout } from '../problem-callout.tsx'
import { useAction } from '../use-action.ts'
import { Button } from '../ui/button.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Section } from '../ui/section.tsx'
import { useWords } from '../words.tsx'
import type { MemberActions } from './actions.ts'
import { LinkOnce } from './link-once.tsx'
import { MemberMarks } from './members-page.tsx'
import { roleWords } from './role-words.ts'
import { RolesFields, rolesIn } from './roles-fields.tsx'

type Props = { readonly member: MemberView; readonly actions: MemberActions }

export function MemberPage({ member, actions }: Props) {
  const { t } = useWords()
  return (
    <>
      <p className="pt-4">
        <Link href="/members" className="text-accent hover:underline">
          {t('members.back')}
        </Link>
      </p>
      <PageHead title={member.name} note={member.email} actions={<MemberMarks member={member} />} />
      <Section title={t('members.roles')}>
        <Roles member={member} update={actions.update} />
      </Section>
      <Section title={t('members.access')}>
        <Access member={member} actions={actions} />
      </Section>
      <Section title={t('me.sessions')}>
        <SessionRows
          sessions={member.sessions}
          end={({ sessionId }) => actions.endSessions({ userId: member.id, sessionId })}
        />
      </Section>
      <Section title={t('members.history')}>
        <History member={member} />
      </Section>
    </>
  )
}

function Roles({ member, update }: { readonly member: MemberView; readonly update: MemberActions['update'] }) {
  const { t } = useWords()
  const [saved, setSaved] = useState(false)
  return (
    <div className="grid max-w-md gap-3">
      <FormFrame
        action={update}
        read={(data) => {
          setSaved(false)
          return { userId: member.id, ...rolesIn(data, member.stores) }
        }}
        submit={t('members.saveRoles')}
        onDone={() => setSaved(true)}
      >
        <RolesFields stores={member.stores} owner={member.owner} grants={member.grants} />
      </FormFrame>
      {saved ? <output className="text-done">{t('common.saved')}</output> : null}
    </div>
  )
}

/** What can be done to the account at once. */
function Access({ member, actions }: Props) {
  const { t } = useWords()
  const router = useRouter()
  const [link, setLink] = useState<string | null>(null)
  const disable = useAction(actions.disable)
  const unlock = useAction(actions.unlock)
  const password = useAction(actions.resetPassword)
  const factor = useAction(actions.resetSecondFactor)
  const sessions = useAction(actions.endSessions)
  const all = [disable, unlock, password, factor, sessions]
  const problem = all.find((one) => one.problem)?.problem
  const pending = all.some((one) => one.pending)
  const userId = member.id
  const disabled = member.disabledAt !== null
  const then = async (run: Promise<unknown>) => {
    if ((await run) !== null) router.refresh()
  }
  const makeLink = async () => {
    const made = await password.run({ userId })
    if (made) setLink(made.link)
  }
  return (
    <div className="grid gap-3">
      <ProblemCallout problem={problem} />
      {link === null ? null : <LinkOnce link={link} />}
      <div className="flex flex-wrap gap-2">
        {member.locked ? (
          <Button disabled={pending} onClick={() => void then(unlock.run({ userId }))}>
            {t('members.unlock')}
          </Button>
        ) : null}
        <Button disabled={pending || disabled} onClick={() => void makeLink()}>
          {t('members.resetPassword')}
        </Button>
        <Button disabled={pending || !member.secondFactor} onClick={() => void then(factor.run({ userId }))}>
          {t('members.resetSecondFactor')}
        </Button>
        <Button disabled={pending || member.sessions.length === 0} onClick={() => void then(sessions.run({ userId }))}>
          {t('members.endSessions')}
        </Button>
        <Button disabled={pending} onClick={() => void then(disable.run({ userId, disabled: !disabled }))}>
          {t(disabled ? 'members.enable' : 'members.disable')}
        </Button>
      </div>
      <p className="text-meta text-faint">{t('members.accessHint')}</p>
    </div>
  )
}

function History({ member: { history, stores } }: Pick<Props, 'member'>) {
  const words = useWords()
  const { t } = words
  if (history.length === 0) return <p className="text-soft">{t('members.noHistory')}</p>
  return (
    <ol className="border-t border-line">
      {history.map((entry) => (
        <li
          key={entry.id}
          className="grid grid-cols-1 gap-x-4 gap-y-0.5 border-b border-line py-1.5 md:grid-cols-[12rem_10rem_12rem_1fr]"
        >
          <span className="text-soft">{words.instant(entry.at)}</span>
          <span className="truncate">{words.who(entry.who)}</span>
          <span>{words.action(entry.action)}</span>
          <span className="text-soft">{changeOf(entry, stores, words)}</span>
        </li>
      ))}
    </ol>
  )
}

function changeOf(entry: MemberView['history'][number], stores: MemberView['stores'], words: Words): string {
  const outcome = entry.outcome === 'done' ? [] : [words.t(`outcome.${entry.outcome}`)]
  const change = entry.change === null ? [] : [words.sentence(`members.change.${entry.change}`, {}, entry.change)]
  const roles = entry.grants === null ? [] : [roleWords(entry, stores, words)]
  return [...outcome, ...change, ...roles].join(' · ')
}
