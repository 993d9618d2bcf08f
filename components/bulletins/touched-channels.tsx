'use client'

import { touchOf, type Bulletin, type Touch } from '#lib/domain/dated/bulletins.ts'
import type { BulletinsView } from '#lib/domain/views.ts'
import { wayOf } from '../accounts/account-facts.tsx'
import { EnvironmentBadge } from '../frame/environment-badge.tsx'
import { Mark, type Tone } from '../ui/mark.tsx'
import { useWords } from '../words.tsx'

export const toneOf: Readonly<Record<Touch, Tone>> = { touched: 'waiting', check: 'waiting', untouched: 'done' }

type Channels = BulletinsView['channels']
type Group = ReturnType<typeof touchOf> & { readonly channels: Channels }
const gravity: readonly Touch[] = ['touched', 'check', 'untouched']

/** Channels that are touched, or not, for the same reason; those that need most come first. */
function groupsOf(id: Bulletin['id'], channels: Channels): readonly Group[] {
  const judged = channels.map((channel) => ({ channel, ...touchOf(id, channel) }))
  return gravity.flatMap((touch) => {
    const whys = new Set(judged.flatMap((one) => (one.touch === touch ? [one.why] : [])))
    return [...whys].map((why) => ({
      touch,
      why,
      channels: judged.flatMap((one) => (one.why === why ? [one.channel] : [])),
    }))
  })
}

/** Which of the channels in view a bulletin concerns, and why; those of other gateways are only counted. */
export function TouchedChannels({
  bulletin,
  channels,
  storeName,
}: {
  readonly bulletin: Bulletin
  readonly channels: Channels
  readonly storeName: string
}) {
  const { t, count } = useWords()
  const groups = groupsOf(bulletin.id, channels)
  const others = groups.find(({ why }) => why === 'none')?.channels.length ?? 0
  const own = groups.filter(({ why }) => why !== 'none')
  return (
    <div>
      <h3 className="pb-2 text-meta font-medium text-soft">{t('bulletins.channels')}</h3>
      {own.length === 0 ? (
        <p className="border-t border-line py-2">{t('bulletins.noKsnet', { store: storeName })}</p>
      ) : (
        <ul className="border-t border-line" aria-label={t('bulletins.channels')}>
          {own.map((group) => (
            <GroupRow key={group.why} id={bulletin.id} group={group} />
          ))}
        </ul>
      )}
      {others > 0 ? (
        <p className="pt-2 text-meta text-faint">{t('bulletins.otherChannels', { count: count(others) })}</p>
      ) : null}
    </div>
  )
}

function GroupRow({ id, group }: { readonly id: Bulletin['id']; readonly group: Group }) {
  const words = useWords()
  const { t } = words
  return (
    <li className="grid gap-1 border-b border-line py-2">
      <Mark tone={toneOf[group.touch]} className="font-medium">
        {t(`bulletins.touch.${group.touch}`)}
      </Mark>
      {group.channels.map((channel) => (
        <p key={channel.id} className="flex flex-wrap items-center gap-x-2">
          <span className="font-medium">{channel.name}</span>
          <span className="text-soft">
            {channel.mid} · {wayOf(channel, words)} · {channel.store}
          </span>
          <EnvironmentBadge environment={channel.environment} testStore={channel.testStore} />
        </p>
      ))}
      <p className="text-soft">{group.why === 'none' ? null : t(`bulletins.${id}.touch.${group.why}`)}</p>
    </li>
  )
}
