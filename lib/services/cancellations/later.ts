import 'server-only'
import type { PreviewView } from '#lib/domain/views.ts'
import { openingTime, type Judgement } from '#lib/policy/cancel-rules.ts'
import { db } from '#lib/server/db.ts'
import { judge, type Asked, type PaymentWithChannel } from './judge-cancellation.ts'
import { verdictView } from './verdict-view.ts'

/** Where only the hour forbids it: when it could be sent, and what else would stop it then. */
export async function laterView(
  payment: PaymentWithChannel,
  asked: Asked,
  judgement: Judgement,
): Promise<PreviewView['later']> {
  const at = openingTime(judgement)
  if (at === null) return null
  const then = await judge(db, payment, asked, at, null)
  return { at, denial: then.judgement.denial && verdictView(then.judgement.denial) }
}
