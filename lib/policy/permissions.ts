export type StoreRole = 'VIEWER' | 'OPERATOR' | 'MANAGER'
export type Holder = StoreRole | 'OWNER'

/** From least to most; each may do what those before it may. Roles are held per store, OWNER over all stores. */
const holders: readonly Holder[] = ['VIEWER', 'OPERATOR', 'MANAGER', 'OWNER']

/** The one matrix: the least holder of each permission. */
const least = {
  'payment.view': 'VIEWER',
  'payment.look_up': 'OPERATOR',
  'payment.refresh': 'OPERATOR',
  'cancellation.request': 'OPERATOR',
  'cancellation.withdraw': 'OPERATOR',
  'cancellation.approve': 'MANAGER',
  'cancellation.resolve': 'MANAGER',
  'sending.stop': 'MANAGER',
  'account_check.create': 'OPERATOR',
  'account_check.confirm': 'MANAGER',
  'task.resolve': 'OPERATOR',
  'payment.note': 'OPERATOR',
  'refund.by_hand': 'MANAGER',
  'shipment.register': 'OPERATOR',
  'cash_receipt.manage': 'OPERATOR',
  'receipt.share': 'OPERATOR',
  'personal.reveal': 'MANAGER',
  'export.create': 'MANAGER',
  'payment.import': 'MANAGER',
  'deposit.confirm': 'MANAGER',
  'comparison.run': 'OPERATOR',
  'comparison.record': 'MANAGER',
  'audit.view': 'MANAGER',
  'store.manage': 'OWNER',
  'account.manage': 'OWNER',
  'account.test': 'OWNER',
  'channel.manage': 'OWNER',
  'member.manage': 'OWNER',
} as const satisfies Record<string, Holder>

export type Permission = keyof typeof least
const isPermission = (text: string): text is Permission => Object.hasOwn(least, text)
export const permissions: readonly Permission[] = Object.keys(least).filter(isPermission)

/** Who to name when it is denied; nobody for a permission that does not exist. */
export const whoMay = (permission: Permission): readonly Holder[] =>
  isPermission(permission) ? holders.slice(holders.indexOf(least[permission])) : []

/** `role` is the one held at the store in question, null without one. What is not known is not permitted. */
export function may(role: StoreRole | null, owner: boolean, permission: Permission): boolean {
  const able = whoMay(permission)
  if (owner && able.includes('OWNER')) return true
  return (role === 'VIEWER' || role === 'OPERATOR' || role === 'MANAGER') && able.includes(role)
}

/** Somewhere, whatever the store. */
export const movesMoney = (person: {
  readonly owner: boolean
  readonly grants: ReadonlyMap<string, StoreRole>
}): boolean => [null, ...person.grants.values()].some((role) => may(role, person.owner, 'cancellation.request'))
