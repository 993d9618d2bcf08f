import 'server-only'
import { toDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { seal } from '#lib/server/crypto.ts'
import { db, transaction } from '#lib/server/db.ts'
import { enqueue, queueReady } from '#lib/server/queue.ts'
import { randomUUID } from 'node:crypto'
import { openAccount } from '../accounts/open-account.ts'

type Received = {
  readonly accountId: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Takes a gateway's message: verified on its raw bytes, stored before it is understood, a repeated one only counted.
 * Fails with: account.not_found, notice.unverified.
 */
export async function receiveNotice(context: Context, { accountId, body, headers }: Received): Promise<void> {
  const row = await db.gatewayAccount.findUnique({ where: { id: accountId } })
  if (!row) throw new DomainError('account.not_found')
  const { connector, call, storeId } = openAccount(row)
  const secrets = connector.credentials
    .filter((field) => field.name.startsWith('webhookSecret'))
    .flatMap((field) => call.credentials[field.name] || [])
  const content = await connector.verifyNotice?.(secrets, body, headers)
  const messageId = headers['webhook-id']
  if (!content || !messageId) throw new DomainError('notice.unverified', { storeId })
  await queueReady()
  await transaction(async (tx) => {
    const known = await tx.notice.findUnique({ where: { accountId_messageId: { accountId, messageId } } })
    if (known) {
      await tx.notice.update({ where: { id: known.id }, data: { repeats: { increment: 1 } } })
      return
    }
    const id = randomUUID()
    const stored = await tx.notice.createMany({
      data: [
        {
          id,
          accountId,
          messageId,
          type: content.type.slice(0, 100),
          body: seal(body, ['Notice', id, 'body']),
          receivedAt: toDate(context.now()),
        },
      ],
      skipDuplicates: true,
    })
    if (stored.count === 0) return
    await audit(tx, context, {
      action: 'notice.received',
      outcome: 'done',
      storeId,
      subject: { type: 'account', id: accountId },
      facts: { type: content.type.slice(0, 100), messageId: messageId.slice(0, 200) },
    })
    await enqueue(tx, 'notice.apply', { noticeId: id })
  })
}
