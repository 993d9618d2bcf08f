'use client'

import { parseAsString, useQueryState } from 'nuqs'
import { useWords } from '../words.tsx'
import { useFrame } from './frame-context.tsx'

/** The store chosen in the frame, in the URL as `store`; empty for all of them. */
export function useStore() {
  const { t } = useWords()
  const { stores } = useFrame()
  const [store, setStore] = useQueryState('store', parseAsString.withDefault('').withOptions({ history: 'push' }))
  const [only, ...others] = stores
  const chosen = others.length === 0 ? only : stores.find((one) => one.id === store)
  const name = chosen?.name ?? t('frame.allStores')
  return { store, setStore, name }
}
