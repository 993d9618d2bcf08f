import 'server-only'
import { DomainError } from '#lib/domain/problem.ts'

/** The raw text, of which no more is ever held than `bytesMax`. Fails with: request.too_large. */
export async function textOf(request: Pick<Request, 'body'>, bytesMax: number): Promise<string> {
  if (!request.body) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.length
    if (size > bytesMax) throw new DomainError('request.too_large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
