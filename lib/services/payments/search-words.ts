import 'server-only'
import { endOfDay, startOfDay, toDate, type KstDate } from '#lib/domain/kst.ts'
import { periodOf } from '#lib/domain/period.ts'
import { readQuery, type Condition, type SearchedStatus } from '#lib/domain/read-query.ts'
import type { UnderstoodView } from '#lib/domain/views.ts'
import { trnoHint } from '#lib/gateways/ksnet/trno.ts'
import { institutionWords } from '#lib/i18n/institution-words.ts'
import { db } from '#lib/server/db.ts'
import { Prisma } from '#prisma/client/client.ts'
import { foundByPerson, isPersonal, sameName } from './person-keys.ts'
import { personalOf } from './personal.ts'

/** What was typed into the box as it is searched: the words, and the days where they name none. */
export type Asked = UnderstoodView

/** What a number looks like. It explains what was typed; what is searched for stays the number as it stands. */
function hintOf({ parts }: Pick<Asked, 'parts'>, today: KstDate): Asked['trno'] {
  for (const part of parts) {
    const hint = part.kind === 'number' ? trnoHint(part.value, today) : null
    if (hint) return hint
  }
  return null
}

/** Words that many payments fit are looked for in half a year, where no day is named. */
export function asked(q: string, today: KstDate): Asked {
  const reading = readQuery(q.trim(), { today, institutions: institutionWords })
  const narrow = reading.parts.some((part) => part.kind === 'number' || part.kind === 'day' || isPersonal(part))
  return { ...reading, trno: hintOf(reading, today), period: narrow ? null : periodOf('month6', today) }
}

/** Holds of the rows of "Payment" that are meant. Nothing understood finds nothing. */
export function found({ parts, period }: Asked, at: Prisma.Sql): Prisma.Sql[] {
  if (parts.length === 0) return [Prisma.sql`FALSE`]
  return [...parts, ...(period === null ? [] : [{ kind: 'day' as const, ...period }])].map((part) => holds(part, at))
}

const unless = (not: boolean, condition: Prisma.Sql): Prisma.Sql =>
  not ? Prisma.sql`(${condition}) IS NOT TRUE` : condition

function holds(condition: Condition, at: Prisma.Sql): Prisma.Sql {
  switch (condition.kind) {
    case 'number':
      return Prisma.sql`id IN (SELECT "paymentId" FROM "Reference" WHERE value = ${condition.value})`
    case 'amount':
      return Prisma.sql`currency = 'KRW' AND amount BETWEEN ${BigInt(condition.min ?? 0)} AND ${BigInt(condition.max ?? Number.MAX_SAFE_INTEGER)}`
    case 'day':
      return Prisma.sql`${at} >= ${toDate(startOfDay(condition.from))} AND ${at} < ${toDate(endOfDay(condition.to))}`
    case 'method':
      return unless(condition.not, Prisma.sql`method = ${condition.method}::"Method"`)
    case 'status':
      return unless(condition.not, Prisma.sql`(${Prisma.join(condition.statuses.map(hasStatus), ' OR ')})`)
    case 'institution':
      return unless(condition.not, Prisma.sql`${institution} && ${[...condition.stored]}::text[]`)
    case 'name':
    case 'phone':
    case 'email':
    case 'card':
    case 'ends':
      return foundByPerson(condition)
  }
}

const institution = Prisma.raw(
  `ARRAY["methodFacts"#>>'{card,issuer}', "methodFacts"#>>'{easyPay,provider}', "methodFacts"#>>'{virtualAccount,bank}', "methodFacts"#>>'{transfer,bank}']`,
)

function hasStatus(status: SearchedStatus): Prisma.Sql {
  if (status === 'BUSY') return Prisma.sql`"openCount" > 0`
  if (status === 'ATTENTION')
    return Prisma.sql`EXISTS (SELECT 1 FROM "Task" WHERE "paymentId" = "Payment".id AND "resolvedAt" IS NULL)`
  return Prisma.sql`status = ${status}::"PaymentStatus"`
}

/** Names that the index can only find roughly: of three letters and more. */
export const namesIn = (words: Asked | null): readonly string[] =>
  words?.parts.flatMap((part) =>
    part.kind === 'name' && !part.orNumber && Array.from(sameName(part.value)).length > 2 ? [sameName(part.value)] : [],
  ) ?? []

/** Leaves out those whose name only has the same pairs of letters. */
export async function withNames<Row extends { readonly id: string }>(
  rows: readonly Row[],
  names: readonly string[],
): Promise<Row[]> {
  const sealed = await db.payment.findMany({
    where: { id: { in: rows.map((row) => row.id) } },
    select: { id: true, personalSealed: true },
  })
  const fits = new Set(
    sealed.flatMap((row) => {
      const name = sameName(personalOf(row)?.name ?? '')
      return names.every((part) => name.includes(part)) ? [row.id] : []
    }),
  )
  return rows.filter((row) => fits.has(row.id))
}
