'use server'
import { action } from '#lib/server/action.ts'
import { visitor } from '#lib/server/visitor.ts'
import { changePassword, ChangePassword, endOwnSession, EndOwnSession } from '#lib/services/people/own-account.ts'
import { Nothing, renewRecoveryCodes, turnOffSecondFactor } from '#lib/services/people/second-factor.ts'

export const endOwnSessionAction = action({
  name: 'session.end',
  input: EndOwnSession,
  limit: 'write',
  run: endOwnSession,
})
export const changePasswordAction = action({
  name: 'session.password',
  input: ChangePassword,
  limit: 'write',
  run: async (context, input) => changePassword(context, input, (await visitor()).address),
})
export const renewRecoveryCodesAction = action({
  name: 'session.second_factor',
  input: Nothing,
  limit: 'write',
  run: renewRecoveryCodes,
})
export const turnOffSecondFactorAction = action({
  name: 'session.second_factor',
  input: Nothing,
  limit: 'write',
  run: turnOffSecondFactor,
})
