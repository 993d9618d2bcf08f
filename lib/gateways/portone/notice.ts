import { Webhook } from '@portone/server-sdk'
import { z } from 'zod'
import type { NoticeContent } from '../connector.ts'

const content = z.object({
  type: z.string(),
  data: z
    .object({ paymentId: z.string().optional(), storeId: z.string().optional(), transactionId: z.string().optional() })
    .optional(),
})

/**
 * PortOne webhook, version 2024-04-25 (Standard Webhooks): verified on the raw body against each active secret by the
 * official SDK, with its 300 s on the real clock. Null where none fits.
 */
export async function verifyNotice(
  secrets: readonly string[],
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<NoticeContent | null> {
  for (const secret of secrets) {
    try {
      await Webhook.verify(secret, body, headers)
    } catch (error) {
      if (
        error instanceof Webhook.WebhookVerificationError ||
        error instanceof Webhook.InvalidInputError ||
        error instanceof SyntaxError
      )
        continue
      throw error
    }
    const parsed = content.safeParse(JSON.parse(body))
    if (!parsed.success) return { type: 'unrecognised', paymentId: null, storeKey: null, transactionId: null }
    const { type, data } = parsed.data
    return {
      type,
      paymentId: data?.paymentId ?? null,
      storeKey: data?.storeId ?? null,
      transactionId: data?.transactionId ?? null,
    }
  }
  return null
}
