import type { Environment, Gateway, Mode } from '#lib/domain/payment.ts'
import type { TestFinding } from '#lib/domain/views.ts'
import type { Action } from '../use-action.ts'

type Fields = Record<string, string>

/** What an owner can do on the accounts page; the page gives the server's actions. */
export type AccountActions = {
  readonly createStore: Action<{ name: string }, unknown>
  readonly createAccount: Action<
    { storeId: string; gateway: Gateway; mode: Mode; environment: Environment; name: string; fields: Fields },
    unknown
  >
  readonly updateAccount: Action<{ accountId: string; name: string; fields: Fields }, unknown>
  readonly testAccount: Action<{ accountId: string }, { findings: TestFinding[] }>
  readonly renewNotice: Action<{ accountId: string }, unknown>
  readonly createChannel: Action<{ accountId: string; name: string; key: string; mid: string }, unknown>
  readonly updateChannel: Action<{ channelId: string; name: string; contract: Record<string, boolean> }, unknown>
}
