import 'server-only'
import { z } from 'zod'
import { DomainError } from '#lib/domain/problem.ts'
import type { ImportRowResult, TakePreview } from '#lib/domain/views.ts'
import type { Context } from '#lib/server/context.ts'
import { unseal } from '#lib/server/crypto.ts'
import { db, transaction } from '#lib/server/db.ts'
import type { Difference } from '#prisma/client/client.ts'
import { openAccount, type OpenAccount } from '../accounts/open-account.ts'
import { takeRow } from '../imports/import-payments.ts'
import { takesFiles, type ReadLine } from '../imports/imported-rows.ts'
import { readRow } from '../imports/read-row.ts'
import { personOf } from './open-comparison.ts'
import { lockDifference, openDifference } from './open-difference.ts'
import { DifferenceFacts, meaningOf, StoredRow } from './stored-told.ts'
import { closeFound } from './write-findings.ts'

export const TakeDifference = z.object({ id: z.uuid() })

/**
 * A payment that only the file knows becomes ours as the import of a file takes it over, marked so.
 * Fails with: difference.not_found, permission.missing, difference.closed, difference.not_takeable.
 */
export async function takeDifference(
  context: Context,
  { id }: z.infer<typeof TakeDifference>,
): Promise<ImportRowResult> {
  const one = await openDifference(context, id, 'payment.import')
  personOf(context, 'payment.import')
  if (one.state !== 'OPEN') throw new DomainError('difference.closed')
  const line = await lineOf(context, one)
  if (line === null) throw new DomainError('difference.not_takeable')
  const taken = await takeRow(context, line.account, line, { comparison: one.comparisonId })
  if (taken.kind === 'recorded' || taken.kind === 'known')
    await transaction(async (tx) => {
      const now = await lockDifference(tx, id)
      if (now.state === 'OPEN') await closeFound(tx, context, now, 'imported', null)
    })
  return taken
}

/** What would be taken over, or why it is not. Null for a difference of another kind. */
export async function previewTake(context: Context, one: Difference): Promise<TakePreview | null> {
  const line = await lineOf(context, one)
  if (line === null) return null
  const { read } = line
  if (!read.ok) return { kind: 'error', reason: read.reason, facts: read.facts }
  const { total, method, approvedAt } = read.payment
  return { kind: 'ready', amount: total, method, approvedAt }
}

async function lineOf(
  context: Context,
  one: Difference,
): Promise<(ReadLine & { readonly account: OpenAccount }) | null> {
  if (one.kind !== 'only_there' || one.row === null) return null
  const channel = await db.channel.findUniqueOrThrow({ where: { id: one.channelId }, include: { account: true } })
  const account = openAccount(channel.account)
  // A payment behind another gateway is known by that one's record.
  if (!takesFiles(account.connector)) return null
  const row = StoredRow.parse(JSON.parse(unseal(one.row, ['Difference', one.id, 'row'])))
  const { told } = DifferenceFacts.parse(one.facts)
  const { columns } = await db.comparison.findUniqueOrThrow({ where: { id: one.comparisonId } })
  const read = readRow(row, account, meaningOf(columns)?.allMethod ?? null, context.now())
  // What is left of it only the gateway can say, as in the import.
  const cancelled = told !== null && (told.partly || (told.cancelled ?? 0) > 0)
  if (read.ok && cancelled) return { account, row, read: { ok: false, reason: 'cancelled_elsewhere', facts: {} } }
  return { account, row, read }
}
