'use client'

import { Combobox } from '@base-ui/react/combobox'
import { clsx } from 'clsx'
import { useId, useMemo, useState } from 'react'
import { banks, mergedBanks } from '#lib/domain/banks.ts'
import { controlClass } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'
import { useWords } from '../words.tsx'

type Choice = { readonly key: string; readonly code: string; readonly label: string; readonly found: string }
type Group = { readonly value: string; readonly items: readonly Choice[] }

const SECURITIES_CODE_LENGTH = 3

type Props = {
  readonly value: string
  readonly onChange: (code: string) => void
  readonly disabled: boolean
}

/** Found by name, by part of a name, by code; a bank that was merged leads to the one it is now. */
export function BankField({ value, onChange, disabled }: Props) {
  const { t, language } = useWords()
  const id = useId()
  const groups = useMemo((): readonly Group[] => {
    const choice = ({ code, ko, en }: (typeof banks)[number]): Choice => ({
      key: code,
      code,
      label: language === 'ko' ? ko : en,
      found: `${code} ${ko} ${en}`.toLowerCase(),
    })
    const nameOf = (code: string) => banks.find((bank) => bank.code === code)?.[language] ?? code
    return [
      {
        value: t('account.banks'),
        items: banks.filter(({ code }) => code.length < SECURITIES_CODE_LENGTH).map(choice),
      },
      {
        value: t('account.securities'),
        items: banks.filter(({ code }) => code.length === SECURITIES_CODE_LENGTH).map(choice),
      },
      {
        value: t('account.merged'),
        items: mergedBanks.map((old) => ({
          key: `old ${old.code}`,
          code: old.into,
          label: `${old[language]}(${old.code}) → ${nameOf(old.into)}(${old.into})`,
          found: `${old.code} ${old.ko} ${old.en}`.toLowerCase(),
        })),
      },
    ]
  }, [t, language])
  const all = groups.flatMap(({ items }) => items)
  const chosen = all.find((one) => one.code === value) ?? null
  // Said below the field, since what is chosen is the bank of today.
  const [via, setVia] = useState<Choice | null>(null)
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-meta font-medium text-soft">
        {t('account.bank')}
      </label>
      <Combobox.Root<Choice>
        items={groups}
        value={chosen}
        disabled={disabled}
        autoHighlight
        itemToStringLabel={({ label }) => label}
        isItemEqualToValue={(one, other) => one.key === other.key}
        filter={({ found }: Choice, query) => found.includes(query.trim().toLowerCase())}
        onValueChange={(next) => {
          setVia(next && next.key !== next.code ? next : null)
          onChange(next?.code ?? '')
        }}
      >
        <div className="relative">
          <Combobox.Input
            id={id}
            autoComplete="off"
            placeholder={t('account.bankHint')}
            className={clsx(controlClass, 'w-full pr-8')}
          />
          <Combobox.Trigger
            aria-label={t('account.bankOpen')}
            className="absolute inset-y-0 right-0 flex w-8 items-center justify-center text-faint"
          >
            <Icon name="down" className="size-3.5" />
          </Combobox.Trigger>
        </div>
        <Combobox.Portal>
          <Combobox.Positioner sideOffset={4} className="z-60 outline-none">
            <Combobox.Popup className="w-[var(--anchor-width)] rounded border border-line bg-paper shadow-sheet">
              <Combobox.Empty className="px-3 py-2 text-soft empty:hidden">{t('account.bankNone')}</Combobox.Empty>
              <Combobox.List className="max-h-[min(20rem,var(--available-height))] overflow-auto py-1 outline-none">
                {(group: Group) => (
                  <Combobox.Group key={group.value} items={group.items}>
                    <Combobox.GroupLabel className="px-3 py-1 text-meta text-faint">{group.value}</Combobox.GroupLabel>
                    <Combobox.Collection>
                      {(one: Choice) => (
                        <Combobox.Item
                          key={one.key}
                          value={one}
                          className="flex cursor-default justify-between gap-3 px-3 py-1.5 outline-none data-highlighted:bg-accent-soft"
                        >
                          {one.label}
                          {one.key === one.code ? <span className="text-faint">{one.code}</span> : null}
                        </Combobox.Item>
                      )}
                    </Combobox.Collection>
                  </Combobox.Group>
                )}
              </Combobox.List>
            </Combobox.Popup>
          </Combobox.Positioner>
        </Combobox.Portal>
      </Combobox.Root>
      <output className="text-meta text-faint">{via && via.code === value ? via.label : ''}</output>
    </div>
  )
}
