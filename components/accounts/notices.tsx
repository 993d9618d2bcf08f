'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import type { AccountView } from '#lib/domain/views.ts'
import { ProblemCallout } from '../problem-callout.tsx'
import { Button } from '../ui/button.tsx'
import { Copy } from '../ui/copy.tsx'
import { Prompt } from '../ui/prompt.tsx'
import { useAction } from '../use-action.ts'
import { useWords } from '../words.tsx'
import type { AccountActions } from './actions.ts'

type Props = {
  readonly account: AccountView
  readonly mayManage: boolean
  readonly renew: AccountActions['renewNotice']
}

/** What a person registers at the gateway: where its unsigned notices go, and at KCP this server. */
export function Notices({ account, mayManage, renew }: Props) {
  const { t } = useWords()
  const ksnet = account.gateway === 'ksnet'
  const title = t(ksnet ? 'accounts.registerKsnet' : 'accounts.register')
  const name = t(ksnet ? 'accounts.noticeKsnet' : 'accounts.notice')
  return (
    <section aria-label={title} className="grid gap-1">
      <h4 className="font-medium">{title}</h4>
      <ol className="grid list-decimal gap-1 pl-5">
        {ksnet ? null : <li>{t('accounts.registerServer')}</li>}
        <li>
          <span>{name}</span>
          {account.noticeUrl === null ? (
            <p className="text-soft">{t('accounts.noticeHidden')}</p>
          ) : (
            <Address url={account.noticeUrl} name={name} account={account} renew={mayManage ? renew : null} />
          )}
          <p className="text-meta text-soft">{t(ksnet ? 'accounts.noticeHintKsnet' : 'accounts.noticeHint')}</p>
        </li>
      </ol>
    </section>
  )
}

function Address({
  url,
  name,
  account,
  renew,
}: {
  readonly url: string
  readonly name: string
  readonly account: AccountView
  readonly renew: Props['renew'] | null
}) {
  const { t } = useWords()
  const [asked, setAsked] = useState(false)
  return (
    <div className="grid justify-items-start gap-1">
      <span className="flex items-start gap-1">
        <span className="break-all">{url}</span>
        <Copy value={url} what={name} />
      </span>
      {renew ? (
        <>
          <Button size="small" look="quiet" onClick={() => setAsked(true)}>
            {t('accounts.noticeRenew')}
          </Button>
          <Renew open={asked} account={account} renew={renew} onClose={() => setAsked(false)} />
        </>
      ) : null}
    </div>
  )
}

function Renew({
  open,
  account,
  renew,
  onClose,
}: {
  readonly open: boolean
  readonly account: AccountView
  readonly renew: Props['renew']
  readonly onClose: () => void
}) {
  const { t } = useWords()
  const router = useRouter()
  const { run, pending, problem } = useAction(renew)
  const make = async () => {
    if ((await run({ accountId: account.id })) === null) return
    onClose()
    router.refresh()
  }
  return (
    <Prompt open={open} onClose={onClose} title={t('accounts.noticeRenewTitle')}>
      <p>{t(account.gateway === 'ksnet' ? 'accounts.noticeRenewBodyKsnet' : 'accounts.noticeRenewBody')}</p>
      <ProblemCallout problem={problem} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{t('accounts.noticeKeep')}</Button>
        <Button look="primary" disabled={pending} onClick={() => void make()}>
          {t(pending ? 'accounts.noticeRenewing' : 'accounts.noticeRenew')}
        </Button>
      </div>
    </Prompt>
  )
}
