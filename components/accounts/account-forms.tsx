'use client'

import { useState } from 'react'
import type { AccountView, GatewayView, StoreView } from '#lib/domain/views.ts'
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
  const choose = (name: string) => {
    const next = gateways.find((one) => one.gateway === name)
    setGateway(next)
    setEnvironment(next?.environments[0])
  }
  return (
    <FormFrame
      action={action}
      read={(data) =>
        environment === undefined
          ? null
          : {
              storeId: textOf(data, 'store'),
              gateway: gateway.gateway,
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
        onChange={({ target }) => choose(target.value)}
      >
        {gateways.map((one) => (
          <option key={one.gateway} value={one.gateway}>
            {t(`gateway.${one.gateway}`)}
          </option>
        ))}
      </SelectField>
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
      <CredentialFields key={gateway.gateway} fields={gateway.fields} account={null} />
    </FormFrame>
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
      <CredentialFields fields={gateway.fields} account={account} />
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
