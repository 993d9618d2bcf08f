import 'server-only'
import { createHash, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { toDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { seal, unseal } from '#lib/server/crypto.ts'
import { db, transaction } from '#lib/server/db.ts'
import { takeTurn } from '#lib/server/rate-limit.ts'
import { typedText } from '../typed-text.ts'

const BYTES_MAX = 2 * 1024 * 1024

/** What a file is, by its first bytes: its name may say anything. */
const kinds: readonly (readonly [type: string, begins: (bytes: Buffer) => boolean])[] = [
  ['application/pdf', (bytes) => bytes.subarray(0, 5).toString('latin1') === '%PDF-'],
  ['image/png', (bytes) => bytes.subarray(0, 8).toString('hex') === '89504e470d0a1a0a'],
  ['image/jpeg', (bytes) => bytes.subarray(0, 3).toString('hex') === 'ffd8ff'],
  [
    'image/webp',
    (bytes) =>
      bytes.subarray(0, 4).toString('latin1') === 'RIFF' && bytes.subarray(8, 12).toString('latin1') === 'WEBP',
  ],
]

export const UploadEvidence = z.object({
  paymentId: z.uuid(),
  name: typedText(120).min(1),
  data: z.base64().max(Math.ceil(BYTES_MAX / 3) * 4 + 4),
})

/** Keeps a file that proves something, sealed. Fails with: payment.not_found, permission.missing, evidence.kind, evidence.too_large. */
export async function uploadEvidence(context: Context, input: z.infer<typeof UploadEvidence>): Promise<{ id: string }> {
  const missing = new DomainError('payment.not_found')
  const payment = await db.payment.findUnique({ where: { id: input.paymentId }, select: { storeId: true } })
  if (!payment) throw missing
  authorize(context, 'account_check.create', payment.storeId, missing)
  const { actor } = context
  if (actor.kind !== 'person') throw new DomainError('permission.missing', { permission: 'account_check.create' })
  const bytes = Buffer.from(input.data, 'base64')
  if (bytes.length > BYTES_MAX) throw new DomainError('evidence.too_large')
  const type = kinds.find(([, begins]) => begins(bytes))?.[0]
  if (type === undefined) throw new DomainError('evidence.kind')
  const id = randomUUID()
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await transaction(async (tx) => {
    await tx.evidence.create({
      data: {
        id,
        storeId: payment.storeId,
        name: input.name,
        type,
        size: bytes.length,
        sha256,
        body: Buffer.from(seal(bytes.toString('base64'), ['Evidence', id, 'body'])),
        uploadedById: actor.id,
        uploadedAt: toDate(context.now()),
      },
    })
    await audit(tx, context, {
      action: 'evidence.upload',
      outcome: 'done',
      storeId: payment.storeId,
      subject: { type: 'payment', id: input.paymentId },
      facts: { evidence: id, type, size: bytes.length, sha256 },
    })
  })
  return { id }
}

export const ReadEvidence = z.object({ id: z.uuid() })

/** A copy of a bankbook shows a person, and counts as showing one. Fails with: evidence.not_found, permission.missing, request.too_many. */
export async function readEvidence(context: Context, input: z.infer<typeof ReadEvidence>): Promise<Response> {
  const missing = new DomainError('evidence.not_found')
  const file = await db.evidence.findUnique({ where: { id: input.id } })
  if (!file) throw missing
  authorize(context, 'account_check.confirm', file.storeId, missing)
  if (context.actor.kind === 'person') await takeTurn('reveal', context.actor.id)
  await transaction((tx) =>
    audit(tx, context, {
      action: 'evidence.view',
      outcome: 'done',
      storeId: file.storeId,
      subject: { type: 'evidence', id: file.id },
      facts: { sha256: file.sha256 },
    }),
  )
  const sealed = Buffer.from(file.body).toString('utf8')
  return new Response(Buffer.from(unseal(sealed, ['Evidence', file.id, 'body']), 'base64'), {
    headers: {
      'Content-Type': file.type,
      // Never shown by the browser in our own origin.
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    },
  })
}
