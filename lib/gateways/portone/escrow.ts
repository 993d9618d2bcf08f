import { z } from 'zod'
import { parseIso, toKstIso, type Instant } from '#lib/domain/kst.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import type { Call, Operation, ShipmentInput, ShipmentReceipt, Wire } from '../connector.ts'
import { escrowPgRefusals, escrowRefusals } from './codes.ts'
import { readJson, readRefused } from './reply.ts'
import { patchJson, paymentUrl, postJson } from './request.ts'
import type { PaymentClient } from '@portone/server-sdk/payment'

type EscrowBody = Omit<Parameters<PaymentClient['applyEscrowLogistics']>[0], 'paymentId'>

const at = z.string().transform((text, context): Instant => {
  const read = parseIso(text)
  if (read !== null) return read
  context.addIssue('not an instant')
  return z.NEVER
})
/** Strict on purpose, as the answer to a cancel is: what we do not know is not proof; a read then decides. */
const registered = z.strictObject({ invoiceNumber: z.string(), sentAt: at, appliedAt: at })
const changed = z.strictObject({ invoiceNumber: z.string(), sentAt: at, modifiedAt: at })
type Accepted = { readonly invoiceNumber: string; readonly sentAt: Instant; readonly at: Instant }

/** `POST /payments/{paymentId}/escrow/logistics` (PortOne REST V2 1.16, operation 13). */
export const registerShipment = operation(postJson, (body) => {
  const { data } = registered.safeParse(body)
  return data ? { ...data, at: data.appliedAt } : null
})

/** `PATCH /payments/{paymentId}/escrow/logistics` (operation 14). The body is the same. */
export const changeShipment = operation(patchJson, (body) => {
  const { data } = changed.safeParse(body)
  return data ? { ...data, at: data.modifiedAt } : null
})

function operation(
  wire: (url: string, body: object, headers: Readonly<Record<string, string>>) => Wire,
  accept: (body: unknown) => Accepted | null,
): Operation<ShipmentInput, ShipmentReceipt> {
  return {
    deadlineMs: 60_000,
    resend: 'when_not_sent',
    request: (input, call) =>
      wire(`${paymentUrl(call.endpoint, input.paymentId)}/escrow/logistics`, bodyOf(input, call), {
        'Idempotency-Key': `"${input.key}"`,
      }),
    reply(raw, input) {
      const read = readJson(raw)
      if (read.kind === 'unknown') return read
      return read.status === 200
        ? readAccepted(accept(read.body), input)
        : readRefused(read, { types: escrowRefusals, pgCodes: escrowPgRefusals }, input.earlierUnresolved)
    },
  }
}

/** K11: ISO 8601 with its offset. Names and addresses are left out: KSNET asks for none, and what is not sent cannot leak. */
const bodyOf = (input: ShipmentInput, call: Call): EscrowBody => ({
  storeId: call.credentials['storeId'] ?? '',
  logistics: { company: input.company, invoiceNumber: input.trackingNumber, sentAt: toKstIso(input.sentAt) },
  sendEmail: input.sendEmail,
})

function readAccepted(accepted: Accepted | null, input: ShipmentInput): Outcome<ShipmentReceipt> {
  if (accepted === null) return { kind: 'unknown', cause: 'answer not understood' }
  if (accepted.invoiceNumber !== input.trackingNumber || toKstIso(accepted.sentAt) !== toKstIso(input.sentAt))
    return { kind: 'unknown', cause: 'the answer tells of another delivery' }
  return { kind: 'done', reference: accepted.invoiceNumber, value: { at: accepted.at } }
}
