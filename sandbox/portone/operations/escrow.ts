import { z } from 'zod'
import { MINUTE_MS, plus, toIso } from '#lib/domain/kst.ts'
import { isoInstant } from '../../iso-instant.ts'
import { PortOneError } from '../errors.ts'
import { logisticsCompanies } from '../logistics-companies.ts'
import { findPayment, readBody, type Call, type Done, type Operation } from '../operation.ts'
import type { Escrow, Payment } from '../payment.ts'
import { refusal } from '../refusals.ts'

const person = z.object({
  name: z.string().optional(),
  phoneNumber: z.string().optional(),
  zipcode: z.string().optional(),
  relationship: z.string().optional(),
  address: z.object({ addressLine1: z.string(), addressLine2: z.string() }).optional(),
})

/** PortOne REST V2 1.16, `RegisterEscrowLogisticsBody`, and identical `ModifyEscrowLogisticsBody`. */
const bodySchema = z.object({
  storeId: z.string().optional(),
  sender: person.optional(),
  receiver: person.optional(),
  logistics: z.object({
    company: z.enum(logisticsCompanies),
    invoiceNumber: z.string(),
    /** K11: ISO 8601 with a zone. */
    sentAt: isoInstant,
    receivedAt: isoInstant.optional(),
  }),
  sendEmail: z.boolean().optional(),
  products: z
    .array(z.object({ id: z.string(), name: z.string(), amount: z.number(), quantity: z.number() }))
    .optional(),
})
type Logistics = z.infer<typeof bodySchema>['logistics']

export const registerEscrow: Operation = {
  name: 'escrow',
  method: 'POST',
  path: '/payments/:paymentId/escrow/logistics',
  run(call) {
    const { payment, escrow, logistics } = read(call)
    if (escrow.status !== 'BEFORE_REGISTERED') throw refusal('SBX-ESCROW-REGISTERED')
    return save(call, payment, logistics, 'appliedAt')
  },
}

export const modifyEscrow: Operation = {
  name: 'escrow-modify',
  method: 'PATCH',
  path: '/payments/:paymentId/escrow/logistics',
  run(call) {
    const { payment, escrow, logistics } = read(call)
    if (escrow.status === 'BEFORE_REGISTERED') throw refusal('SBX-ESCROW-UNREGISTERED')
    const opens = plus(payment.paidAt ?? call.now, call.state.settings.escrowDelayMinutes * MINUTE_MS)
    if (call.now < opens) throw refusal('SBX-ESCROW-EARLY')
    return save(call, payment, logistics, 'modifiedAt')
  },
}

function read(call: Call): { payment: Payment; escrow: Escrow; logistics: Logistics } {
  const body = readBody(bodySchema, call.body)
  const payment = findPayment(call, body.storeId)
  if (payment.status !== 'PAID' && payment.status !== 'PARTIAL_CANCELLED') {
    throw new PortOneError('PAYMENT_NOT_PAID', `the payment is ${payment.status}`)
  }
  if (!payment.escrow) throw refusal('SBX-ESCROW-NONE')
  return { payment, escrow: payment.escrow, logistics: body.logistics }
}

function save(call: Call, payment: Payment, logistics: Logistics, doneAt: 'appliedAt' | 'modifiedAt'): Done {
  const { company, invoiceNumber, sentAt } = logistics
  const escrow: Escrow = { status: 'REGISTERED', company, invoiceNumber, sentAt, appliedAt: call.now }
  return {
    body: { invoiceNumber, sentAt: toIso(sentAt), [doneAt]: toIso(call.now) },
    events: [{ kind: 'payment', payment: { ...payment, escrow, updatedAt: call.now } }],
    effect: 'executed',
  }
}
