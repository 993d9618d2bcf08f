import 'server-only'
import { courierOf } from '#lib/domain/couriers.ts'
import { fromDate, HOUR_MS, MINUTE_MS, plus, SECOND_MS, toDate, type Instant } from '#lib/domain/kst.ts'
import type { EscrowFacts } from '#lib/domain/payment.ts'
import { mayBeEarly, stageOf } from '#lib/policy/shipping.ts'
import type { Context } from '#lib/server/context.ts'
import { transaction, type Transaction } from '#lib/server/db.ts'
import type { Shipment } from '#prisma/client/client.ts'
import { openAccount } from '../accounts/open-account.ts'
import { addressFor } from '../payments/address-of.ts'
import { readAtGateway } from '../payments/read-at-gateway.ts'
import { closeShipment, lockShipment, type LockedShipment } from './close-shipment.ts'
import { leaveToPeople, resendShipment } from './send-shipment.ts'
import { paidAtOf, recordTells } from './shipment-facts.ts'

const RESENDS_MAX = 3
/** Longer than any answer takes: what is absent then will not come by itself. */
const ABSENT_AFTER_MS = 2 * MINUTE_MS
/** How long between sendings while the gateway may still mean "too early" by a code we do not know. */
const EARLY_AFTER_MS = 5 * MINUTE_MS

/** Asks what became of an order that is out. Only the record changes its state; an error while asking never does. */
export async function confirmShipment(context: Context, id: string): Promise<void> {
  const due = await claimQuestion(context, id)
  if (!due) return
  const reading = await readAtGateway(context, due.account, due.gatewayPaymentId)
  if (reading.kind !== 'recorded' || reading.paymentId !== due.paymentId) return
  const next = await decide(context, id, reading.record.escrow, due.askedAt)
  if (next) await resendShipment(context, id, next.counted)
}

function pauseOf({ sendingSince }: Shipment, now: Instant): number {
  const age = sendingSince === null ? HOUR_MS : now - fromDate(sendingSince)
  if (age < 5 * MINUTE_MS) return 15 * SECOND_MS
  return age < HOUR_MS ? MINUTE_MS : 10 * MINUTE_MS
}

const isGone = ({ status }: LockedShipment['payment']): boolean => status === 'REFUNDED' || status === 'CLOSED'

/** A SENDING past its time becomes UNCONFIRMED, and the next question is put off before it is asked: two replicas ask once. */
async function claimQuestion(context: Context, id: string) {
  return transaction(async (tx) => {
    const locked = await lockShipment(tx, id)
    if (!locked) return null
    const { shipment, payment } = locked
    const now = context.now()
    const out = shipment.state === 'SENDING' || shipment.state === 'UNCONFIRMED'
    if (out && isGone(payment) && shipment.state === 'UNCONFIRMED' && !recordTells(payment.channel.account)) {
      await closeShipment(tx, context, shipment, { state: 'WITHDRAWN', cause: 'cancelled' })
      return null
    }
    if (!out || (shipment.nextTryAt !== null && fromDate(shipment.nextTryAt) > now)) return null
    if (!recordTells(payment.channel.account)) {
      if (shipment.state === 'SENDING') await leaveToPeople(tx, context, shipment, 'no_answer_recorded')
      return null
    }
    await tx.shipment.update({
      where: { id },
      data: {
        nextTryAt: toDate(plus(now, pauseOf(shipment, now))),
        ...(shipment.state === 'SENDING' && { state: 'UNCONFIRMED', cause: 'no_answer_recorded' }),
      },
    })
    return {
      account: openAccount(payment.channel.account),
      gatewayPaymentId: await addressFor(tx, payment),
      paymentId: payment.id,
      askedAt: now,
    }
  })
}

/** The record tells of this order. A change may be of the time alone, so there that counts too where the record tells it. */
function tells(recorded: EscrowFacts, shipment: Shipment): boolean {
  const sameParcel =
    recorded.invoiceNumber === shipment.trackingNumber &&
    recorded.company !== undefined &&
    courierOf(recorded.company) === shipment.company
  if (!sameParcel || shipment.kind === 'register') return sameParcel
  return recorded.sentAt === undefined || recorded.sentAt === fromDate(shipment.sentAt)
}

type Next = { readonly counted: boolean }

/** What the record, read not before `askedAt`, makes of the order; a Next where it is to be sent once more. */
async function decide(
  context: Context,
  id: string,
  recorded: EscrowFacts | null,
  askedAt: Instant,
): Promise<Next | null> {
  return transaction(async (tx) => {
    const locked = await lockShipment(tx, id)
    if (!locked || locked.shipment.state !== 'UNCONFIRMED') return null
    const { shipment, payment } = locked
    if (recorded && tells(recorded, shipment)) {
      await closeShipment(tx, context, shipment, { state: 'DONE' })
      return null
    }
    const since = shipment.sendingSince === null ? askedAt : fromDate(shipment.sendingSince)
    if (askedAt < plus(since, ABSENT_AFTER_MS)) return null
    const stage = recorded === null ? null : stageOf(payment.status, recorded.status)
    if (stage === 'cancelled') {
      await closeShipment(tx, context, shipment, { state: 'WITHDRAWN', cause: 'cancelled' })
      return null
    }
    return absent(tx, context, locked, { stage, since, askedAt })
  })
}

type Absent = { readonly stage: string | null; readonly since: Instant; readonly askedAt: Instant }

async function absent(
  tx: Transaction,
  context: Context,
  { shipment, payment }: LockedShipment,
  { stage, since, askedAt }: Absent,
): Promise<Next | null> {
  if (shipment.kind === 'register' && stage !== null && stage !== 'shipment_due') {
    // Somebody registered other data: sending ours again could only be refused.
    await closeShipment(tx, context, shipment, { state: 'DECLINED', code: 'OTHER_REGISTERED' })
    return null
  }
  if (shipment.kind === 'change' && (stage === 'confirmed' || stage === 'refused')) {
    await closeShipment(tx, context, shipment, { state: 'WITHDRAWN', cause: 'ended' })
    return null
  }
  // At a real gateway "too early" comes by a code that is published nowhere, so a young change is tried at that pace.
  const early = shipment.kind === 'change' && mayBeEarly(askedAt, paidAtOf(payment))
  if (early && shipment.cause?.startsWith('PG_PROVIDER ') === true)
    return askedAt < plus(since, EARLY_AFTER_MS) ? null : { counted: false }
  if (shipment.tries < RESENDS_MAX) return { counted: true }
  await closeShipment(tx, context, shipment, { state: 'WITHDRAWN', cause: 'not_in_record' })
  return null
}
