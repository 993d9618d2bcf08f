// What waits on the desk for people, made as the product leaves it: for the matrix of who may do what.
import { createHash, randomUUID } from 'node:crypto'
import type { Client } from 'pg'

/** A store's things to decide, all begun by the viewer, who decides about nothing. */
export type Waiting = {
  /** A store of its own with the same people in it: switching it off keeps nobody else from working. */
  readonly storeId: string
  readonly first: string
  readonly second: string
  readonly snapshotHash: string
  /** Sent long ago, and not known. */
  readonly stuckId: string
  readonly resolutionId: string
  readonly checkId: string
}
type Where = { readonly storeId: string; readonly channelId: string }

const snapshot = { amount: 100, taxFree: 0, left: 500, leftTaxFree: 0, accountHash: null, denials: [] }
const snapshotHash = createHash('sha256').update(JSON.stringify(snapshot)).digest('base64url')
const MASKED = '{"bank":"88","number":"****6789","holder":"홍*동"}'

/** `payments`: five of 500 won each, with nothing on their way. */
export async function waitingAt(client: Client, where: Where, payments: readonly string[]): Promise<Waiting> {
  const [a, b, c, d, e] = payments
  const { rows } = await client.query<{ id: string }>(`SELECT id FROM "User" WHERE email = 'viewer@example.com'`)
  const viewerId = rows[0]?.id
  const intent = async (state: 'AWAITING_APPROVAL' | 'READY', paymentId: string | undefined) => {
    const id = randomUUID()
    await client.query(
      `INSERT INTO "Cancellation" (id, "paymentId", "storeId", "channelId", kind, state, amount, "taxFree", partial, "remainderShown", "remainderTaxFreeShown", reason, token, "inputHash", "requestedById", "requestedAt")
       VALUES ($1, $2, $3, $4, 'CANCEL', $5, 100, 0, true, 500, 0, 'desk', gen_random_uuid()::text, '', $6, now())`,
      [id, paymentId, where.storeId, where.channelId, state, viewerId],
    )
    return id
  }
  const awaiting = async (paymentId: string | undefined) => {
    const id = await intent('AWAITING_APPROVAL', paymentId)
    await client.query(
      `INSERT INTO "Approval" ("cancellationId", reasons, snapshot, "snapshotHash", "expiresAt") VALUES ($1, '{amount}', $2, $3, now() + interval '1 day')`,
      [id, snapshot, snapshotHash],
    )
    return id
  }
  const stuck = async (paymentId: string | undefined) => {
    const id = await intent('READY', paymentId)
    const sent = `"sendingSince" = now() - interval '2 days', "settleBy" = now() - interval '2 days', asked = 9, sequence = 1`
    await client.query(`UPDATE "Cancellation" SET state = 'SENDING', ${sent} WHERE id = $1`, [id])
    await client.query(`UPDATE "Cancellation" SET state = 'UNCONFIRMED' WHERE id = $1`, [id])
    return id
  }
  const storeId = randomUUID()
  await client.query(`INSERT INTO "Store" (id, name) VALUES ($1, 'matrix desk')`, [storeId])
  await client.query(
    `INSERT INTO "Grant" ("userId", "storeId", role) SELECT "userId", $1, role FROM "Grant" WHERE "storeId" = $2`,
    [storeId, where.storeId],
  )
  const [resolutionId, checkId] = [randomUUID(), randomUUID()]
  await client.query(
    `INSERT INTO "Resolution" (id, "cancellationId", happened, "evidenceKind", "approvalNumber", note, "proposedById", "proposedAt") VALUES ($1, $2, true, 'approval_number', '1', 'desk', $3, now())`,
    [resolutionId, await stuck(a), viewerId],
  )
  await client.query(
    `INSERT INTO "AccountCheck" (id, "storeId", "paymentId", by, result, bank, account, masked, hash, "checkedById", "checkedAt") VALUES ($1, $2, $3, 'people', 'AWAITING', '88', '', $4, 'matrix', $5, now())`,
    [checkId, where.storeId, b, MASKED, viewerId],
  )
  return {
    storeId,
    first: await awaiting(c),
    second: await awaiting(d),
    snapshotHash,
    stuckId: await stuck(e),
    resolutionId,
    checkId,
  }
}
