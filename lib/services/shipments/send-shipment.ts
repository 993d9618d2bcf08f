import 'server-only'
import { isCourier } from '#lib/domain/couriers.ts'
import { fromDate, MINUTE_MS, plus, SECOND_MS, toDate, type Instant } from '#lib/domain/kst.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import { shipmentKinds, type ShipmentKind } from '#lib/domain/shipping.ts'
import type { Connector, Operation, ShipmentReceipt } from '#lib/gateways/connector.ts'
import { ask } from '#lib/gateways/exchange.ts'
import { judgeShipment, nextEarlyTry } from '#lib/policy/shipping.ts'
import type { Context } from '#lib/server/context.ts'
import { transaction, type Transaction } from '#lib/server/db.ts'
import type { Shipment } from '#prisma/client/client.ts'
import { openAccount, type OpenAccount } from '../accounts/open-account.ts'
import { addressFor } from '../payments/address-of.ts'
import { openTask } from '../payments/open-task.ts'
import { readAtGateway } from '../payments/read-at-gateway.ts'
import { auditShipment, closeShipment, lockShipment, type LockedShipment } from './close-shipment.ts'
import { deliveryOperationOf, paidAtOf, recordTells, shippingFacts } from './shipment-facts.ts'

const GRACE_MS = 30 * SECOND_MS
const STOPPED_PAUSE_MS = MINUTE_MS
const TRIES_MAX = 3
const FIRST_ASK_MS = SECOND_MS
const RESEND_ASK_MS = MINUTE_MS

/** The permission to talk: an order that stands as SENDING. Whoever holds it sends it, once. */
export type Claim = {
  readonly id: string
  readonly startedAt: Instant
  readonly sending: number
  readonly tries: number
  /** An earlier sending of the same has no known end. */
  readonly again: boolean
  readonly account: OpenAccount
  /** The number by which the gateway knows the payment. */
  readonly address: string
  readonly deadlineMs: number
  readonly send: (account: OpenAccount) => Promise<Outcome<ShipmentReceipt>>
}

/** Sends an order whose time has come; does nothing for any other, so it may be called any number of times. */
export async function sendShipment(context: Context, id: string): Promise<void> {
  const claim = await claimSending(context, id)
  if (claim) await talk(context, claim)
}

/**
 * Sends once more what may have been lost. The same courier, number and time twice register the same delivery once, and the same
 * key lets the gateway answer with the first result, so unlike money this may be repeated.
 */
export async function resendShipment(context: Context, id: string, counted: boolean): Promise<void> {
  const claim = await transaction(async (tx) => {
    const locked = await lockShipment(tx, id)
    if (!locked || locked.shipment.state !== 'UNCONFIRMED') return null
    if (await putOffIfStopped(tx, context, locked)) return null
    return claimed(tx, context, locked, { again: true, tries: locked.shipment.tries + (counted ? 1 : 0) })
  })
  if (claim) await talk(context, claim)
}

/** The network, outside any transaction; then what was heard, and what the record says now. */
export async function talk(context: Context, claim: Claim): Promise<void> {
  const done = await recordOutcome(context, claim, await talkInTime(context, claim))
  // What the screen shows is the record. Where it cannot be read now, the sweep reads it later.
  if (done && recordTells(claim.account.connector)) await readAtGateway(context, claim.account, claim.address)
}

/** A process that was stopped with the permission in its hand gives it back: it could overwrite what was changed since. */
async function talkInTime(context: Context, claim: Claim): Promise<Outcome<ShipmentReceipt>> {
  if (context.now() >= plus(claim.startedAt, GRACE_MS))
    return { kind: 'not_sent', cause: 'the permission to send was held too long' }
  return claim.send(claim.account)
}

/** Judges again by the time taken inside; WAITING -> SENDING is the only permission to talk. */
export async function claimSending(context: Context, id: string): Promise<Claim | null> {
  return transaction(async (tx) => {
    const locked = await lockShipment(tx, id)
    if (!locked || locked.shipment.state !== 'WAITING') return null
    const { shipment, payment } = locked
    const kind = kindOf(shipment)
    const now = context.now()
    const verdict = judgeShipment(kind, shippingFacts(payment, kind, now, false))
    if (verdict.kind === 'never') {
      await closeShipment(tx, context, shipment, { state: 'WITHDRAWN', cause: verdict.reason })
      return null
    }
    if (verdict.kind === 'later') {
      await tx.shipment.update({ where: { id }, data: { nextTryAt: toDate(verdict.at) } })
      return null
    }
    if (shipment.nextTryAt !== null && fromDate(shipment.nextTryAt) > now) return null
    if (await putOffIfStopped(tx, context, locked)) return null
    return claimed(tx, context, locked, { again: false, tries: shipment.tries })
  })
}

async function putOffIfStopped(
  tx: Transaction,
  context: Context,
  { shipment, payment }: LockedShipment,
): Promise<boolean> {
  if (payment.store.stoppedAt === null) return false
  const nextTryAt = toDate(plus(context.now(), STOPPED_PAUSE_MS))
  await tx.shipment.update({ where: { id: shipment.id }, data: { nextTryAt } })
  return true
}

async function claimed(
  tx: Transaction,
  context: Context,
  { shipment, payment }: LockedShipment,
  { again, tries }: { readonly again: boolean; readonly tries: number },
): Promise<Claim> {
  const account = openAccount(payment.channel.account)
  const now = context.now()
  // A key that was answered would only give the same answer.
  const answered = shipment.cause?.startsWith('PG_PROVIDER ') === true
  const sending = again && !answered ? shipment.sending : shipment.sending + 1
  const address = await addressFor(tx, payment)
  const message = messageOf(account.connector, shipment, { address, sending, again })
  await tx.shipment.update({
    where: { id: shipment.id, state: shipment.state },
    data: {
      state: 'SENDING',
      sending,
      tries,
      sendingSince: toDate(now),
      nextTryAt: toDate(plus(now, message.deadlineMs + GRACE_MS)),
    },
  })
  return { id: shipment.id, startedAt: now, sending, tries, again, account, address, ...message }
}

