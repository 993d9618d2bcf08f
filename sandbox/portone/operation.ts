import type { z } from 'zod'
import type { Instant } from '#lib/domain/kst.ts'
import type { Effect } from '../journal.ts'
import { describeIssues } from '../control-error.ts'
import type { JsonObject } from '../json.ts'
import { PortOneError } from './errors.ts'
import { findStore, stores } from './merchant.ts'
import type { Payment } from './payment.ts'
import type { Surroundings } from './payment-view.ts'
import type { PortOneEvent, PortOneState } from './state.ts'

export interface Call {
  readonly state: PortOneState
  readonly now: Instant
  readonly realNow: Instant
  /** The decoded pieces of the path that a `:name` stands for. */
  readonly params: ReadonlyMap<string, string>
  readonly query: URLSearchParams
  /** The JSON body, or for GET what `requestBody` holds. */
  readonly body: unknown
  /** Where this stand-in is reached, for the links to its slips. */
  readonly origin: string
  /** Set by a fault: this cancel is only accepted, and ends so after that time. */
  readonly asynchronous: { readonly ms: number; readonly succeeds: boolean } | null
}

/** What an operation did: what must be written before `body` may leave. */
export interface Done {
  readonly body: JsonObject
  readonly events: readonly PortOneEvent[]
  readonly effect: Effect
  readonly amount?: number
}

export interface Operation {
  /** The name by which faults and the journal know it. */
  readonly name: string
  readonly method: 'GET' | 'POST' | 'PATCH'
  readonly path: string
  readonly public?: true
  run(call: Call): Done
}

export function readBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  throw new PortOneError('INVALID_REQUEST', describeIssues(result.error))
}

export function param(call: Call, name: string): string {
  const value = call.params.get(name)
  if (value === undefined) throw new Error(`the path of this operation has no :${name}`)
  return value
}

/** The acting store: the one named, else the credential's own. */
export function actingStore(named: string | null | undefined): string {
  const storeId = named ?? stores[0].storeId
  if (!findStore(storeId)) throw new PortOneError('FORBIDDEN', `${storeId} is not a store of this merchant`)
  return storeId
}

export function findPayment(call: Call, namedStore: string | null | undefined): Payment {
  const paymentId = param(call, 'paymentId')
  const payment = call.state.payment(actingStore(namedStore), paymentId)
  if (!payment) throw new PortOneError('PAYMENT_NOT_FOUND', `no payment ${paymentId} in this store`)
  return payment
}

export const surroundings = (call: Call, payment: Payment): Surroundings => ({
  receipt: call.state.cashReceipt(payment.storeId, payment.id),
  notices: call.state.noticesOf(payment),
  origin: call.origin,
})

export const readOnly = (body: JsonObject): Done => ({ body, events: [], effect: 'none' })
