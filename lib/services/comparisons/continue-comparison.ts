import 'server-only'
import { z } from 'zod'
import type { Layout, Told } from '#lib/domain/comparison.ts'
import { fromDate, parseKstDate, toDate } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import type { Environment } from '#lib/domain/payment.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { compareTold, type Span } from '#lib/policy/comparing.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { db, transaction, type Transaction } from '#lib/server/db.ts'
import type { Comparison } from '#prisma/client/client.ts'
import { dropParts, partsOf } from './file-parts.ts'
import { knownOf, oursOf, type PaymentWithRefunds } from './known-payment.ts'
import { openComparison } from './open-comparison.ts'
import type { ToldRow } from './read-told.ts'
import { spanOf } from './start-comparison.ts'
import { meaningOf, StoredNumbers, StoredRows } from './stored-told.ts'
import { writeFindings, type Compared, type Finding } from './write-findings.ts'

export const ContinueComparison = z.object({ id: z.uuid() })
type Progress = { readonly state: 'COMPARING' | 'DONE'; readonly parts: number; readonly partsLeft: number }

/** All that one step needs. */
type Step = Compared & { readonly environment: Environment; readonly layout: Layout; readonly span: Span }

/**
 * Compares the next part; the last one is what only we know of. Whoever asks for a part that is being compared waits, and compares
 * nothing twice. Fails with: comparison.not_found, comparison.expired, permission.missing.
 */
export async function continueComparison(
  context: Context,
  { id }: z.infer<typeof ContinueComparison>,
): Promise<Progress> {
  const { comparison, channel } = await openComparison(context, id)
  const { parts, partsLeft, fromDay, toDay } = comparison
  const [from, to] = [parseKstDate(fromDay ?? ''), parseKstDate(toDay ?? '')]
  const meaning = meaningOf(comparison.columns)
  if (comparison.state !== 'COMPARING' || from === null || to === null || !meaning)
    return { state: 'DONE', parts, partsLeft: 0 }
  const { pg, mid } = channel
  const { environment } = channel.account
  const step = { comparison, pg, mid, environment, from, to, layout: meaning.layout, span: spanOf(from, to) }
  if (partsLeft > 1) await comparePart(context, step, parts - partsLeft)
  else await compareOurs(context, step)
  const now = await db.comparison.findUniqueOrThrow({ where: { id } })
  return { state: now.state === 'DONE' ? 'DONE' : 'COMPARING', parts, partsLeft: now.partsLeft }
}

async function comparePart(context: Context, step: Step, index: number): Promise<void> {
  const { comparison } = step
  const [text] = await partsOf(comparison.id, 'rows', index)
  if (text === undefined) return refuseExpired(comparison)
  const rows = StoredRows.parse(JSON.parse(text))
  const payments = await paymentsOf(
    step,
    rows.map(({ told }) => told.number),
  )
  const findings = rows.flatMap((one) => findingOf(step, one, payments.get(one.told.number)) ?? [])
  await transaction(async (tx) => {
    if (!(await isNext(tx, comparison))) return
    await writeFindings(
      tx,
      context,
      step,
      findings,
      rows.map(({ told }) => told.number),
    )
    await dropParts(tx, comparison.id, 'rows', index)
    await tx.comparison.update({
      where: { id: comparison.id },
      data: { partsLeft: { decrement: 1 }, matched: { increment: rows.length - findings.length } },
    })
  })
}

/** The part is not there: somebody else was faster, or it was not kept so long. */
async function refuseExpired({ id, partsLeft }: Comparison): Promise<void> {
  const now = await db.comparison.findUniqueOrThrow({ where: { id } })
  if (now.state === 'COMPARING' && now.partsLeft === partsLeft) throw new DomainError('comparison.expired')
}

/** Locks the comparison; false where somebody else was faster. */
async function isNext(tx: Transaction, { id, partsLeft }: Comparison): Promise<boolean> {
  await tx.$queryRaw`SELECT 1 FROM "Comparison" WHERE id = ${id}::uuid FOR UPDATE`
  const now = await tx.comparison.findUniqueOrThrow({ where: { id } })
  return now.state === 'COMPARING' && now.partsLeft === partsLeft
}

