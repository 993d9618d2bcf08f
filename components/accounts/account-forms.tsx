'use client'

import { useState } from 'react'
import type { AccountView, GatewayView, StoreView } from '#lib/domain/views.ts'
import { Callout } from '../ui/callout.tsx'
import { Choice } from '../ui/choice.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { useWords } from '../words.tsx'
import type { AccountActions } from './actions.ts'
import { CredentialFields, readFields } from './credential-fields.tsx'
import { FormFrame, textOf } from './form-frame.tsx'

type Done = { readonly onDone: () => void }

export function StoreForm({ action, onDone }: Done & { readonly action: AccountActions['createStore'] }) {
  const { t } = useWords()
  return (
    <FormFrame
      action={action}
      read={(data) => ({ name: textOf(data, 'name') })}
      submit={t('accounts.addStore')}
      onDone={onDone}
    >
      <TextField label={t('accounts.storeName')} name="name" required maxLength={60} autoComplete="off" />
    </FormFrame>
  )
}

type NewAccount = Done & {
  readonly action: AccountActions['createAccount']
  readonly stores: readonly StoreView[]
  readonly gateways: readonly GatewayView[]
}

/** The environment is chosen here, once. */
export function AccountForm({ action, stores, gateways, onDone }: NewAccount) {
  const { t } = useWords()
  const [gateway, setGateway] = useState(gateways[0])
  const [environment, setEnvironment] = useState(gateway?.environments[0])
  if (!gateway) return null
  const choose = (next: GatewayView | undefined) => {
    setGateway(next)
    setEnvironment(next?.environments[0])
  }
  const names = [...new Set(gateways.map((one) => one.gateway))]
  const ways = gateways.filter((one) => one.gateway === gateway.gateway)
  return (
    <FormFrame
      action={action}
      read={(data) =>
        environment === undefined
          ? null
          : {
              storeId: textOf(data, 'store'),
              gateway: gateway.gateway,
              mode: gateway.mode,
              environment,
              name: textOf(data, 'name'),
              fields: readFields(data, gateway.fields),
            }
      }
      submit={t('accounts.create')}
      onDone={onDone}
    >
      <SelectField label={t('accounts.store')} name="store" required>
        {stores.map((store) => (
          <option key={store.id} value={store.id}>
            {store.name}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t('accounts.gateway')}
        value={gateway.gateway}
        onChange={({ target }) => choose(gateways.find((one) => one.gateway === target.value))}
      >
        {names.map((name) => (
          <option key={name} value={name}>
            {t(`gateway.${name}`)}
          </option>
        ))}
      </SelectField>
      {ways.length > 1 ? <Way ways={ways} chosen={gateway} onChoose={choose} /> : null}
      {gateway.programMissing ? <Callout tone="waiting">{t('accounts.programMissing')}</Callout> : null}
      <SelectField
        label={t('accounts.environment')}
        value={environment}
        hint={
          <>
            {environment ? t(`environment.${environment}Long`) : ''} {t('accounts.environmentOnce')}
          </>
        }
        onChange={({ target }) => setEnvironment(gateway.environments.find((one) => one === target.value))}
      >
        {gateway.environments.map((one) => (
          <option key={one} value={one}>
            {t(`environment.${one}`)}
          </option>
        ))}
      </SelectField>
      <TextField label={t('accounts.name')} name="name" required maxLength={60} autoComplete="off" />
      <CredentialFields key={`${gateway.gateway} ${gateway.mode}`} gateway={gateway} account={null} />
    </FormFrame>
  )
}

/** How the gateway is reached, with what each way can and cannot do. */
function Way({
  ways,
  chosen,
  onChoose,
}: {
  readonly ways: readonly GatewayView[]
  readonly chosen: GatewayView
  readonly onChoose: (way: GatewayView | undefined) => void
}) {
  const { t, sentence } = useWords()
  const word = ({ gateway, mode }: GatewayView, what: string) =>
    sentence(`accounts.way.${gateway}.${mode}.${what}`, {}, mode)
  return (
    <div className="grid gap-1">
      <Choice
        legend={t('accounts.mode')}
        name="mode"
        value={chosen.mode}
        choices={ways.map((way) => ({ value: way.mode, label: word(way, 'title'), hint: word(way, 'can') }))}
        onChange={(mode) => onChoose(ways.find((way) => way.mode === mode))}
      />
      <p className="text-meta text-faint">{t('accounts.wayOnce')}</p>
    </div>
  )
}

export function EditAccountForm({
  action,
  account,
  gateway,
  onDone,
}: Done & {
  readonly action: AccountActions['updateAccount']
  readonly account: AccountView
  readonly gateway: GatewayView
}) {
  const { t } = useWords()
  return (
    <FormFrame
      action={action}
      read={(data) => ({ accountId: account.id, name: textOf(data, 'name'), fields: readFields(data, gateway.fields) })}
      submit={t('common.save')}
      onDone={onDone}
    >
      <p className="text-soft">{t(`environment.${account.environment}Long`)}</p>
      <TextField
        label={t('accounts.name')}
        name="name"
        required
        maxLength={60}
        autoComplete="off"
        defaultValue={account.name}
      />
      <CredentialFields gateway={gateway} account={account} />
    </FormFrame>
  )
}

export function ChannelForm({
  action,
  accountId,
  onDone,
}: Done & { readonly action: AccountActions['createChannel']; readonly accountId: string }) {
  const { t } = useWords()
  return (
    <FormFrame
      action={action}
      read={(data) => ({ accountId, name: textOf(data, 'name'), key: textOf(data, 'key'), mid: textOf(data, 'mid') })}
      submit={t('accounts.createChannel')}
      onDone={onDone}
    >
      <TextField label={t('accounts.channelName')} name="name" required maxLength={60} autoComplete="off" />
      <TextField
        label={t('accounts.channelKey')}
        name="key"
        required
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        hint={t('accounts.example', { example: 'channel-key-…' })}
      />
      <TextField
        label={t('accounts.channelMid')}
        name="mid"
        required
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        hint={t('accounts.example', { example: '2999199999' })}
      />
    </FormFrame>
  )
}
