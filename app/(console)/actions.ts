'use server'
import { action } from '#lib/server/action.ts'
import { visitor } from '#lib/server/visitor.ts'
import { stepUp, StepUp } from '#lib/services/people/step-up.ts'

export const stepUpAction = action({
  name: 'session.step_up',
  input: StepUp,
  limit: 'write',
  beforeSecondFactor: true,
  run: async (context, input) => stepUp(context, input, (await visitor()).address),
})
