import 'server-only'
import { z } from 'zod'
import { DAY_MS, fromDate, plus, toDate } from '#lib/domain/kst.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
import type { Context } from '#lib/server/context.ts'
import { unseal } from '#lib/server/crypto.ts'
import { db } from '#lib/server/db.ts'
import { log } from '#lib/server/log.ts'
import { openAccount } from '../accounts/open-account.ts'
import { readAtGateway } from '../payments/read-at-gateway.ts'
import { applyUnsigned } from './apply-unsigned.ts'

const content = z.object({ data: z.object({ paymentId: z.string(), storeId: z.string().optional() }) })

/** A signed notice moves nothing by itself: it is a reason to read the payment. One that got no answer stays for the next sweep. */
export async function applyNotice(context: Context, noticeId: string): Promise<void> {
  const notice = await db.notice.findUnique({ where: { id: noticeId }, include: { account: true } })
  if (!notice || notice.state !== 'STORED') return
  const account = openAccount(notice.account)
  if (account.connector.readNotice) return applyUnsigned(context, account, notice.id)
  const parsed = content.safeParse(JSON.parse(unseal(notice.body, ['Notice', notice.id, 'body'])))
  if (!parsed.success) return finish(context, noticeId, 'IGNORED', 'no payment in it')
  if (parsed.data.data.storeId !== undefined && parsed.data.data.storeId !== account.call.credentials['storeId'])
    return finish(context, noticeId, 'IGNORED', 'another store')
  const reading = await readAtGateway(context, account, parsed.data.data.paymentId)
  switch (reading.kind) {
    case 'recorded':
    case 'summed':
      return finish(context, noticeId, 'APPLIED', reading.paymentId)
    case 'not_ours':
      return finish(context, noticeId, 'IGNORED', reading.problem.code)
    case 'unfinished':
    case 'unreadable':
    case 'not_found':
      return finish(context, noticeId, 'IGNORED', reading.kind)
    case 'refused':
    case 'no_answer':
      return
  }
}

async function finish(context: Context, id: string, state: 'APPLIED' | 'IGNORED', result: string): Promise<void> {
  await db.notice.updateMany({
    where: { id, state: 'STORED' },
    data: { state, result, appliedAt: toDate(context.now()) },
  })
}

const WAITED_LONG_MS = DAY_MS

/** Takes up what a job left: the gateway did not answer then. After a day it gives way to others; the feed tells the same. */
export async function sweepNotices(context: Context): Promise<void> {
  const waiting = await db.notice.findMany({
    where: { state: 'STORED' },
    orderBy: { receivedAt: 'asc' },
    take: 20,
    select: { id: true, receivedAt: true, account: true },
  })
  for (const { id, receivedAt, account } of waiting) {
    await applyNotice(context, id).catch((error: unknown) => {
      log.error(
        { notice: id, error: error instanceof Error ? (error.stack ?? error.message) : 'not an error' },
        'broken',
      )
    })
    // What only a notice tells of is never given up.
    if (connectorOf(account).readNotice) continue
    if (plus(fromDate(receivedAt), WAITED_LONG_MS) < context.now()) await finish(context, id, 'IGNORED', 'no_answer')
  }
}