async function paymentsOf(
  { pg, mid, environment }: Step,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, PaymentWithRefunds>> {
  const rows = await db.payment.findMany({
    where: { pg, mid, environment, pgTxId: { in: [...numbers] } },
    include: { refunds: true },
  })
  return new Map(rows.map((row) => [row.pgTxId ?? '', row]))
}

const factsOf = ({ layout, from, to }: Step) => ({ layout, from, to })
/** What a file says that says the same again. */
const keyOf = ({ number, amount, cancelled, method, paid, partly }: Told, kind: string): string =>
  [number, kind, amount, cancelled, method, paid, partly].join('|')

function findingOf(step: Step, { told, row }: ToldRow, payment: PaymentWithRefunds | undefined): Finding | null {
  const { number } = told
  if (!payment || payment.storeId !== step.comparison.storeId) {
    const facts = { ...factsOf(step), told, ours: null, unknown: [] }
    const key = keyOf(told, 'only_there')
    const whys = payment ? (['other_store'] as const) : []
    return { number, key, kind: 'only_there', whys, facts, paymentId: null, row }
  }
  const compared = compareTold(told, knownOf(payment), step.layout, step.span)
  if (!compared) return null
  return {
    number,
    key: keyOf(told, 'differs'),
    kind: 'differs',
    whys: compared.whys,
    facts: { ...factsOf(step), told, ours: oursOf(payment), unknown: [...compared.unknown] },
    paymentId: payment.id,
    row: null,
  }
}

const PAGE = 2_000

/** Payments and cancels of these days that the file does not name. Each page by itself: found twice, it is the same. */
async function compareOurs(context: Context, step: Step): Promise<void> {
  const { comparison } = step
  const [text] = await partsOf(comparison.id, 'numbers')
  if (text === undefined) return refuseExpired(comparison)
  const named = new Set(StoredNumbers.parse(JSON.parse(text)))
  for (let after: string | null = null; ;) {
    const page: readonly PaymentWithRefunds[] = await ourPayments(step, after)
    const findings = page.filter(({ pgTxId }) => !named.has(pgTxId ?? '')).map((payment) => onlyHere(step, payment))
    await transaction((tx) => writeFindings(tx, context, step, findings, []))
    const last = page.at(-1)
    if (!last || page.length < PAGE) break
    after = last.id
  }
  if (step.layout === 'events') {
    const findings = (await ourRefunds(step)).filter(({ number }) => !named.has(number))
    await transaction((tx) => writeFindings(tx, context, step, findings, []))
  }
  await finish(context, comparison)
}

const inSpan = ({ start, end }: Span) => ({ gte: toDate(start), lt: toDate(end) })

/** An account that nobody paid into stands in an export or not. */
const ourPayments = ({ comparison, pg, mid, environment, span }: Step, after: string | null) =>
  db.payment.findMany({
    where: {
      storeId: comparison.storeId,
      pg,
      mid,
      environment,
      paidAt: inSpan(span),
      ...(after !== null && { id: { gt: after } }),
    },
    include: { refunds: true },
    orderBy: { id: 'asc' },
    take: PAGE,
  })

const onlyHere = (step: Step, payment: PaymentWithRefunds): Finding => ({
  number: payment.pgTxId ?? '',
  key: `${payment.pgTxId ?? `payment ${payment.id}`}|only_here`,
  kind: 'only_here',
  whys: payment.pgTxId === null ? ['no_number'] : [],
  facts: { ...factsOf(step), told: null, ours: oursOf(payment), unknown: [] },
  paymentId: payment.id,
  row: null,
})

/** Cancels of these days of payments of other days. */
async function ourRefunds(step: Step): Promise<readonly Finding[]> {
  const { comparison, pg, mid, environment, span, from, to } = step
  const payments = await db.payment.findMany({
    where: {
      storeId: comparison.storeId,
      pg,
      mid,
      environment,
      pgTxId: { not: null },
      NOT: { paidAt: inSpan(span) },
      refunds: { some: { refundedAt: inSpan(span) } },
    },
    include: { refunds: true },
  })
  return payments.map((payment) => {
    const made = payment.refunds.filter(({ refundedAt }) => {
      const at = fromDate(refundedAt)
      return at >= span.start && at < span.end
    })
    const sum = minor(made.reduce((all, { amount }) => all + amount, 0n))
    return {
      number: payment.pgTxId ?? '',
      key: [payment.pgTxId, 'cancels', from, to, sum].join('|'),
      kind: 'differs',
      whys: ['cancelled_less'],
      facts: { ...factsOf(step), told: null, ours: oursOf(payment), unknown: [] },
      paymentId: payment.id,
      row: null,
    }
  })
}

async function finish(context: Context, comparison: Comparison): Promise<void> {
  const { id, storeId } = comparison
  const found = await db.difference.groupBy({
    by: ['kind'],
    where: { findings: { some: { comparisonId: id } } },
    _count: true,
  })
  const countOf = (kind: string) => found.find((one) => one.kind === kind)?._count ?? 0
  const counts = { differs: countOf('differs'), onlyHere: countOf('only_here'), onlyThere: countOf('only_there') }
  await transaction(async (tx) => {
    if (!(await isNext(tx, comparison))) return
    await dropParts(tx, id, 'numbers')
    const done = await tx.comparison.update({
      where: { id },
      data: { state: 'DONE', partsLeft: 0, doneAt: toDate(context.now()), ...counts },
    })
    await audit(tx, context, {
      action: 'comparison.run',
      outcome: 'done',
      storeId,
      subject: { type: 'comparison', id },
      facts: { matched: done.matched, ...counts, outside: done.outside, unread: done.unread },
    })
  })
}
