import type { IconName } from '../ui/icon.tsx'
import type { Frame } from './frame-context.tsx'

export type NavItem = {
  readonly href: string
  readonly word:
    | 'today'
    | 'payments'
    | 'cancellations'
    | 'tasks'
    | 'escrow'
    | 'imports'
    | 'comparisons'
    | 'notices'
    | 'accounts'
    | 'stores'
    | 'members'
    | 'audit'
  readonly icon: IconName
  /** On a phone it stands in the bar at the bottom; the others in the person's menu. */
  readonly bar?: true
  readonly shown?: (may: Frame['may']) => boolean
  /** What waits there. */
  readonly waiting?: (frame: Frame) => number
}

const items: readonly NavItem[] = [
  { href: '/today', word: 'today', icon: 'sun', bar: true },
  { href: '/payments', word: 'payments', icon: 'card', bar: true },
  {
    href: '/cancellations',
    word: 'cancellations',
    icon: 'undo',
    bar: true,
    waiting: ({ confirming, awaitingApproval }) => confirming + awaitingApproval,
  },
  { href: '/tasks', word: 'tasks', icon: 'list', bar: true, waiting: ({ tasksDue }) => tasksDue },
  { href: '/escrow', word: 'escrow', icon: 'box' },
  { href: '/imports', word: 'imports', icon: 'into', shown: ({ imports }) => imports },
  { href: '/comparisons', word: 'comparisons', icon: 'scales', shown: ({ comparisons }) => comparisons },
  { href: '/notices', word: 'notices', icon: 'horn' },
  { href: '/accounts', word: 'accounts', icon: 'plug' },
  { href: '/stores', word: 'stores', icon: 'shop' },
  { href: '/members', word: 'members', icon: 'people', shown: ({ members }) => members },
  { href: '/audit', word: 'audit', icon: 'ledger', shown: ({ audit }) => audit },
]

/** The places this person can go to. */
export const placesOf = ({ may }: Frame): readonly NavItem[] => items.filter(({ shown }) => shown?.(may) ?? true)
export const isHere = (path: string, href: string): boolean => path === href || path.startsWith(`${href}/`)
/** The chosen store goes along. */
export const withStore = (href: string, store: string): string => (store ? `${href}?store=${store}` : href)
