'use server'
import { action } from '#lib/server/action.ts'
import {
  disableMember,
  DisableMember,
  endMemberSessions,
  EndMemberSessions,
  inviteMember,
  InviteMember,
  Member,
  resetPassword,
  resetSecondFactor,
  revokeInvitation,
  RevokeInvitation,
  unlockMember,
  updateMember,
  UpdateMember,
} from '#lib/services/people/manage-members.ts'
import { requireSecondFactor, RequireSecondFactor } from '#lib/services/people/second-factor.ts'

export const inviteMemberAction = action({
  name: 'member.invite',
  input: InviteMember,
  limit: 'write',
  run: inviteMember,
})
export const revokeInvitationAction = action({
  name: 'member.revoke',
  input: RevokeInvitation,
  limit: 'write',
  run: revokeInvitation,
})
export const updateMemberAction = action({
  name: 'member.update',
  input: UpdateMember,
  limit: 'write',
  run: updateMember,
})
export const disableMemberAction = action({
  name: 'member.disable',
  input: DisableMember,
  limit: 'write',
  run: disableMember,
})
export const unlockMemberAction = action({ name: 'member.unlock', input: Member, limit: 'write', run: unlockMember })
export const resetPasswordAction = action({ name: 'member.reset', input: Member, limit: 'write', run: resetPassword })
export const resetSecondFactorAction = action({
  name: 'member.reset',
  input: Member,
  limit: 'write',
  run: resetSecondFactor,
})
export const endMemberSessionsAction = action({
  name: 'session.end',
  input: EndMemberSessions,
  limit: 'write',
  run: endMemberSessions,
})
export const requireSecondFactorAction = action({
  name: 'session.second_factor',
  input: RequireSecondFactor,
  limit: 'write',
  run: requireSecondFactor,
})
