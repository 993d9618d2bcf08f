import 'server-only'
import type { GatewayPayment } from '#lib/domain/payment.ts'
import { phoneDigits, type Condition } from '#lib/domain/read-query.ts'
import { keyedHash } from '#lib/server/crypto.ts'
import type { Transaction } from '#lib/server/db.ts'
import { Prisma } from '#prisma/client/client.ts'

/**
 * The index by which a person is found. It holds keyed hashes alone: without the installation's key they say nothing; with
 * it, whoever also holds the table can try names and numbers one by one.
 */
type Kind = 'name' | 'phone' | 'email' | 'card'
const hashOf = (kind: Kind, value: string): string => keyedHash(`person/${kind}/${value}`)

/** Of one writing, whatever the keyboard made of it. */
export const sameName = (name: string): string => name.normalize('NFC').replace(/\s/g, '').toLowerCase()
const LETTERS_MAX = 60

/** Every two letters that stand together. */
function pairsOf(name: string): string[] {
  const letters = Array.from(sameName(name)).slice(0, LETTERS_MAX)
  return letters.slice(1).map((letter, index) => `${letters[index] ?? ''}${letter}`)
}

const END = 4

type Indexed = Pick<GatewayPayment, 'personal' | 'methodFacts'>

/** Each way in which this person may be asked for, hashed. */
function hashesOf({ personal: { name, phone, email }, methodFacts }: Indexed): string[] {
  const digits = phoneDigits(phone ?? '')
  const cardEnd = (methodFacts.card?.number ?? '').replaceAll('-', '').slice(-END)
  const hashes = [
    ...(name === undefined ? [] : [sameName(name), ...pairsOf(name)].map((part) => hashOf('name', part))),
    ...(digits.length < END ? [] : [digits, digits.slice(-END)].map((part) => hashOf('phone', part))),
    ...(email === undefined ? [] : [hashOf('email', email.trim().toLowerCase())]),
    // KSNET masks the last digit too: what is left of the end still finds.
    ...(/^\d{3}[\d*]$/.test(cardEnd) ? [hashOf('card', cardEnd)] : []),
  ]
  return [...new Set(hashes)]
}

/** One statement. What is there already is not written again; what is no longer true goes. */
export async function indexPerson(
  tx: Transaction,
  { id, storeId }: { readonly id: string; readonly storeId: string },
  record: Indexed,
): Promise<void> {
  const hashes = hashesOf(record)
  await tx.$executeRaw`
    WITH gone AS (DELETE FROM "PersonKey" WHERE "paymentId" = ${id}::uuid AND hash <> ALL(${hashes}::text[]))
    INSERT INTO "PersonKey" ("paymentId", "storeId", hash)
    SELECT ${id}::uuid, ${storeId}::uuid, wanted FROM unnest(${hashes}::text[]) wanted
    WHERE NOT EXISTS (SELECT 1 FROM "PersonKey" WHERE "paymentId" = ${id}::uuid AND hash = wanted)`
}

/** The kinds of condition that ask for a person. */
export const personal = ['name', 'phone', 'email', 'card', 'ends'] as const
type Personal = Extract<Condition, { readonly kind: (typeof personal)[number] }>
export const isPersonal = (condition: Condition): condition is Personal =>
  personal.some((kind) => kind === condition.kind)

/** Holds of a row of "Payment" beside its "Store". Of a name every two letters must be there, so some that differ may pass. */
export function foundByPerson(condition: Personal): Prisma.Sql {
  switch (condition.kind) {
    case 'name': {
      const all = pairsOf(condition.value).map((pair) => inIndex([hashOf('name', pair)]))
      const name = Prisma.sql`(${Prisma.join(all, ' AND ')})`
      return condition.orNumber
        ? Prisma.sql`(${name} OR id IN (SELECT "paymentId" FROM "Reference" WHERE value = ${condition.value}))`
        : name
    }
    case 'phone':
      return inIndex([hashOf('phone', condition.digits)])
    case 'email':
      return inIndex([hashOf('email', condition.value)])
    case 'card':
      return inIndex(cardEnds(condition.digits))
    case 'ends':
      return inIndex([hashOf('phone', condition.digits), ...cardEnds(condition.digits)])
  }
}

const cardEnds = (digits: string): string[] => [digits, `${digits.slice(0, -1)}*`].map((end) => hashOf('card', end))

const inIndex = (hashes: string[]): Prisma.Sql =>
  Prisma.sql`id IN (SELECT "paymentId" FROM "PersonKey" WHERE hash = ANY(${hashes}) AND "PersonKey"."storeId" = "Store".id)`
