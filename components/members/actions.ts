import type { GrantView } from '#lib/domain/views.ts'
import type { Action } from '../use-action.ts'

type Member = { userId: string }
type Link = { link: string }
type Grants = readonly GrantView[]

export type MembersActions = {
  readonly invite: Action<{ email: string; name: string; owner: boolean; grants: Grants }, Link>
  readonly revoke: Action<{ invitationId: string }, unknown>
  readonly requireSecondFactor: Action<{ required: boolean }, unknown>
}
export type MemberActions = {
  readonly update: Action<Member & { owner: boolean; grants: Grants }, unknown>
  readonly disable: Action<Member & { disabled: boolean }, unknown>
  readonly unlock: Action<Member, unknown>
  readonly resetPassword: Action<Member, Link>
  readonly resetSecondFactor: Action<Member, unknown>
  readonly endSessions: Action<Member & { sessionId?: string }, unknown>
}
