import 'server-only'
import { z } from 'zod'
import { toDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { Context } from '#lib/server/context.ts'
import { transaction } from '#lib/server/db.ts'
import { typedText } from '../typed-text.ts'
import { dropAbandoned, dropOlder, keepPart, PART_BYTES_MAX, PARTS_MAX } from './file-parts.ts'
import { channelToCompare, personOf } from './open-comparison.ts'

/** A file comes in parts of 2 MB, so that there is progress to show and no request is large. */
export const UploadPart = z.object({
  /** Made in the browser for one file. */
  id: z.uuid(),
  channelId: z.uuid(),
  fileName: typedText(200).min(1),
  index: z
    .int()
    .min(0)
    .max(PARTS_MAX - 1),
  content: z.base64().max(Math.ceil(PART_BYTES_MAX / 3) * 4 + 4),
})

/** Keeps a part, sealed. Fails with: channel.not_found, permission.missing, request.reused_id, comparison.begun. */
export async function uploadPart(context: Context, input: z.infer<typeof UploadPart>): Promise<{ id: string }> {
  const { id, channelId, fileName, index, content } = input
  const channel = await channelToCompare(context, channelId)
  const { id: byId } = personOf(context, 'comparison.run')
  await transaction(async (tx) => {
    await dropAbandoned(tx, context)
    const { storeId } = channel.account
    const data = { id, storeId, channelId, fileName, state: 'UPLOADING', byId, at: toDate(context.now()) }
    await tx.comparison.createMany({ data: [data], skipDuplicates: true })
    const begun = await tx.comparison.findUniqueOrThrow({ where: { id } })
    if (begun.channelId !== channelId || begun.byId !== byId) throw new DomainError('request.reused_id')
    if (begun.state !== 'UPLOADING') throw new DomainError('comparison.begun')
    await keepPart(tx, { comparisonId: id, kind: 'upload', index }, content)
    await dropOlder(tx, byId)
  })
  return { id }
}
