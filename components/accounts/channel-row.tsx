'use client'

import { useState } from 'react'
import { contractFeaturesOf, type ContractFeature } from '#lib/domain/contract.ts'
import type { AccountView } from '#lib/domain/views.ts'
import { Copy } from '../ui/copy.tsx'
import { controlClass, TextField } from '../ui/field.tsx'
import { useWords } from '../words.tsx'
import type { AccountActions } from './actions.ts'
import { FormFrame, textOf } from './form-frame.tsx'

type Channel = AccountView['channels'][number]
type Props = {
  readonly channel: Channel
  readonly mayManage: boolean
  readonly action: AccountActions['updateChannel']
}

/** A contract under an account, with what it includes: yes, no, or not known yet. */
export function ChannelRow({ channel, mayManage, action }: Props) {
  const { t } = useWords()
  const values = contractFeaturesOf(channel.gateway).map((feature) => channel.contract[feature])
  const summary = {
    yes: values.filter((one) => one === true).length,
    no: values.filter((one) => one === false).length,
    unknown: values.filter((one) => one === undefined).length,
  }
  return (
    <li className="border-b border-line py-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-0.5">
        <span className="font-medium">{channel.name}</span>
        <span className="text-soft">
          {channel.pg} {channel.mid}
        </span>
        <span className="inline-flex min-w-0 items-center gap-1 text-meta break-all text-faint">
          {channel.key}
          <Copy value={channel.key} what={t('accounts.channelKey')} />
        </span>
      </div>
      {channel.testStore ? <p className="text-meta text-waiting">{t('accounts.testStore')}</p> : null}
      <details>
        <summary className="w-fit text-meta text-accent">
          {t('accounts.contract')} ({t('accounts.contractSummary', summary)})
        </summary>
        <div className="grid gap-3 py-3">
          <p className="text-soft">
            {t(channel.gateway === 'kcp' ? 'accounts.contractHintKcp' : 'accounts.contractHint')}
          </p>
          {mayManage ? <ContractForm channel={channel} action={action} /> : <ContractList channel={channel} />}
        </div>
      </details>
    </li>
  )
}

const wordOf = (value: boolean | undefined) =>
  value === undefined ? 'common.unknown' : value ? 'common.yes' : 'common.no'

function ContractList({ channel }: { readonly channel: Channel }) {
  const { t } = useWords()
  return (
    <ul className="grid gap-1 sm:grid-cols-2">
      {contractFeaturesOf(channel.gateway).map((feature) => (
        <li key={feature} className="flex justify-between gap-4 border-b border-line py-1">
          <span>{t(`feature.${feature}`)}</span>
          <span className="text-soft">{t(wordOf(channel.contract[feature]))}</span>
        </li>
      ))}
    </ul>
  )
}

function ContractForm({ channel, action }: Pick<Props, 'channel' | 'action'>) {
  const { t } = useWords()
  const [saved, setSaved] = useState(false)
  const features = contractFeaturesOf(channel.gateway)
  const read = (data: FormData) => {
    const answered = features.flatMap((feature): [ContractFeature, boolean][] => {
      const answer = textOf(data, feature)
      return answer === '' ? [] : [[feature, answer === 'yes']]
    })
    return { channelId: channel.id, name: textOf(data, 'name'), contract: Object.fromEntries(answered) }
  }
  return (
    <FormFrame action={action} read={read} submit={t('accounts.saveContract')} onDone={() => setSaved(true)}>
      <TextField
        label={t('accounts.channelName')}
        name="name"
        required
        maxLength={60}
        defaultValue={channel.name}
        className="max-w-md"
      />
      <div className="grid max-w-3xl gap-2 sm:grid-cols-2 sm:gap-x-8">
        {features.map((feature) => (
          <label key={feature} className="flex items-center justify-between gap-3">
            <span>{t(`feature.${feature}`)}</span>
            <select
              name={feature}
              defaultValue={answerOf(channel.contract[feature])}
              onChange={() => setSaved(false)}
              className={`${controlClass} w-28 shrink-0`}
            >
              <option value="">{t('common.unknown')}</option>
              <option value="yes">{t('common.yes')}</option>
              <option value="no">{t('common.no')}</option>
            </select>
          </label>
        ))}
      </div>
      {saved ? <output className="text-done">{t('common.saved')}</output> : null}
    </FormFrame>
  )
}

const answerOf = (value: boolean | undefined): string => (value === undefined ? '' : value ? 'yes' : 'no')
