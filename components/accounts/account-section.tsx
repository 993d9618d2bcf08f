'use client'

import { useState } from 'react'
import type { AccountView, GatewayView, TestFinding } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { EnvironmentBadge } from '../frame/environment-badge.tsx'
import { useAction } from '../use-action.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Copy } from '../ui/copy.tsx'
import { Facts, type Fact } from '../ui/facts.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { useWords } from '../words.tsx'
import { ChannelForm, EditAccountForm } from './account-forms.tsx'
import type { AccountActions } from './actions.ts'
import { ChannelRow } from './channel-row.tsx'
import { Findings } from './findings.tsx'

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
  return (
    <article className="grid gap-4 border-t border-line py-5" aria-label={account.name}>
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h3 className="font-semibold">{account.name}</h3>
        <span className="text-soft">{t(`gateway.${account.gateway}`)}</span>
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
      {test.problem ? (
        <Callout tone="refused" live>
          {words.problem(test.problem)}
        </Callout>
      ) : null}
      {findings ? <Findings findings={findings} /> : null}
      <Facts facts={factsOf(account, gateway, words)} />
      <section className="grid gap-1">
        <div className="flex items-center gap-3">
          <h4 className="font-medium">{t('accounts.channels')}</h4>
          {mayManage ? (
            <Button size="small" look="quiet" onClick={() => setSheet('channel')}>
              {t('accounts.addChannel')}
            </Button>
          ) : null}
        </div>
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

/** Why the list of payments, or one on it, could not be read. */
const feedErrorOf = (error: string, { t, sentence }: Words) =>
  sentence(`accounts.feedError.${error}`, {}, t('accounts.feedError.other', { error }))

/** Red where a person must set something right; what may come by itself is amber. */
const feedLook = (error: string | null) =>
  error === null ? '' : ['UNAUTHORIZED', 'FORBIDDEN', 'refused'].includes(error) ? 'text-refused' : 'text-waiting'

function factsOf(account: AccountView, gateway: GatewayView | undefined, words: Words): Fact[] {
  const { t } = words
  const credentials = (gateway?.fields ?? []).map(({ name, secret }): Fact => {
    const hint = account.hints[name]
    const value = secret
      ? hint
        ? t('accounts.secretIs', { date: words.date(hint.setAt), endsIn: hint.endsIn })
        : t('accounts.secretUnset')
      : (account.settings[name] ?? t('common.none'))
    return { label: words.sentence(`credential.${name}`, {}, name), value: <span className="break-all">{value}</span> }
  })
  const feed =
    account.feedError === null
      ? account.feedReadAt === null
        ? t('accounts.feedNever')
        : t('accounts.feedReadAt', { at: words.instant(account.feedReadAt) })
      : t('accounts.feedFailed', { reason: feedErrorOf(account.feedError, words) })
  return [
    ...credentials,
    {
      label: t('accounts.webhook'),
      value: (
        <span className="grid">
          <span className="flex items-start gap-1">
            <span className="break-all">{account.webhookUrl}</span>
            <Copy value={account.webhookUrl} what={t('accounts.webhook')} />
          </span>
          <span className="text-meta text-faint">{t('accounts.webhookHint')}</span>
        </span>
      ),
    },
    {
      label: t('accounts.feed'),
      value: <span className={feedLook(account.feedError)}>{feed}</span>,
    },
  ]
}
