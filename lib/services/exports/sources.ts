import 'server-only'
import type { z } from 'zod'
import { formatTime, kstDate, type Instant } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { formatMinor, minor, subtract, type Currency, type Minor } from '#lib/domain/money.ts'
import type { AuditItem, CancellationView, PaymentItem } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import type { Context, Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { entriesOf, findAudit, FindAudit } from '../audit/find-audit.ts'
import { cancellationsOf, findCancellations, FindCancellations } from '../cancellations/find-cancellations.ts'
import { findPayments, FindPayments, sumPayments } from '../payments/find-payments.ts'
import { asked } from '../payments/search-words.ts'
import type { Cell } from './stream-of.ts'

/** The person here already sees no other stores than those that may be taken out. */
export type Reader = Context & { readonly actor: Person }
type Rows = AsyncGenerator<readonly (readonly Cell[])[], void, undefined>
export type Source = {
  readonly count: (reader: Reader, most: number) => Promise<number>
  readonly header: (words: Words) => readonly string[]
  /** Page by page, each by the key of the last: what was read is not held. */
  readonly pages: (reader: Reader, words: Words) => Rows
}

export const whats = ['payments', 'cancellations', 'audit'] as const
export type What = (typeof whats)[number]
const schemas = { payments: FindPayments, cancellations: FindCancellations, audit: FindAudit } as const

/** What the list's route would be asked for; `at` is when, for words that depend on the day. */
export function sourceOf(what: What, filter: object, at: Instant): Source {
  switch (what) {
    case 'payments':
      return paymentsOf(FindPayments.parse(filter), at)
    case 'cancellations':
      return cancellationsSource(FindCancellations.parse(filter))
    case 'audit':
      return auditOf(FindAudit.parse(filter))
  }
}

/** What the list knows of a filter: nothing else is kept or recorded. Fails with: request.invalid. */
export function knownIn(what: What, filter: Readonly<Record<string, string>>): Record<string, string> {
  const issue = schemas[what].safeParse(filter).error?.issues[0]
  if (issue) throw new DomainError('request.invalid', { field: issue.path.join('.') })
  return Object.fromEntries(Object.entries(filter).filter(([name]) => Object.hasOwn(schemas[what].shape, name)))
}

const PAGE = 1_000
const CANCELLATIONS_PAGE = 200

type Column<Item> = readonly [key: Parameters<Words['t']>[0], cell: (item: Item, words: Words) => Cell]

const text = (value: string | null | undefined): Cell => (value ? { text: value } : null)
const time = (at: Instant | null): Cell => (at === null ? null : { text: `${kstDate(at)} ${formatTime(at)}` })
/** In the currency's own unit: 12000 for won, 12.34 for dollars. */
const money = (value: Minor, currency: Currency): Cell => ({
  number: Number(formatMinor(value, currency).replaceAll(',', '')),
})

const paymentColumns: readonly Column<PaymentItem>[] = [
  ['export.column.approvedAt', (item) => time(item.approvedAt)],
  ['export.column.requestedAt', (item) => time(item.requestedAt)],
  ['export.column.lastRefundAt', (item) => time(item.lastRefundAt)],
  [
    'list.column.status',
    (item, words) => text(item.busy ? words.t('status.BUSY') : words.status(item.status, item.method)),
  ],
  ['list.column.amount', (item) => money(item.amount, item.currency)],
  ['export.column.received', (item) => money(item.received, item.currency)],
  ['export.column.refunded', (item) => money(item.refunded, item.currency)],
  ['export.column.open', (item) => money(item.open, item.currency)],
  ['list.column.left', (item) => money(item.left, item.currency)],
  ['export.column.currency', (item) => text(item.currency)],
  ['list.column.method', (item, words) => text(words.t(`method.${item.method}`))],
  ['export.column.institution', (item, words) => institution(item, words)],
  ['export.column.masked', (item) => text(item.methodFacts.card?.number ?? item.methodFacts.virtualAccount?.account)],
  ['export.column.order', (item) => text(item.orderName)],
  ['export.column.buyer', (item) => text(item.buyerMasked)],
  ['export.column.paymentId', (item) => text(item.paymentId)],
  ['list.column.number', (item) => text(item.pgTxId)],
  ['list.column.approval', (item) => text(item.approvalNumber)],
  ['export.column.pg', (item) => text(item.pg)],
  ['list.column.store', (item) => text(item.store.name)],
  ['list.channel', (item) => text(item.channel.name)],
  ['export.column.environment', environment],
]

function institution({ methodFacts: { card, easyPay, virtualAccount, transfer } }: PaymentItem, words: Words): Cell {
  const code = easyPay?.provider ?? card?.issuer ?? virtualAccount?.bank ?? transfer?.bank
  return code === undefined ? null : text(words.institution(code))
}
function environment({ testStore, environment: of }: PaymentItem, { t }: Words): Cell {
  return text(testStore ? t('environment.testStore') : t(`environment.${of}`))
}

function paymentsOf(query: FindPayments, at: Instant): Source {
  const words = query.q ? asked(query.q, kstDate(at)) : null
  return {
    header: headOf(paymentColumns),
    count: async ({ actor }, most) =>
      (await sumPayments(actor, query, most, words)).reduce((sum, { count }) => sum + count, 0),
    async *pages({ actor }, language) {
      for (let cursor: FindPayments['cursor'] | null; cursor !== null;) {
        const page = await findPayments(actor, { ...query, limit: PAGE, cursor }, words)
        yield page.items.map(rowOf(paymentColumns, language))
        cursor = page.next === null ? null : FindPayments.shape.cursor.parse(page.next)
      }
    },
  }
}

type CancellationItem = CancellationView & { readonly payment: PaymentItem }
const cancellationColumns: readonly Column<CancellationItem>[] = [
  ['export.column.cancelRequestedAt', (item) => time(item.requestedAt)],
  ['list.column.status', (item, words) => text(stateWord(item, words))],
  ['export.column.cancelAmount', ({ amount, payment }) => money(subtract(minor(0), amount), payment.currency)],
  ['export.column.received', ({ payment }) => money(payment.received, payment.currency)],
  ['export.column.currency', ({ payment }) => text(payment.currency)],
  ['cancellations.column.who', (item) => text(item.requestedBy)],
  ['cancellations.column.reason', (item) => text(item.reason)],
  ['export.column.sequence', (item) => (item.sequence === null ? null : { number: item.sequence })],
  ['export.column.closedAt', (item) => time(item.closedAt)],
  ['export.column.cancelApproval', (item) => text(item.approvalNumber)],
  ['export.column.approvedAt', ({ payment }) => time(payment.approvedAt)],
  ['list.column.method', ({ payment }, words) => text(words.t(`method.${payment.method}`))],
  ['export.column.order', ({ payment }) => text(payment.orderName)],
  ['export.column.buyer', ({ payment }) => text(payment.buyerMasked)],
  ['export.column.paymentId', ({ payment }) => text(payment.paymentId)],
  ['list.column.number', ({ payment }) => text(payment.pgTxId)],
  ['list.column.store', ({ payment }) => text(payment.store.name)],
  ['list.channel', ({ payment }) => text(payment.channel.name)],
  ['export.column.environment', ({ payment }, words) => environment(payment, words)],
]

const stateWord = ({ state, declineCode }: CancellationItem, { t }: Words): string =>
  state === 'DECLINED' && declineCode === 'NOT_SENT' ? t('state.NOT_SENT') : t(`state.${state}`)

function cancellationsSource(query: z.infer<typeof FindCancellations>): Source {
  return {
    header: headOf(cancellationColumns),
    count: ({ actor }, most) => db.cancellation.count({ where: cancellationsOf(actor, query), take: most + 1 }),
    async *pages({ actor }, language) {
      for (let cursor: string | undefined | null; cursor !== null;) {
        const page = await findCancellations(actor, { ...query, limit: CANCELLATIONS_PAGE, cursor })
        yield page.items.map(rowOf(cancellationColumns, language))
        cursor = page.next
      }
    },
  }
}

type Entry = AuditItem & { readonly storeName: string | null }
const auditColumns: readonly Column<Entry>[] = [
  ['export.column.at', (item) => time(item.at)],
  ['export.column.who', (item, words) => text(words.who(item.who))],
  ['audit.action', (item, words) => text(words.action(item.action))],
  ['audit.outcome', (item, words) => text(words.t(`outcome.${item.outcome}`))],
  ['list.column.store', (item) => text(item.storeName)],
  [
    'export.column.subject',
    (item, words) => (item.subject === null ? null : text(words.sentence(`subject.${item.subject}`, {}, item.subject))),
  ],
  ['export.column.subjectId', (item) => text(item.subjectId)],
  ['export.column.facts', (item) => text(item.facts)],
  ['audit.request', (item) => text(item.requestId)],
]

function auditOf(query: z.infer<typeof FindAudit>): Source {
  return {
    header: headOf(auditColumns),
    count: ({ actor }, most) => db.auditEntry.count({ where: entriesOf(actor, query), take: most + 1 }),
    async *pages(reader, language) {
      const stores = await db.store.findMany({ select: { id: true, name: true } })
      const names = new Map(stores.map(({ id, name }) => [id, name]))
      for (let cursor: bigint | undefined | null; cursor !== null;) {
        const page = await findAudit(reader, { ...query, limit: PAGE, cursor })
        const named = page.items.map((item) => ({ ...item, storeName: names.get(item.store ?? '') ?? null }))
        yield named.map(rowOf(auditColumns, language))
        cursor = page.next === null ? null : BigInt(page.next)
      }
    },
  }
}

const headOf =
  <Item>(columns: readonly Column<Item>[]) =>
  ({ t }: Words): readonly string[] =>
    columns.map(([key]) => t(key))
const rowOf =
  <Item>(columns: readonly Column<Item>[], words: Words) =>
  (item: Item): readonly Cell[] =>
    columns.map(([, cell]) => cell(item, words))