type Sending = { readonly address: string; readonly sending: number; readonly again: boolean }

function messageOf(
  connector: Connector,
  shipment: Shipment,
  { address: paymentId, sending, again: earlierUnresolved }: Sending,
): Pick<Claim, 'deadlineMs' | 'send'> {
  const kind = kindOf(shipment)
  if (kind === 'hold') {
    const { holdSettlement } = connector.operations
    return sent(holdSettlement, { paymentId, reason: shipment.reason ?? '', earlierUnresolved })
  }
  const { company, trackingNumber, sendEmail } = shipment
  if (!isCourier(company)) throw new Error(`unknown courier ${company}`)
  const sentAt = fromDate(shipment.sentAt)
  const input = { key: `${shipment.id}-${sending}`, paymentId, company, trackingNumber, sentAt, sendEmail }
  return sent(deliveryOperationOf(connector, kind), { ...input, earlierUnresolved })
}

function sent<Input>(
  operation: Operation<Input, ShipmentReceipt> | undefined,
  input: Input,
): Pick<Claim, 'deadlineMs' | 'send'> {
  if (!operation) throw new Error('this gateway takes no such order')
  const { deadlineMs } = operation
  return { deadlineMs, send: async ({ connector, call }) => (await ask(connector, operation, input, call)).outcome }
}

export function kindOf({ kind }: Pick<Shipment, 'kind'>): ShipmentKind {
  const known = shipmentKinds.find((one) => one === kind)
  if (!known) throw new Error(`unknown kind of shipment ${kind}`)
  return known
}

/** Keyed on the sending. Answers whether it was done; what comes late to an order that has ended changes nothing. */
async function recordOutcome(context: Context, claim: Claim, outcome: Outcome<ShipmentReceipt>): Promise<boolean> {
  return transaction(async (tx) => {
    const locked = await lockShipment(tx, claim.id)
    if (!locked) return false
    const { shipment } = locked
    const out = shipment.state === 'SENDING' || shipment.state === 'UNCONFIRMED'
    if (!out || shipment.sending !== claim.sending) return false
    if (outcome.kind === 'done') {
      await closeShipment(tx, context, shipment, { state: 'DONE' })
      return true
    }
    // It was sent again meanwhile: that this one did nothing says nothing of the other.
    if (shipment.tries === claim.tries) await recordNotDone(tx, context, locked, claim, outcome)
    return false
  })
}

async function recordNotDone(
  tx: Transaction,
  context: Context,
  { shipment, payment }: LockedShipment,
  { again }: Claim,
  outcome: Exclude<Outcome<ShipmentReceipt>, { kind: 'done' }>,
): Promise<void> {
  const now = context.now()
  switch (outcome.kind) {
    case 'declined': {
      const next = outcome.reason === 'too_early' ? nextEarlyTry(now, paidAtOf(payment)) : null
      return next === null
        ? closeShipment(tx, context, shipment, { state: 'DECLINED', code: outcome.code })
        : move(tx, context, shipment, { state: 'WAITING', cause: 'early', code: outcome.code, nextTryAt: next })
    }
    case 'not_sent':
      if (again) return move(tx, context, shipment, { state: 'UNCONFIRMED', nextTryAt: plus(now, RESEND_ASK_MS) })
      return notSent(tx, context, shipment, outcome.cause)
    case 'pending':
    case 'unknown': {
      const cause = outcome.kind === 'unknown' ? outcome.cause : 'pending'
      if (!recordTells(payment.channel.account)) return leaveToPeople(tx, context, shipment, cause)
      return move(tx, context, shipment, {
        state: 'UNCONFIRMED',
        cause,
        nextTryAt: plus(now, FIRST_ASK_MS),
        ...(!again && { tries: 0 }),
      })
    }
  }
}

/** No record tells what became of it: it waits for a notice, and a person is told. It is never sent again. */
export async function leaveToPeople(
  tx: Transaction,
  context: Context,
  shipment: Shipment,
  cause: string,
): Promise<void> {
  const { id, storeId, paymentId, kind } = shipment
  await move(tx, context, shipment, { state: 'UNCONFIRMED', cause, nextTryAt: null })
  await openTask(tx, {
    storeId,
    paymentId,
    kind: 'shipment_unknown',
    key: id,
    dueAt: context.now(),
    facts: { shipment: kind },
  })
}

/** Nothing left this machine: free to try again, but not for ever. */
async function notSent(tx: Transaction, context: Context, shipment: Shipment, cause: string): Promise<void> {
  const tries = shipment.tries + 1
  if (tries >= TRIES_MAX) return closeShipment(tx, context, shipment, { state: 'WITHDRAWN', cause: 'not_sent' })
  const nextTryAt = plus(context.now(), tries * 3 * SECOND_MS)
  await move(tx, context, shipment, { state: 'WAITING', cause, tries, nextTryAt })
}

type Move = {
  readonly state: 'WAITING' | 'UNCONFIRMED'
  readonly nextTryAt: Instant | null
  readonly cause?: string
  readonly code?: string
  readonly tries?: number
}

async function move(tx: Transaction, context: Context, shipment: Shipment, to: Move): Promise<void> {
  await tx.shipment.update({
    where: { id: shipment.id },
    data: { ...to, nextTryAt: to.nextTryAt === null ? null : toDate(to.nextTryAt) },
  })
  await auditShipment(tx, context, shipment, to)
}
