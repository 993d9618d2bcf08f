import { z } from 'zod'
import { DomainError, httpStatus } from '#lib/domain/problem.ts'
import { contextOf } from '#lib/server/context.ts'
import { problemOf } from '#lib/server/report.ts'
import { addressOf } from '#lib/server/visitor.ts'
import { receiveUnsigned } from '#lib/services/notices/receive-unsigned.ts'

/** KCP's common return. Only what was stored is answered with its `result` 0000; KCP sends everything else again. */
export async function POST(
  request: Request,
  { params }: { params: Promise<{ accountId: string; address: string }> },
): Promise<Response> {
  const context = contextOf({ kind: 'system', name: 'notice' })
  try {
    const { accountId, address } = await params
    if (!z.uuid().safeParse(accountId).success) throw new DomainError('account.not_found')
    const from = addressOf(request.headers.get('x-forwarded-for'))
    const receipt = await receiveUnsigned(context, { gateway: 'kcp', accountId, address, from, request })
    return new Response(receipt.body, { headers: { 'Content-Type': receipt.contentType, 'Cache-Control': 'no-store' } })
  } catch (error) {
    const problem = problemOf(error, context.requestId)
    const status = problem.code === 'notice.unverified' ? 403 : httpStatus[problem.kind]
    return new Response(`refused: ${problem.code}`, {
      status,
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    })
  }
}
