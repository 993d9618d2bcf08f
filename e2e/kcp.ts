// A KCP account at one of the demo's stores, under a site code that no other test has.
import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { z } from 'zod'
import { withDatabase } from './database.ts'
import type { Control } from './fixtures.ts'
import { newToken } from './tokens.ts'

export type KcpShop = { readonly storeId: string; readonly accountId: string; readonly siteCd: string }

const letters = () =>
  randomUUID()
    .replace(/[^0-9a-f]/g, '')
    .slice(0, 5)
    .toUpperCase()

/** At a store by its id, or at the first or the second of the demo. */
export async function newKcpShop(where: 0 | 1 | string = 0): Promise<KcpShop> {
  const siteCd = letters()
  return withDatabase(async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `SELECT "storeId" AS id FROM "GatewayAccount" WHERE gateway = 'portone' ORDER BY "createdAt" LIMIT 2`,
    )
    const storeId = typeof where === 'string' ? where : (rows[where]?.id ?? '')
    const accountId = randomUUID()
    await client.query(
      `INSERT INTO "GatewayAccount" (id, "storeId", gateway, mode, environment, name, settings, secrets, hints) VALUES ($1, $2, 'kcp', 'rest', 'sandbox', $3, $4, '{}', '{}')`,
      [accountId, storeId, `KCP ${siteCd}`, JSON.stringify({ siteCd })],
    )
    await client.query(
      `INSERT INTO "Channel" (id, "accountId", name, key, pg, mid, contract) VALUES (gen_random_uuid(), $1, $2, $2, 'KCP', $2, '{}')`,
      [accountId, siteCd],
    )
    return { storeId, accountId, siteCd }
  })
}

/** Fourteen digits, as KCP numbers a payment by card. */
export const newTno = (): string => `26${String(Math.floor(Math.random() * 1e12)).padStart(12, '0')}`

const made = z.looseObject({ tno: z.string(), approval: z.record(z.string(), z.string()) })
const told = z.object({ payment: z.object({ id: z.string() }) })

export type KcpPayment = { readonly tno: string; readonly id: string }

/** Made at the sandbox, and told to the console as the shop's own server tells it. */
export async function newKcpPayment(
  owner: Page,
  control: Control,
  baseURL: string | undefined,
  { siteCd = 'J1002', ...wish }: { readonly siteCd?: string } & Record<string, unknown>,
): Promise<KcpPayment> {
  const token = await newToken(owner)
  const payment = made.parse(await control.post('/payments', { gateway: 'kcp', siteCd, ...wish }))
  const response = await fetch(`${baseURL}/api/v1/payments`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ good_name: '가을 외투', buyr_name: '홍길동', ...payment.approval, site_cd: siteCd }),
  })
  return { tno: payment.tno, id: told.parse(await response.json()).payment.id }
}
