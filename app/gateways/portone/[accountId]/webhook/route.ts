import { z } from 'zod'
import { DomainError, httpStatus } from '#lib/domain/problem.ts'
import { textOf } from '#lib/server/body.ts'
import { contextOf } from '#lib/server/context.ts'
import { problemOf } from '#lib/server/report.ts'
import { receiveNotice } from '#lib/services/notices/receive-notice.ts'

const BODY_BYTES_MAX = 64 * 1024

/** PortOne's webhook: 200 only after it is stored, so that PortOne sends again what was not. */
export async function POST(
  request: Request,
  { params }: { params: Promise<{ accountId: string }> },
): Promise<Response> {
  const context = contextOf({ kind: 'system', name: 'notice' })
  try {
    const { accountId } = await params
    if (!z.uuid().safeParse(accountId).success) throw new DomainError('account.not_found')
    await receiveNotice(context, {
      accountId,
      body: await textOf(request, BODY_BYTES_MAX),
      headers: Object.fromEntries(request.headers),
    })
    return Response.json({ ok: true })
  } catch (error) {
    const problem = problemOf(error, context.requestId)
    return Response.json(
      { problem: { code: problem.code } },
      { status: problem.code === 'notice.unverified' ? 401 : httpStatus[problem.kind] },
    )
  }
}
