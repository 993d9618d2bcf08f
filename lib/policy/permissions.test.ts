import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { may, permissions, whoMay, type Permission, type StoreRole } from './permissions.ts'

/** Written out whole: what each may do that the one before may not. */
const viewer = ['payment.view'] as const
const operator = [
  ...viewer,
  'cancellation.request',
  'cancellation.withdraw',
  'payment.look_up',
  'payment.refresh',
  'account_check.create',
  'task.resolve',
  'payment.note',
  'shipment.register',
  'cash_receipt.manage',
  'receipt.share',
  'comparison.run',
] as const
const manager = [
  ...operator,
  'audit.view',
  'personal.reveal',
  'export.create',
  'payment.import',
  'deposit.confirm',
  'cancellation.approve',
  'cancellation.resolve',
  'sending.stop',
  'account_check.confirm',
  'refund.by_hand',
  'comparison.record',
] as const
const owner = [...manager, 'store.manage', 'account.manage', 'account.test', 'channel.manage', 'member.manage'] as const
const roles: Record<StoreRole, readonly Permission[]> = { VIEWER: viewer, OPERATOR: operator, MANAGER: manager }
const held = (role: StoreRole | null, isOwner: boolean) =>
  permissions.filter((permission) => may(role, isOwner, permission)).toSorted()

const asked = (question: unknown, ...words: readonly unknown[]): unknown =>
  typeof question === 'function' ? Reflect.apply(question, null, words) : undefined

describe('who may do what', () => {
  test.each(['VIEWER', 'OPERATOR', 'MANAGER'] as const)('%s', (role) => {
    expect(held(role, false)).toEqual(roles[role].toSorted())
  })

  test('an owner, whatever the role at the store', () => {
    for (const role of [null, 'VIEWER', 'OPERATOR', 'MANAGER'] as const)
      expect(held(role, true)).toEqual(owner.toSorted())
  })

  test('nobody without a role', () => {
    expect(held(null, false)).toEqual([])
  })

  test('whoMay names exactly those who may', () => {
    for (const permission of permissions) {
      const able = (['VIEWER', 'OPERATOR', 'MANAGER'] as const).filter((role) => may(role, false, permission))
      expect(whoMay(permission)).toEqual([...able, 'OWNER'])
    }
  })

  test('what is not known is not permitted', () => {
    // Read as anything at all, as words come from outside.
    const strange = fc.oneof(
      fc.constantFrom('OWNER', 'ADMIN', 'viewer', '__proto__', 'constructor', 'toString', ''),
      fc.string(),
    )
    fc.assert(
      fc.property(strange, (word) => {
        fc.pre(!Object.hasOwn(roles, word) && !permissions.some((permission) => permission === word))
        for (const permission of permissions) expect(asked(may, word, false, permission)).toBe(false)
        expect(asked(may, 'MANAGER', true, word)).toBe(false)
        expect(asked(whoMay, word)).toEqual([])
      }),
    )
  })
})
