import type { GrantView, StoreView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'

/** `소유자 · 본점 매니저`; what somebody holds, in one line. */
export function roleWords(
  { owner, grants }: { readonly owner: boolean | null; readonly grants: readonly GrantView[] | null },
  stores: readonly StoreView[],
  { t }: Words,
): string {
  const held = (grants ?? []).map(({ storeId, role }) => {
    const store = stores.find(({ id }) => id === storeId)?.name ?? t('members.storeGone')
    return `${store} ${t(`role.${role}`)}`
  })
  return [...(owner ? [t('role.OWNER')] : []), ...held].join(' · ') || t('members.noRole')
}
