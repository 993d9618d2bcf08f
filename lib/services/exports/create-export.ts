import 'server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { kstDate, toDate, type Instant } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { ExportOffer } from '#lib/domain/views.ts'
import { whoMay } from '#lib/policy/permissions.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, permitted, type Context, type Person } from '#lib/server/context.ts'
import { seal } from '#lib/server/crypto.ts'
import { db, transaction } from '#lib/server/db.ts'
import { takeTurn } from '#lib/server/rate-limit.ts'
import { isPersonal } from '../payments/person-keys.ts'
import { countSearch } from '../payments/search-payments.ts'
import { asked } from '../payments/search-words.ts'
import { typedText } from '../typed-text.ts'
import { knownIn, sourceOf, whats, type Reader, type What } from './sources.ts'

/** What one sheet takes is a little more. */
export const ROWS_MAX = 1_000_000
export const formats = ['csv', 'xlsx'] as const

/** As the list's route would be asked: only texts, and only what is set. */
const Filter = z.record(z.string().max(20), z.string().max(200))
export const CreateExport = z.object({
  what: z.enum(whats),
  format: z.enum(formats),
  filter: Filter,
  reason: typedText(200).min(1),
})
/** The query of `GET /api/exports`: what would be in the file. The rest of the query is the list's. */
export const OfferExport = z.looseObject({ what: z.enum(whats).default('payments') })

/** Who reads, as somebody who sees no more than may be taken out; and the stores whose rows are therefore missing. */
type Allowed = { readonly reader: Reader; readonly leftOut: readonly string[] }

/** Fails with: permission.missing, store.not_found. */
export function allowedIn(context: Reader, store: string | undefined): Allowed {
  const { actor } = context
  if (store !== undefined) authorize(context, 'export.create', store, new DomainError('store.not_found'))
  if (actor.owner) return { reader: context, leftOut: [] }
  const grants = [...actor.grants].filter(([storeId]) => permitted(actor, 'export.create', storeId))
  if (grants.length === 0)
    throw new DomainError('permission.missing', {
      permission: 'export.create',
      who: whoMay('export.create').join(', '),
    })
  const leftOut = [...actor.grants.keys()].filter((storeId) => !permitted(actor, 'export.create', storeId))
  return {
    reader: { ...context, actor: { ...actor, grants: new Map(grants) } },
    leftOut: store === undefined ? leftOut : [],
  }
}

const storeIn = (filter: object): string | undefined => {
  const { store } = z.looseObject({ store: z.uuid().optional() }).parse(filter)
  return store
}
/** A list's query without what belongs to its pages. Fails with: request.invalid. */
function filterOf(what: What, raw: object): z.infer<typeof Filter> {
  const read = Filter.safeParse(raw)
  if (!read.success) throw new DomainError('request.invalid', { field: 'filter' })
  const { cursor: _, limit: __, what: ___, ...filter } = read.data
  return knownIn(what, filter)
}

/** What a file would hold, before it is asked for. Fails with: permission.missing, store.not_found, request.invalid, request.too_many. */
export async function offerExport(context: Reader, query: z.infer<typeof OfferExport>): Promise<ExportOffer> {
  const { what } = query
  const filter = filterOf(what, query)
  const store = storeIn(filter)
  const { reader, leftOut } = allowedIn(context, store)
  const words = filter['q'] === undefined ? null : asked(filter['q'], kstDate(context.now()))
  await countSearch(context, { store, cursor: undefined }, words)
  return {
    rows: await sourceOf(what, filter, context.now()).count(reader, ROWS_MAX),
    rowsMax: ROWS_MAX,
    leftOut: await namesOfStores(leftOut),
  }
}

async function namesOfStores(ids: readonly string[]): Promise<readonly string[]> {
  const stores = await db.store.findMany({ where: { id: { in: [...ids] } }, orderBy: { name: 'asc' } })
  return stores.map(({ name }) => name)
}

/**
 * Lets its maker take the file out once within ten minutes. Stores that this person may not take out are left out.
 * Fails with: permission.missing, store.not_found, request.invalid, request.too_many, export.too_many_rows.
 */
export async function createExport(
  context: Context,
  input: z.infer<typeof CreateExport>,
): Promise<{ readonly id: string }> {
  const asking = byPerson(context)
  const { what, format, reason } = input
  const filter = filterOf(what, input.filter)
  const storeId = storeIn(filter)
  const { reader, leftOut } = allowedIn(asking, storeId)
  const by = personalIn(filter, context.now())
  if (by !== '') await takeTurn('search', asking.actor.id)
  const total = await sourceOf(what, filter, context.now()).count(reader, ROWS_MAX)
  if (total > ROWS_MAX) throw new DomainError('export.too_many_rows', { max: ROWS_MAX })
  const id = randomUUID()
  const { q, ...rest } = filter
  await transaction(async (tx) => {
    await tx.export.create({
      data: {
        id,
        byId: asking.actor.id,
        what,
        format,
        // What was typed into the search box may be somebody's name.
        filter: { rest, total, q: q === undefined ? null : seal(q, ['Export', id, 'q']) },
        reason,
        createdAt: toDate(context.now()),
      },
    })
    await audit(tx, context, {
      action: 'export.create',
      outcome: 'done',
      ...storeOfOne(storeId, reader.actor),
      subject: { type: 'export', id },
      facts: {
        what,
        format,
        reason,
        rows: total,
        filter: rest,
        ...(q !== undefined && { searchedBy: by || 'number' }),
        leftOut,
      },
    })
  })
  return { id }
}

/** Of what is somebody's the filter asks for; empty where for nothing of that kind. */
const personalIn = ({ q }: z.infer<typeof Filter>, at: Instant): string =>
  q === undefined
    ? ''
    : [
        ...new Set(
          asked(q, kstDate(at))
            .parts.filter(isPersonal)
            .map(({ kind }) => kind),
        ),
      ].join()

const storeOfOne = (storeId: string | undefined, person: Person): { readonly storeId?: string } => {
  const [only, ...others] = person.owner ? [] : person.grants.keys()
  const one = storeId ?? (others.length === 0 ? only : undefined)
  return one === undefined ? {} : { storeId: one }
}

function byPerson(context: Context): Reader {
  const { actor } = context
  if (actor.kind !== 'person') throw new Error('only a person takes a file out')
  return { ...context, actor }
}
