'use client'

import { useRouter } from 'next/navigation'
import { useState, type FormEvent } from 'react'
import type { ImportsView, TokenView } from '#lib/domain/views.ts'
import { textOf } from '../accounts/form-frame.tsx'
import { ProblemCallout } from '../problem-callout.tsx'
import { useAction } from '../use-action.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Copy } from '../ui/copy.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { Section } from '../ui/section.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { useWords } from '../words.tsx'
import type { TokenActions } from './actions.ts'

type Props = { readonly listed: ImportsView; readonly actions: TokenActions }

/** Where a shop's server sends to, and the keys with which it may. */
export function TokensSection({ listed: { tokens, address, whoMayTokens }, actions }: Props) {
  const words = useWords()
  const { t } = words
  const [making, setMaking] = useState({ opening: 0, open: false })
  return (
    <Section
      title={t('tokens.title')}
      aside={
        tokens === null ? null : (
          <Button
            size="small"
            className="ml-auto"
            onClick={() => setMaking(({ opening }) => ({ opening: opening + 1, open: true }))}
          >
            {t('tokens.create')}
          </Button>
        )
      }
    >
      <div className="grid gap-3">
        <p className="max-w-3xl">{t('tokens.intro')}</p>
        <p className="flex flex-wrap items-start gap-x-2">
          <span className="text-soft">{t('tokens.address')}</span>
          <span className="min-w-0 font-medium break-all">POST {address}</span>
          <Copy value={address} what={t('tokens.address')} />
        </p>
        {tokens === null ? (
          <p className="text-soft">
            {t('denied.inline', { permission: words.permission('account.manage'), who: words.roles(whoMayTokens) })}
          </p>
        ) : (
          <TokenList tokens={tokens} revoke={actions.revoke} />
        )}
      </div>
      {tokens === null ? null : (
        <Sheet
          key={making.opening}
          open={making.open}
          onClose={() => setMaking(({ opening }) => ({ opening, open: false }))}
          held={false}
          title={t('tokens.create')}
        >
          <TokenForm stores={tokens.stores} create={actions.create} />
        </Sheet>
      )}
    </Section>
  )
}

type Listed = NonNullable<ImportsView['tokens']>

function TokenList({
  tokens: { stores, tokens },
  revoke,
}: {
  readonly tokens: Listed
  readonly revoke: TokenActions['revoke']
}) {
  const words = useWords()
  const { t } = words
  const router = useRouter()
  const { run, pending, problem } = useAction(revoke)
  const end = async ({ id }: TokenView) => {
    if ((await run({ tokenId: id })) !== null) router.refresh()
  }
  const storeOf = ({ storeId }: TokenView) => stores.find(({ id }) => id === storeId)?.name ?? ''
  if (tokens.length === 0) return <p className="text-soft">{t('tokens.empty')}</p>
  return (
    <div className="grid gap-3">
      <ProblemCallout problem={problem} />
      <ul aria-label={t('tokens.title')} className="border-t border-line">
        {tokens.map((token) => (
          <li key={token.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-2">
            <span className="min-w-0 flex-1 basis-60">
              <span className="font-medium break-words">{token.name}</span>{' '}
              <span className="text-soft">{storeOf(token)}</span>
              <span className="block text-meta text-soft">
                {t('tokens.made', { at: words.instant(token.createdAt), who: token.createdBy, endsIn: token.endsIn })}
                {' · '}
                {token.lastUsedAt === null
                  ? t('tokens.neverUsed')
                  : t('tokens.used', { at: words.instant(token.lastUsedAt) })}
              </span>
            </span>
            <Button
              size="small"
              disabled={pending}
              aria-label={t('tokens.revokeOf', { name: token.name })}
              onClick={() => void end(token)}
            >
              {t('tokens.revoke')}
            </Button>
          </li>
        ))}
      </ul>
      <p className="text-meta text-faint">{t('tokens.revokeHint')}</p>
    </div>
  )
}

function TokenForm({ stores, create }: { readonly stores: Listed['stores']; readonly create: TokenActions['create'] }) {
  const { t } = useWords()
  const router = useRouter()
  const { run, pending, problem } = useAction(create)
  const [token, setToken] = useState<string | null>(null)
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const made = await run({ storeId: textOf(data, 'store'), name: textOf(data, 'name') })
    if (!made) return
    setToken(made.token)
    router.refresh()
  }
  if (token !== null)
    return (
      <Callout tone="waiting" live title={t('tokens.onceTitle')}>
        <p>{t('tokens.onceHint')}</p>
        <p className="flex items-start gap-1 pt-1">
          <code className="font-medium break-all">{token}</code>
          <Copy value={token} what={t('tokens.token')} />
        </p>
      </Callout>
    )
  return (
    <form method="post" onSubmit={(event) => void send(event)} className="grid gap-4">
      <p className="text-soft">{t('tokens.scope')}</p>
      <SelectField label={t('accounts.store')} name="store" required>
        {stores.map((store) => (
          <option key={store.id} value={store.id}>
            {store.name}
          </option>
        ))}
      </SelectField>
      <TextField
        label={t('tokens.name')}
        name="name"
        hint={t('tokens.nameHint')}
        required
        maxLength={60}
        autoComplete="off"
      />
      <ProblemCallout problem={problem} />
      <Button look="primary" type="submit" disabled={pending} className="justify-self-start">
        {pending ? t('common.saving') : t('tokens.create')}
      </Button>
    </form>
  )
}
