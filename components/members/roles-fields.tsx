'use client'

import type { GrantView, MemberRole, StoreView } from '#lib/domain/views.ts'
import { SelectField } from '../ui/field.tsx'
import { useWords } from '../words.tsx'

const roles: readonly MemberRole[] = ['VIEWER', 'OPERATOR', 'MANAGER']

/** What `RolesFields` says. */
export function rolesIn(data: FormData, stores: readonly StoreView[]): { owner: boolean; grants: GrantView[] } {
  const grants = stores.flatMap(({ id }) => {
    const role = roles.find((one) => one === data.get(`role.${id}`))
    return role ? [{ storeId: id, role }] : []
  })
  return { owner: data.get('owner') !== null, grants }
}

/** Owner of all, and a role in each store. */
export function RolesFields({
  stores,
  owner,
  grants,
}: {
  readonly stores: readonly StoreView[]
  readonly owner: boolean
  readonly grants: readonly GrantView[]
}) {
  const { t } = useWords()
  return (
    <fieldset className="grid gap-4">
      <legend className="sr-only">{t('members.roles')}</legend>
      <label className="flex items-start gap-2">
        <input type="checkbox" name="owner" defaultChecked={owner} className="mt-1" />
        <span>
          {t('role.OWNER')}
          <span className="block text-meta text-faint">{t('members.ownerHint')}</span>
        </span>
      </label>
      {stores.map((store) => (
        <SelectField
          key={store.id}
          label={store.name}
          name={`role.${store.id}`}
          defaultValue={grants.find(({ storeId }) => storeId === store.id)?.role ?? ''}
        >
          <option value="">{t('members.noRole')}</option>
          {roles.map((role) => (
            <option key={role} value={role}>
              {t(`role.${role}`)}
            </option>
          ))}
        </SelectField>
      ))}
    </fieldset>
  )
}
