'use client'

import { usePathname, useRouter } from 'next/navigation'
import { useWords } from '../words.tsx'
import { useFrame } from './frame-context.tsx'
import { useStore } from './use-store.ts'

const lists = [
  '/today',
  '/payments',
  '/cancellations',
  '/tasks',
  '/escrow',
  '/notices',
  '/accounts',
  '/stores',
  '/audit',
]

/** The store is always visible. Choosing one on a payment's own page goes back to the list of that store. */
export function StoreSelect() {
  const { t } = useWords()
  const { stores } = useFrame()
  const { store, setStore } = useStore()
  const path = usePathname()
  const router = useRouter()
  const only = stores.length === 1 ? stores[0] : undefined
  if (only || stores.length === 0) return <span className="truncate text-soft">{only?.name ?? t('frame.noStore')}</span>
  const choose = (id: string) => {
    if (lists.includes(path)) void setStore(id || null)
    else router.push(id ? `/payments?store=${id}` : '/payments')
  }
  return (
    <select
      aria-label={t('frame.store')}
      value={store}
      onChange={(event) => choose(event.target.value)}
      className="h-9 max-w-28 rounded border border-line bg-paper px-2 text-ink hover:border-edge md:max-w-44"
    >
      <option value="">{t('frame.allStores')}</option>
      {stores.map((one) => (
        <option key={one.id} value={one.id}>
          {one.name}
        </option>
      ))}
    </select>
  )
}
