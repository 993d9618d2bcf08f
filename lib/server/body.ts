import 'server-only'
import { DomainError } from '#lib/domain/problem.ts'

/** The raw bytes, of which no more is ever held than `bytesMax`. Fails with: request.too_large. */
export async function bytesOf(request: Pick<Request, 'body'>, bytesMax: number): Promise<Buffer> {
  if (!request.body) return Buffer.alloc(0)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.length
    if (size > bytesMax) throw new DomainError('request.too_large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The same as text. Fails with: request.too_large. */
export const textOf = async (request: Pick<Request, 'body'>, bytesMax: number): Promise<string> =>
  (await bytesOf(request, bytesMax)).toString('utf8')
