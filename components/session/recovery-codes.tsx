'use client'

import { Callout } from '../ui/callout.tsx'
import { Copy } from '../ui/copy.tsx'
import { useWords } from '../words.tsx'

/** Shown this once. */
export function RecoveryCodes({ codes }: { readonly codes: readonly string[] }) {
  const { t } = useWords()
  return (
    <div className="grid gap-3">
      <Callout tone="waiting" title={t('secondFactor.codesTitle')}>
        {t('secondFactor.codesHint')}
      </Callout>
      <ul
        aria-label={t('secondFactor.codesTitle')}
        className="grid w-fit grid-cols-2 gap-x-6 gap-y-1 rounded bg-sunk p-3"
      >
        {codes.map((code) => (
          <li key={code} className="font-semibold tracking-wide">
            {code}
          </li>
        ))}
      </ul>
      <p className="flex items-center gap-1 text-soft">
        {t('secondFactor.codesCopy')}
        <Copy value={codes.join('\n')} what={t('secondFactor.codesTitle')} />
      </p>
    </div>
  )
}
