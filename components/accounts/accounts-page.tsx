'use client'

import { useState } from 'react'
import type { AccountView, GatewayView, StoreView } from '#lib/domain/views.ts'
import { TestEdge } from '../frame/environment-badge.tsx'
import { useStore } from '../frame/use-store.ts'
import { Button } from '../ui/button.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { State } from '../ui/state.tsx'
import { useWords } from '../words.tsx'
import { AccountForm, StoreForm } from './account-forms.tsx'
import { AccountSection } from './account-section.tsx'
import type { AccountActions } from './actions.ts'

type Props = {
  readonly listed: {
    readonly accounts: readonly AccountView[]
    readonly gateways: readonly GatewayView[]
    readonly stores: readonly StoreView[]
    readonly mayManage: boolean
    readonly whoMayManage: string
  }
  readonly actions: AccountActions
}

export function AccountsPage({ listed, actions }: Props) {
  const words = useWords()
  const { t } = words
  const { accounts, gateways, stores, mayManage } = listed
  const { store: chosen } = useStore()
  const [sheet, setSheet] = useState<'store' | 'account' | null>(null)
  const close = () => setSheet(null)
  const shown = stores.filter((store) => chosen === '' || store.id === chosen)
  const readOnly = () =>
    t('accounts.readOnly', {
      permission: words.permission('account.manage'),
      who: words.roles(listed.whoMayManage),
    })
  const buttons = mayManage ? (
    <>
      <Button onClick={() => setSheet('store')}>{t('accounts.addStore')}</Button>
      <Button look="primary" disabled={stores.length === 0} onClick={() => setSheet('account')}>
        {t('accounts.addAccount')}
      </Button>
    </>
  ) : null
  return (
    <>
      <TestEdge shown={accounts.some((account) => account.environment !== 'live')} />
      <PageHead title={t('accounts.title')} note={mayManage ? t('accounts.intro') : readOnly()} actions={buttons} />
      {accounts.length === 0 ? (
        <State title={t('accounts.emptyTitle')}>
          <p>{t('accounts.empty')}</p>
        </State>
      ) : null}
      {shown.map((store) => {
        const own = accounts.filter((account) => account.store.id === store.id)
        return (
          <section key={store.id} aria-label={store.name} className="pb-6">
            <h2 className="pb-3 text-lead font-semibold">{store.name}</h2>
            {own.length === 0 ? (
              <p className="border-t border-line py-4 text-soft">{t('accounts.emptyStore')}</p>
            ) : null}
            {own.map((account) => (
              <AccountSection
                key={account.id}
                account={account}
                gateway={gateways.find((one) => one.gateway === account.gateway && one.mode === account.mode)}
                mayManage={mayManage}
                actions={actions}
              />
            ))}
          </section>
        )
      })}
      <Sheet open={sheet === 'store'} onClose={close} held={false} title={t('accounts.addStore')}>
        <StoreForm action={actions.createStore} onDone={close} />
      </Sheet>
      <Sheet open={sheet === 'account'} onClose={close} held={false} title={t('accounts.addTitle')}>
        <AccountForm action={actions.createAccount} stores={stores} gateways={gateways} onDone={close} />
      </Sheet>
    </>
  )
}
