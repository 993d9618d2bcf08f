'use client'

import { useWords } from '../words.tsx'
import { Button } from './button.tsx'

type Paged = {
  readonly hasNextPage: boolean
  readonly isFetchingNextPage: boolean
  readonly fetchNextPage: () => Promise<unknown>
}

/** At the foot of a list that goes on. */
export function More({ list }: { readonly list: Paged }) {
  const { t } = useWords()
  if (!list.hasNextPage) return null
  return (
    <div className="flex justify-center py-4">
      <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {list.isFetchingNextPage ? t('common.loadingMore') : t('common.more')}
      </Button>
    </div>
  )
}
