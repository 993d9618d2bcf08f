import 'server-only'
import { kstDate } from '#lib/domain/kst.ts'
import type { PaymentPage } from '#lib/domain/views.ts'
import { audit } from '#lib/server/audit.ts'
import { visibleStores, type Context, type Person } from '#lib/server/context.ts'
import { transaction } from '#lib/server/db.ts'
import { takeTurn } from '#lib/server/rate-limit.ts'
import { findPayments, type FindPayments } from './find-payments.ts'
import { isPersonal } from './person-keys.ts'
import { asked, type Asked } from './search-words.ts'

/**
 * What a person asks the list for. Looking for somebody by what is theirs is counted and recorded: by what, never by which
 * words. Fails with: request.too_many.
 */
export async function searchPayments(
  context: Context & { readonly actor: Person },
  query: FindPayments,
): Promise<PaymentPage> {
  const { actor } = context
  const words = query.q ? asked(query.q, kstDate(context.now())) : null
  await countSearch(context, query, words)
  return findPayments(actor, query, words)
}

/** Also where only a number of payments is answered: it says whether somebody bought here. Fails with: request.too_many. */
export async function countSearch(
  context: Context & { readonly actor: Person },
  query: Pick<FindPayments, 'store' | 'cursor'>,
  words: Asked | null,
): Promise<void> {
  const by = [...new Set(words?.parts.filter(isPersonal).map((part) => part.kind))]
  if (by.length === 0) return
  await takeTurn('search', context.actor.id)
  // The pages that follow are of the same search.
  if (query.cursor !== undefined) return
  await transaction((tx) =>
    audit(tx, context, {
      action: 'payment.list',
      outcome: 'done',
      ...storeOf(context.actor, query),
      facts: { by: by.join() },
    }),
  )
}

/** The store that was searched, where it was one. */
function storeOf(person: Person, query: Pick<FindPayments, 'store'>): { readonly storeId?: string } {
  const visible = visibleStores(person)
  // Nobody writes into the record of a store that is not theirs.
  const theirs = query.store === undefined || visible === null || visible.includes(query.store)
  const storeId = (theirs ? query.store : undefined) ?? (visible?.length === 1 ? visible[0] : undefined)
  return storeId === undefined ? {} : { storeId }
}
