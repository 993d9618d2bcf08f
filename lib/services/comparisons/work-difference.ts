import 'server-only'
import { z } from 'zod'
import { toDate } from '#lib/domain/kst.ts'
import { keepableMemo } from '#lib/domain/memo.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { may } from '#lib/policy/permissions.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { db, transaction, type Transaction } from '#lib/server/db.ts'
import type { Difference } from '#prisma/client/client.ts'
import { typedText } from '../typed-text.ts'
import { personOf } from './open-comparison.ts'
import { lockDifference, openDifference } from './open-difference.ts'
import { closeFound } from './write-findings.ts'

type Done = { readonly id: string }

export const AssignDifference = z.object({ id: z.uuid(), assigneeId: z.uuid().nullable() })
/** Gives it to somebody who may work on it, or to nobody. Fails with: difference.not_found, permission.missing, difference.closed, difference.nobody. */
export async function assignDifference(context: Context, input: z.infer<typeof AssignDifference>): Promise<Done> {
  const { storeId } = await openDifference(context, input.id, 'comparison.run')
  personOf(context, 'comparison.run')
  const { id, assigneeId } = input
  if (assigneeId !== null && !(await whoWorks(storeId)).some((one) => one.id === assigneeId))
    throw new DomainError('difference.nobody')
  return transaction(async (tx) => {
    const one = await openOnly(tx, id)
    if (one.assigneeId === assigneeId) return { id }
    await tx.difference.update({ where: { id }, data: { assigneeId } })
    await audit(tx, context, {
      action: 'comparison.assign',
      outcome: 'done',
      storeId,
      subject: { type: 'difference', id },
      facts: { number: one.number, to: assigneeId },
    })
    return { id }
  })
}

/** Those who may work on the differences of a store. */
export async function whoWorks(storeId: string): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const people = await db.user.findMany({
    where: { disabledAt: null, OR: [{ owner: true }, { grants: { some: { storeId } } }] },
    include: { grants: { where: { storeId } } },
    orderBy: { name: 'asc' },
  })
  return people
    .filter(({ owner, grants }) => may(grants[0]?.role ?? null, owner, 'comparison.run'))
    .map(({ id, name }) => ({ id, name }))
}

const note = typedText(500).min(1)
export const ExplainDifference = z.object({ id: z.uuid(), text: note })
/** Adds a note. Fails with: difference.not_found, permission.missing, memo.personal_number. */
export async function explainDifference(context: Context, input: z.infer<typeof ExplainDifference>): Promise<Done> {
  const { id } = await openDifference(context, input.id, 'comparison.run')
  return transaction(async (tx) => {
    await addNote(tx, context, await lockDifference(tx, id), input.text)
    return { id }
  })
}

export const CloseDifference = z.object({ id: z.uuid(), text: note })
/** Ends it for good, with what explains it. Fails with: difference.not_found, permission.missing, difference.closed, memo.personal_number. */
export async function closeDifference(context: Context, input: z.infer<typeof CloseDifference>): Promise<Done> {
  const { id } = await openDifference(context, input.id, 'comparison.run')
  return transaction(async (tx) => {
    const one = await openOnly(tx, id)
    await addNote(tx, context, one, input.text)
    await closeFound(tx, context, one, 'person', null)
    return { id }
  })
}

async function openOnly(tx: Transaction, id: string): Promise<Difference> {
  const one = await lockDifference(tx, id)
  if (one.state !== 'OPEN') throw new DomainError('difference.closed')
  return one
}

async function addNote(tx: Transaction, context: Context, one: Difference, given: string): Promise<void> {
  const { id: byId } = personOf(context, 'comparison.run')
  const text = keepableMemo(given, one.number === '' ? [] : [one.number])
  if (text === null) throw new DomainError('memo.personal_number')
  await tx.differenceNote.create({ data: { differenceId: one.id, text, byId, at: toDate(context.now()) } })
  await audit(tx, context, {
    action: 'comparison.explain',
    outcome: 'done',
    storeId: one.storeId,
    subject: { type: 'difference', id: one.id },
    facts: { number: one.number, note: text },
  })
}
