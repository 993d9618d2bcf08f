'use client'

import type { AccountView, GatewayView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { Copy } from '../ui/copy.tsx'
import type { Fact } from '../ui/facts.tsx'

/** How the gateway is reached, where there is more than one way. */
export const wayOf = ({ gateway, mode }: Pick<AccountView, 'gateway' | 'mode'>, { sentence }: Words): string =>
  sentence(`accounts.way.${gateway}.${mode}.title`, {}, mode)

/** Why the list of payments, or one on it, could not be read. */
const feedErrorOf = (error: string, { t, sentence }: Words) =>
  sentence(`accounts.feedError.${error}`, {}, t('accounts.feedError.other', { error }))

/** Red where a person must set something right; what may come by itself is amber. */
const feedLook = (error: string | null) =>
  error === null ? '' : ['UNAUTHORIZED', 'FORBIDDEN', 'refused'].includes(error) ? 'text-refused' : 'text-waiting'

export function accountFacts(account: AccountView, gateway: GatewayView | undefined, words: Words): Fact[] {
  const { t } = words
  const credentials = (gateway?.fields ?? []).map(({ name, secret, assumed }): Fact => {
    const hint = account.hints[name]
    const value = secret
      ? hint
        ? t(hint.endsIn === '' ? 'accounts.secretIsShort' : 'accounts.secretIs', {
            date: words.date(hint.setAt),
            endsIn: hint.endsIn,
          })
        : t('accounts.secretUnset')
      : (account.settings[name] ?? t('common.none'))
    const mark = assumed ? <span className="ml-2 text-meta text-waiting">{t('accounts.assumedMark')}</span> : null
    return {
      label: words.sentence(`credential.${name}`, {}, name),
      value: (
        <>
          <span className="break-all">{value}</span>
          {mark}
        </>
      ),
    }
  })
  const feed =
    account.feedError === null
      ? account.feedReadAt === null
        ? t('accounts.feedNever')
        : t('accounts.feedReadAt', { at: words.instant(account.feedReadAt) })
      : t('accounts.feedFailed', { reason: feedErrorOf(account.feedError, words) })
  const webhook = account.webhookUrl && {
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
  }
  const listed = gateway?.feed === true && {
    label: t('accounts.feed'),
    value: <span className={feedLook(account.feedError)}>{feed}</span>,
  }
  const program = account.program === 'set' && { label: t('accounts.program'), value: t('accounts.programSet') }
  return [...credentials, ...[program, webhook, listed].flatMap((fact) => fact || [])]
}
