'use client'

import { Callout } from '../ui/callout.tsx'
import { Copy } from '../ui/copy.tsx'
import { useWords } from '../words.tsx'

/** A link that is shown this once, to be handed over by whoever made it. */
export function LinkOnce({ link }: { readonly link: string }) {
  const { t } = useWords()
  return (
    <Callout tone="waiting" live title={t('members.linkTitle')}>
      <p>{t('members.linkHint')}</p>
      <p className="flex items-start gap-1 pt-1">
        <span className="font-medium break-all">{link}</span>
        <Copy value={link} what={t('members.link')} />
      </p>
    </Callout>
  )
}
