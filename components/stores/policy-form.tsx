'use client'

import { useRouter } from 'next/navigation'
import { useState, type FormEvent } from 'react'
import { formatMinor, parseMoney, type Minor } from '#lib/domain/money.ts'
import { methods, type Method } from '#lib/domain/payment.ts'
import type { StorePolicyView } from '#lib/domain/views.ts'
import { ProblemCallout } from '../problem-callout.tsx'
import { useAction } from '../use-action.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Mark } from '../ui/mark.tsx'
import { useWords } from '../words.tsx'
import type { StoreActions, StorePolicy } from './actions.ts'
import { Checks, Tick } from './checks.tsx'

const NAME_MAX = 60
const SEND_MAX = 100
/** Who can ask for a cancel at all; an owner is asked by amount and method like the rest. */
const roles = ['OPERATOR', 'MANAGER'] as const

type Amount = 'approvalAbove' | 'stepUpAbove' | 'personDayAmount'
const amounts: readonly Amount[] = ['approvalAbove', 'stepUpAbove', 'personDayAmount']

const moneyText = (value: Minor | null) => (value === null ? '' : formatMinor(value, 'KRW'))

/** As typed. An empty amount or count is a rule that is not used. */
type Typed = Record<Amount | 'personDayCount' | 'name', string> & {
  readonly methods: readonly Method[]
  readonly roles: StorePolicyView['approvalRoles']
  readonly oneAfterDay: boolean
  readonly send: Readonly<Record<string, string>>
}

const typedOf = (store: StorePolicyView): Typed => ({
  name: store.name,
  approvalAbove: moneyText(store.approvalAbove),
  stepUpAbove: moneyText(store.stepUpAbove),
  personDayAmount: moneyText(store.personDayAmount),
  personDayCount: store.personDayCount === null ? '' : String(store.personDayCount),
  methods: store.approvalMethods,
  roles: store.approvalRoles,
  oneAfterDay: store.oneAfterDay,
  send: Object.fromEntries(store.accounts.map(({ id, sendAtOnce }) => [id, String(sendAtOnce)])),
})

/** Null for nothing typed, undefined for what is no amount. */
function amountOf(text: string): Minor | null | undefined {
  return text.trim() === '' ? null : (parseMoney(text, 'KRW') ?? undefined)
}
function countOf(text: string): number | null | undefined {
  const bare = text.trim().replaceAll(',', '')
  if (bare === '') return null
  return /^\d{1,5}$/.test(bare) ? Number(bare) : undefined
}

/** What is typed as the server takes it; null while some of it is no amount or number. */
function policyOf(store: StorePolicyView, typed: Typed): StorePolicy | null {
  const [approvalAbove, stepUpAbove, personDayAmount] = amounts.map((name) => amountOf(typed[name]))
  const personDayCount = countOf(typed.personDayCount)
  const sendAtOnce = store.accounts.map(({ id }) => ({ accountId: id, value: countOf(typed.send[id] ?? '') ?? 0 }))
  if (
    approvalAbove === undefined ||
    stepUpAbove === undefined ||
    personDayAmount === undefined ||
    personDayCount === undefined ||
    sendAtOnce.some(({ value }) => value < 1 || value > SEND_MAX) ||
    typed.name.trim() === ''
  )
    return null
  return {
    storeId: store.id,
    name: typed.name.trim(),
    approvalAbove,
    approvalMethods: typed.methods,
    approvalRoles: typed.roles,
    stepUpAbove,
    personDayAmount,
    personDayCount,
    oneAfterDay: typed.oneAfterDay,
    sendAtOnce,
  }
}

const toggled = <Value,>(values: readonly Value[], value: Value, on: boolean): readonly Value[] =>
  on ? [...values, value] : values.filter((one) => one !== value)

