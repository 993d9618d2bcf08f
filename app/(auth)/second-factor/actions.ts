'use server'
import { action } from '#lib/server/action.ts'
import {
  confirmSecondFactor,
  ConfirmSecondFactor,
  Nothing,
  startSecondFactor,
} from '#lib/services/people/second-factor.ts'

export const startSecondFactorAction = action({
  name: 'session.second_factor',
  input: Nothing,
  limit: 'write',
  beforeSecondFactor: true,
  run: startSecondFactor,
})
export const confirmSecondFactorAction = action({
  name: 'session.second_factor',
  input: ConfirmSecondFactor,
  limit: 'write',
  beforeSecondFactor: true,
  run: confirmSecondFactor,
})
