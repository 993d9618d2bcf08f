'use client'

import type { StorePolicyView } from '#lib/domain/views.ts'
import { useStore } from '../frame/use-store.ts'
import { PageHead } from '../ui/page-head.tsx'
import { State } from '../ui/state.tsx'
import { useWords } from '../words.tsx'
import type { StoreActions } from './actions.ts'
import { PolicyForm } from './policy-form.tsx'
import { SendingSwitch } from './sending-switch.tsx'

/** Each store's rules of two people, its limits, and the switch that stops all sending. */
export function StoresPage({
  stores,
  actions,
}: {
  readonly stores: readonly StorePolicyView[]
  readonly actions: StoreActions
}) {
  const { t } = useWords()
  const { store: chosen } = useStore()
  const shown = stores.filter((store) => chosen === '' || store.id === chosen)
  return (
    <>
      <PageHead title={t('stores.title')} note={t('stores.intro')} />
      {shown.length === 0 ? (
        <State title={t('stores.emptyTitle')}>
          <p>{t('stores.empty')}</p>
        </State>
      ) : null}
      {shown.map((store) => (
        <section key={store.id} aria-label={store.name} className="grid gap-5 border-t border-line py-5">
          <h2 className="text-lead font-semibold">{store.name}</h2>
          <SendingSwitch store={store} actions={actions} />
          <PolicyForm store={store} update={actions.update} />
        </section>
      ))}
    </>
  )
}