export function PolicyForm({
  store,
  update,
}: {
  readonly store: StorePolicyView
  readonly update: StoreActions['update']
}) {
  const words = useWords()
  const { t } = words
  const router = useRouter()
  const { run, pending, problem } = useAction(update)
  const [typed, setTyped] = useState(() => typedOf(store))
  const [saved, setSaved] = useState(false)
  const change = (next: Partial<Typed>) => {
    setTyped((before) => ({ ...before, ...next }))
    setSaved(false)
  }
  const policy = policyOf(store, typed)
  const fixed = !store.may.edit
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!policy || (await run(policy)) === null) return
    setSaved(true)
    router.refresh()
  }
  const money = (name: Amount) => {
    const read = amountOf(typed[name])
    return (
      <TextField
        key={name}
        money
        label={t(`stores.${name}`)}
        hint={`${t(`stores.${name}Hint`)} ${t('stores.emptyIsOff')}`}
        error={read === undefined ? t('sheet.amountBad') : null}
        placeholder={t('stores.off')}
        value={typed[name]}
        inputMode="numeric"
        autoComplete="off"
        disabled={fixed}
        onBlur={() => change({ [name]: read === undefined ? typed[name] : moneyText(read) })}
        onChange={({ target }) => change({ [name]: target.value })}
      />
    )
  }
  return (
    <form method="post" onSubmit={(event) => void save(event)} className="grid gap-6">
      {fixed ? (
        <p className="text-soft">
          {t('accounts.readOnly', { permission: words.permission('store.manage'), who: words.roles('OWNER') })}
        </p>
      ) : null}
      <div className="grid items-start gap-x-6 gap-y-5 md:grid-cols-2 lg:grid-cols-3">
        <TextField
          label={t('accounts.storeName')}
          value={typed.name}
          maxLength={NAME_MAX}
          required
          autoComplete="off"
          disabled={fixed}
          onChange={({ target }) => change({ name: target.value })}
        />
        {amounts.map(money)}
        <TextField
          money
          label={t('stores.personDayCount')}
          hint={`${t('stores.personDayCountHint')} ${t('stores.emptyIsOff')}`}
          error={countOf(typed.personDayCount) === undefined ? t('stores.countBad') : null}
          placeholder={t('stores.off')}
          value={typed.personDayCount}
          inputMode="numeric"
          autoComplete="off"
          disabled={fixed}
          onChange={({ target }) => change({ personDayCount: target.value })}
        />
        {store.accounts.map(({ id, name }) => {
          const value = countOf(typed.send[id] ?? '') ?? 0
          return (
            <TextField
              key={id}
              money
              label={t('stores.sendAtOnce', { account: name })}
              hint={t('stores.sendAtOnceHint')}
              error={value < 1 || value > SEND_MAX ? t('stores.sendBad') : null}
              value={typed.send[id] ?? ''}
              inputMode="numeric"
              autoComplete="off"
              disabled={fixed}
              onChange={({ target }) => change({ send: { ...typed.send, [id]: target.value } })}
            />
          )
        })}
      </div>
      <Checks legend={t('stores.approvalMethods')} hint={t('stores.approvalMethodsHint')}>
        {methods.map((method) => (
          <Tick
            key={method}
            label={t(`method.${method}`)}
            checked={typed.methods.includes(method)}
            disabled={fixed}
            onChange={(on) => change({ methods: toggled(typed.methods, method, on) })}
          />
        ))}
      </Checks>
      <Checks legend={t('stores.approvalRoles')} hint={t('stores.approvalRolesHint')}>
        {roles.map((role) => (
          <Tick
            key={role}
            label={t(`role.${role}`)}
            checked={typed.roles.includes(role)}
            disabled={fixed}
            onChange={(on) => change({ roles: toggled(typed.roles, role, on) })}
          />
        ))}
      </Checks>
      <Checks legend={t('stores.alone')} hint={t('stores.oneAfterDayHint')}>
        <Tick
          label={t('stores.oneAfterDay')}
          checked={typed.oneAfterDay}
          disabled={fixed}
          onChange={(on) => change({ oneAfterDay: on })}
        />
      </Checks>
      <ProblemCallout problem={problem} />
      {fixed ? null : (
        <div className="flex flex-wrap items-center gap-3">
          <Button look="primary" type="submit" disabled={policy === null || pending}>
            {t(pending ? 'common.saving' : 'stores.save')}
          </Button>
          <output>{saved ? <Mark tone="done">{t('common.saved')}</Mark> : null}</output>
        </div>
      )}
    </form>
  )
}
