import 'server-only'
import { z } from 'zod'
import type { Connector, UnsignedNotice } from '#lib/gateways/connector.ts'
import { keyedHash, seal, unseal } from '#lib/server/crypto.ts'
import type { Notice } from '#prisma/client/client.ts'
import { readForm, readFormBytes } from './read-form.ts'

/** An unsigned notice as it came over the wire, so that it can be understood anew. */
export type Raw = { readonly body: Buffer; readonly contentType: string | null }

const stored = z.object({ contentType: z.string().nullable(), base64: z.base64() })

export const sealNotice = (id: string, { body, contentType }: Raw): string =>
  seal(JSON.stringify({ contentType, base64: body.toString('base64') }), ['Notice', id, 'body'])

/** Null where the bytes are no notice of this gateway. */
export function understand(connector: Connector, { body, contentType }: Raw): UnsignedNotice | null {
  const form = connector.noticeInBytes ? readFormBytes(body) : readForm(body, contentType)
  const told = form === null ? null : (connector.readNotice?.(form) ?? null)
  if (told?.personalKey === undefined) return told
  return { ...told, key: `${told.key}${keyedHash(`notice/${connector.gateway}/${told.personalKey}`)}` }
}

export function readStored(connector: Connector, notice: Pick<Notice, 'id' | 'body'>): UnsignedNotice | null {
  const { base64, contentType } = stored.parse(JSON.parse(unseal(notice.body, ['Notice', notice.id, 'body'])))
  return understand(connector, { body: Buffer.from(base64, 'base64'), contentType })
}

/** Whether two notices under one key tell the same; names and times of sending aside. */
export function tellSame(one: UnsignedNotice, other: UnsignedNotice): boolean {
  return meaningOf(one) === meaningOf(other)
}

function meaningOf({ type, storeKey, paymentId, event }: UnsignedNotice): string {
  const money = event.kind === 'deposit' || event.kind === 'reversal'
  return JSON.stringify([
    type,
    storeKey,
    paymentId,
    event.kind,
    money ? [event.amount, event.account, event.at] : event,
  ])
}
