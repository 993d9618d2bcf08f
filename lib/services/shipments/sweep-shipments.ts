import 'server-only'
import { fromDate, HOUR_MS, DAY_MS, MINUTE_MS, plus, toDate } from '#lib/domain/kst.ts'
import { openShipmentStates } from '#lib/domain/shipping.ts'
import { paidForTaskUntil, shipmentDueAt } from '#lib/policy/shipping.ts'
import type { Context } from '#lib/server/context.ts'
import { db, lockPayment, transaction } from '#lib/server/db.ts'
import { log } from '#lib/server/log.ts'
import { openAccount } from '../accounts/open-account.ts'
import { openTask } from '../payments/open-task.ts'
import { addressOf } from '../payments/address-of.ts'
import { readAtGateway } from '../payments/read-at-gateway.ts'
import { resolveTasks } from '../tasks/resolve-tasks.ts'
import { confirmShipment } from './confirm-shipment.ts'
import { sendShipment } from './send-shipment.ts'
import { escrowOf } from './shipment-facts.ts'

const AT_ONCE = 8
const BROKEN_PAUSE_MS = MINUTE_MS

/** Takes up every order whose time has come, and at once those whose payment was cancelled. Any number of workers may. */
export async function sweepShipments(context: Context): Promise<number> {
  const due = await db.shipment.findMany({
    where: {
      OR: [
        { state: { in: [...openShipmentStates] }, nextTryAt: { lte: toDate(context.now()) } },
        { state: 'WAITING', payment: { status: { in: ['REFUNDED', 'CLOSED'] } } },
        // Where nobody will be asked, only this ends it by itself.
        { state: 'UNCONFIRMED', nextTryAt: null, payment: { status: { in: ['REFUNDED', 'CLOSED'] } } },
      ],
    },
    orderBy: { nextTryAt: 'asc' },
    take: AT_ONCE,
    select: { id: true, state: true },
  })
  await Promise.all(due.map((one) => takeUp(context, one)))
  return due.length
}

type Due = { readonly id: string; readonly state: string }

async function takeUp(context: Context, { id, state }: Due): Promise<void> {
  try {
    await (state === 'WAITING' ? sendShipment(context, id) : confirmShipment(context, id))
  } catch (error) {
    log.error(
      { shipment: id, error: error instanceof Error ? (error.stack ?? error.message) : 'not an error' },
      'broken',
    )
    const now = context.now()
    // What breaks again and again stands behind the others, not before them.
    await db.shipment.updateMany({
      where: { id, state, nextTryAt: { lte: toDate(now) } },
      data: { nextTryAt: toDate(plus(now, BROKEN_PAUSE_MS)) },
    })
  }
}

const TASKS_AT_ONCE = 100
const READS_AT_ONCE = 5
const STALE_MS = 6 * HOUR_MS
/** A delivery nobody confirmed by then will hardly be followed any more. */
const FOLLOWED_MS = 45 * DAY_MS

/** What the clock and the gateway's record bring about by themselves: tasks of shipments that are due, and fresh records. */
export async function sweepEscrow(context: Context): Promise<void> {
  await openDueTasks(context)
  await readStale(context)
  await resolveDone(context)
}

async function openDueTasks(context: Context): Promise<void> {
  const paidUntil = toDate(paidForTaskUntil(context.now()))
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM "Payment"
    WHERE escrow IS NOT NULL AND escrow->>'status' = 'BEFORE_REGISTERED' AND status IN ('PAID', 'PARTIALLY_REFUNDED')
      AND "paidAt" <= ${paidUntil}
      AND NOT EXISTS (SELECT FROM "Task" WHERE "paymentId" = "Payment".id AND kind = 'shipment_due')
    ORDER BY "paidAt" LIMIT ${TASKS_AT_ONCE}`
  for (const { id } of rows) {
    await transaction(async (tx) => {
      await lockPayment(tx, id)
      const payment = await tx.payment.findUniqueOrThrow({ where: { id } })
      if (payment.paidAt === null || escrowOf(payment)?.status !== 'BEFORE_REGISTERED') return
      await openTask(tx, {
        storeId: payment.storeId,
        paymentId: id,
        kind: 'shipment_due',
        key: 'shipment',
        dueAt: shipmentDueAt(fromDate(payment.paidAt)),
        foundAt: context.now(),
        facts: {},
      })
    })
  }
}

/**
 * Couriers and buyers move a delivery without a notice that is promised, so open ones are read every six hours; at once where we
 * registered something and have not seen the record since, or where a person waits to know whether it is escrow at all.
 * In any order: one that cannot be read does not stand before the others. KCP's record tells nothing of a delivery.
 */
async function readStale(context: Context): Promise<void> {
  const now = context.now()
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT payment.id FROM "Payment" payment
    JOIN "Channel" channel ON channel.id = payment."channelId" JOIN "GatewayAccount" account ON account.id = channel."accountId"
    WHERE (
      account.gateway <> 'kcp' AND payment.escrow IS NOT NULL AND payment.escrow->>'status' IN ('BEFORE_REGISTERED', 'REGISTERED', 'DELIVERED', 'REJECTED')
      AND payment.status IN ('PAID', 'PARTIALLY_REFUNDED') AND payment."approvedAt" > ${toDate(plus(now, -FOLLOWED_MS))}
      AND (
        payment."gatewayReadAt" < ${toDate(plus(now, -STALE_MS))}
        OR EXISTS (
          SELECT FROM "Shipment" WHERE "paymentId" = payment.id AND state = 'DONE' AND "closedAt" > payment."gatewayReadAt"
        )
      )
    ) OR payment.id IN (
      SELECT task."paymentId" FROM "Task" task JOIN "Payment" asked ON asked.id = task."paymentId"
      WHERE task.kind = 'escrow_not_escrow' AND task."resolvedAt" IS NULL AND task."dueAt" <= ${toDate(now)}
        AND asked."gatewayReadAt" < task."dueAt"
    )
    ORDER BY random() LIMIT ${READS_AT_ONCE}`
  for (const { id } of rows) {
    const payment = await db.payment.findUniqueOrThrow({
      where: { id },
      include: { channel: { include: { account: true } } },
    })
    const address = await addressOf(db, payment)
    if (address !== null) await readAtGateway(context, openAccount(payment.channel.account), address)
  }
}

/** Tasks that the record shows to be done. */
async function resolveDone(context: Context): Promise<void> {
  const rows = await db.$queryRaw<
    { paymentId: string; kind: 'shipment_due' | 'shipment_not_editable' | 'escrow_not_escrow' }[]
  >`
    SELECT DISTINCT task."paymentId", task.kind FROM "Task" task JOIN "Payment" payment ON payment.id = task."paymentId"
    WHERE task."resolvedAt" IS NULL AND task.kind IN ('shipment_due', 'shipment_not_editable', 'escrow_not_escrow')
      AND (
        payment.status IN ('REFUNDED', 'CLOSED')
        OR (task.kind = 'shipment_due' AND payment.escrow->>'status' <> 'BEFORE_REGISTERED')
        OR (task.kind = 'shipment_not_editable' AND payment.escrow->>'status' IN ('CONFIRMED', 'REJECT_CONFIRMED', 'CANCELLED'))
        OR (task.kind = 'escrow_not_escrow' AND payment.escrow IS NOT NULL)
      )
    LIMIT ${TASKS_AT_ONCE}`
  for (const { paymentId, kind } of rows) {
    await transaction(async (tx) => {
      await lockPayment(tx, paymentId)
      await resolveTasks(tx, context, { paymentId, kind })
    })
  }
}
