import type { Metadata } from 'next'
import { AccountsPage } from '#components/accounts/accounts-page.tsx'
import { ProblemState } from '#components/problem-state.tsx'
import { translator } from '#lib/i18n/translate.ts'
import { loadPage } from '#lib/server/page.ts'
import { listAccounts } from '#lib/services/accounts/list-accounts.ts'
import {
  createAccountAction,
  createChannelAction,
  createStoreAction,
  renewNoticeAddressAction,
  testAccountAction,
  updateAccountAction,
  updateChannelAction,
} from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('accounts.title') }
}

export default async function Accounts() {
  const loaded = await loadPage('account.view', listAccounts)
  if (!loaded.ok) return <ProblemState page problem={loaded.problem} />
  return (
    <AccountsPage
      listed={loaded.value}
      actions={{
        createStore: createStoreAction,
        createAccount: createAccountAction,
        updateAccount: updateAccountAction,
        testAccount: testAccountAction,
        renewNotice: renewNoticeAddressAction,
        createChannel: createChannelAction,
        updateChannel: updateChannelAction,
      }}
    />
  )
}
