'use client'

import { useState } from 'react'
import type { AccountView, GatewayView, TestFinding } from '#lib/domain/views.ts'
import { EnvironmentBadge } from '../frame/environment-badge.tsx'
import { ProblemCallout } from '../problem-callout.tsx'
import { useAction } from '../use-action.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Facts } from '../ui/facts.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { useWords } from '../words.tsx'
import { ChannelForm, EditAccountForm } from './account-forms.tsx'
import { accountFacts, wayOf } from './account-facts.tsx'
import type { AccountActions } from './actions.ts'
import { ChannelRow } from './channel-row.tsx'
import { Findings } from './findings.tsx'
import { Notices } from './notices.tsx'

type Props = {
  readonly account: AccountView
  readonly gateway: GatewayView | undefined
  readonly mayManage: boolean
  readonly actions: AccountActions
}

export function AccountSection({ account, gateway, mayManage, actions }: Props) {
  const words = useWords()
  const { t } = words
  const [sheet, setSheet] = useState<'edit' | 'channel' | null>(null)
  const [findings, setFindings] = useState<readonly TestFinding[] | null>(null)
  const test = useAction(actions.testAccount)
  const runTest = async () => setFindings((await test.run({ accountId: account.id }))?.findings ?? null)
  const close = () => setSheet(null)
  const own = gateway?.ownChannel === true
  return (
    <article className="grid gap-4 border-t border-line py-5" aria-label={account.name}>
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h3 className="font-semibold">{account.name}</h3>
        <span className="text-soft">
          {t(`gateway.${account.gateway}`)}
          {account.gateway === 'portone' ? null : ` · ${wayOf(account, words)}`}
        </span>
        <EnvironmentBadge environment={account.environment} />
        {mayManage ? (
          <span className="ml-auto flex gap-2">
            <Button size="small" disabled={test.pending} onClick={() => void runTest()}>
              {test.pending ? t('accounts.testing') : t('accounts.test')}
            </Button>
            <Button size="small" onClick={() => setSheet('edit')}>
              {t('accounts.edit')}
            </Button>
          </span>
        ) : null}
      </header>
      <ProblemCallout problem={test.problem} />
      {findings ? <Findings findings={findings} /> : null}
      {account.program === 'missing' ? <Callout tone="waiting">{t('accounts.programMissing')}</Callout> : null}
      <Facts facts={accountFacts(account, gateway, words)} />
      {account.webhookUrl === null ? (
        <Notices account={account} renew={actions.renewNotice} mayManage={mayManage} />
      ) : null}
      <section className="grid gap-1">
        <div className="flex items-center gap-3">
          <h4 className="font-medium">{t('accounts.channels')}</h4>
          {mayManage && !own ? (
            <Button size="small" look="quiet" onClick={() => setSheet('channel')}>
              {t('accounts.addChannel')}
            </Button>
          ) : null}
        </div>
        {own ? <p className="text-meta text-soft">{t('accounts.ownChannel')}</p> : null}
        {account.channels.length === 0 ? <p className="text-soft">{t('accounts.noChannels')}</p> : null}
        <ul className="border-t border-line">
          {account.channels.map((channel) => (
            <ChannelRow key={channel.id} channel={channel} mayManage={mayManage} action={actions.updateChannel} />
          ))}
        </ul>
      </section>
      <Sheet
        open={sheet === 'edit'}
        onClose={close}
        held={false}
        title={t('accounts.editTitle', { name: account.name })}
      >
        {gateway ? (
          <EditAccountForm action={actions.updateAccount} account={account} gateway={gateway} onDone={close} />
        ) : null}
      </Sheet>
      <Sheet open={sheet === 'channel'} onClose={close} held={false} title={t('accounts.addChannel')}>
        <ChannelForm action={actions.createChannel} accountId={account.id} onDone={close} />
      </Sheet>
    </article>
  )
}
