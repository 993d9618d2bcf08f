import 'server-only'
import { z } from 'zod'
import { instant, toDate } from '#lib/domain/kst.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { transaction } from '#lib/server/db.ts'
import { proveAgain } from '#lib/server/sign-in.ts'
import { selfOf } from './self.ts'

export const StepUp = z.object({ password: z.string().max(200), code: z.string().max(40).optional() })

/** A fresh sign-in within the session. Fails with: session.wrong_credentials, session.wrong_code, session.blocked. */
export async function stepUp(
  context: Context,
  input: z.infer<typeof StepUp>,
  address: string,
): Promise<{ id: string }> {
  const { id, sessionId } = selfOf(context)
  await proveAgain(id, input, address)
  return transaction(async (tx) => {
    await tx.session.updateMany({
      where: { id: sessionId, endedAt: null },
      data: { steppedUpAt: toDate(instant(Date.now())) },
    })
    await audit(tx, context, { action: 'session.step_up', outcome: 'done', subject: { type: 'user', id } })
    return { id }
  })
}
