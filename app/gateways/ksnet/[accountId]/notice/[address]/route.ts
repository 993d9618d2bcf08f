import { z } from 'zod'
import { DomainError, httpStatus } from '#lib/domain/problem.ts'
import { contextOf } from '#lib/server/context.ts'
import { RAW_QUERY } from '#lib/server/notice-door.ts'
import { problemOf } from '#lib/server/report.ts'
import { addressOf } from '#lib/server/visitor.ts'
import { receiveUnsigned } from '#lib/services/notices/receive-unsigned.ts'

type Params = { params: Promise<{ accountId: string; address: string }> }

/** Of as many bytes as the yes (lib/server/notice-door.ts says their number beforehand). */
const NO = 'result=NO'

/** KSNET's notice as it comes to an address by https. Only what was stored is answered with `result=OK`, and nothing beside it. */
export async function POST(request: Request, { params }: Params): Promise<Response> {
  const context = contextOf({ kind: 'system', name: 'notice' })
  try {
    const { accountId, address } = await params
    if (!z.uuid().safeParse(accountId).success) throw new DomainError('account.not_found')
    const from = addressOf(request.headers.get('x-forwarded-for'))
    const receipt = await receiveUnsigned(context, { gateway: 'ksnet', accountId, address, from, request })
    return answer(receipt.body, 200, receipt.contentType)
  } catch (error) {
    const problem = problemOf(error, context.requestId)
    const status = problem.code === 'notice.unverified' ? 403 : httpStatus[problem.kind]
    return answer(NO, status, 'text/plain; charset=utf-8')
  }
}

/** The same as it comes by plain http: the form stands in the address. */
export function GET(request: Request, params: Params): Promise<Response> {
  const { headers } = request
  const body = headers.get(RAW_QUERY) ?? new URL(request.url).search.slice(1)
  return POST(new Request(request.url, { method: 'POST', headers, body }), params)
}

const answer = (body: string, status: number, contentType: string) =>
  new Response(body, { status, headers: { 'Content-Type': contentType, 'Cache-Control': 'no-store' } })
