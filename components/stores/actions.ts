import type { Minor } from '#lib/domain/money.ts'
import type { Method } from '#lib/domain/payment.ts'
import type { StorePolicyView } from '#lib/domain/views.ts'
import type { Action } from '../use-action.ts'

export type StorePolicy = {
  readonly storeId: string
  readonly name: string
  readonly approvalAbove: Minor | null
  readonly approvalMethods: readonly Method[]
  readonly approvalRoles: StorePolicyView['approvalRoles']
  readonly stepUpAbove: Minor | null
  readonly personDayAmount: Minor | null
  readonly personDayCount: number | null
  readonly oneAfterDay: boolean
  readonly sendAtOnce: readonly { readonly accountId: string; readonly value: number }[]
}

/** What can be done on the stores page; the page gives the server's actions. */
export type StoreActions = {
  readonly update: Action<StorePolicy, unknown>
  readonly stop: Action<{ storeId: string; why: string }, unknown>
  readonly resume: Action<{ storeId: string }, unknown>
}
