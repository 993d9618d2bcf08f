import 'server-only'
import { DAY_MS, fromDate, plus, type Instant } from '#lib/domain/kst.ts'
import type { AccountCheckView } from '#lib/domain/views.ts'
import { ALONE_AFTER_MS } from '#lib/policy/closable.ts'
import { proofUsableUntil, type Proof } from '#lib/policy/account-proof.ts'
import type { AccountCheck, GatewayAccount } from '#prisma/client/client.ts'
import { readMasked } from './refund-account.ts'

export const proofOf = (row: AccountCheck): Proof => ({
  by: row.by === 'gateway' ? 'gateway' : 'people',
  result: row.result,
  hash: row.hash,
  at: fromDate(row.confirmedAt ?? row.checkedAt),
  usedBy: row.cancellationId,
})

type Viewer = { readonly personId: string | null; readonly oneAfterDay: boolean; readonly now: Instant }

/** Checks older than a day prove nothing and are shown to nobody. */
export const shownSince = (now: Instant): Instant => plus(now, -3 * DAY_MS)

type Known = {
  readonly names: ReadonlyMap<string, string>
  readonly accounts: ReadonlyMap<string, Pick<GatewayAccount, 'gateway' | 'mode' | 'name'>>
}

export function checkView(row: AccountCheck, { names, accounts }: Known, viewer: Viewer): AccountCheckView {
  const asked = row.accountId === null ? undefined : accounts.get(row.accountId)
  const until = proofUsableUntil(proofOf(row))
  const proves = row.result === 'MATCHED' && row.cancellationId === null && until > viewer.now
  const nameOf = (id: string | null) => (id === null ? null : (names.get(id) ?? ''))
  return {
    id: row.id,
    by: row.by === 'gateway' ? 'gateway' : 'people',
    result: row.result,
    code: row.code,
    message: row.message,
    asked: asked ? { gateway: asked.gateway, mode: asked.mode, name: asked.name } : null,
    reference: row.reference,
    referenceTime: row.referenceTime,
    account: readMasked(row.masked),
    checkedBy: nameOf(row.checkedById) ?? '',
    checkedAt: fromDate(row.checkedAt),
    usableUntil: proves ? until : null,
    used: row.cancellationId !== null,
    confirmedBy: nameOf(row.confirmedById),
    confirmedAt: row.confirmedAt === null ? null : fromDate(row.confirmedAt),
    alone: row.alone,
    evidenceId: row.evidenceId,
    mine: row.checkedById === viewer.personId,
    aloneFrom: row.result === 'AWAITING' && viewer.oneAfterDay ? plus(fromDate(row.checkedAt), ALONE_AFTER_MS) : null,
  }
}
