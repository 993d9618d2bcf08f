import type { Action } from '../use-action.ts'

/** What an owner can do with the tokens of a store. */
export type TokenActions = {
  readonly create: Action<{ storeId: string; name: string }, { id: string; token: string }>
  readonly revoke: Action<{ tokenId: string }, unknown>
}
