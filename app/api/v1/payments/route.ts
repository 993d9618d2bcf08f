import { httpStatus, type DomainError } from '#lib/domain/problem.ts'
import { translator } from '#lib/i18n/translate.ts'
import { bytesOf } from '#lib/server/body.ts'
import { contextOf } from '#lib/server/context.ts'
import { asProblem, problemOf } from '#lib/server/report.ts'
import { addressOf } from '#lib/server/visitor.ts'
import { tellPayment } from '#lib/services/payments/tell-payment.ts'
import { readToldFields } from '#lib/services/payments/told-fields.ts'
import { authenticateToken } from '#lib/services/tokens/authenticate-token.ts'

/** An approval's answer has some fifty short fields. */
const BODY_BYTES_MAX = 64 * 1024

/** A shop's own server tells of a payment it had approved: docs/telling-payments.md. */
export async function POST(request: Request): Promise<Response> {
  const context = contextOf({ kind: 'system', name: 'shop' })
  try {
    const { headers } = request
    const teller = await authenticateToken(headers.get('authorization'), addressOf(headers.get('x-forwarded-for')))
    const body = await bytesOf(request, BODY_BYTES_MAX)
    const payment = await tellPayment(context, teller, () => readToldFields(body, headers.get('content-type')))
    return answer({ payment }, payment.state === 'recorded' ? 201 : 200)
  } catch (error) {
    const problem = problemOf(error, context.requestId)
    const { code, facts } = asProblem(problem)
    const { problem: message } = await translator()
    const said = { problem: { code, facts, message: message({ code, facts }) } }
    return answer(said, httpStatus[problem.kind], moreOf(problem))
  }
}

const answer = (body: object, status: number, headers: Record<string, string> = {}) =>
  Response.json(body, { status, headers: { 'Cache-Control': 'no-store', ...headers } })

function moreOf({ kind, facts }: DomainError): Record<string, string> {
  if (kind === 'unauthenticated') return { 'WWW-Authenticate': 'Bearer' }
  return kind === 'busy' ? { 'Retry-After': String(facts['seconds'] ?? 60) } : {}
}
