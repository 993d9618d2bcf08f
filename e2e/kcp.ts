// A KCP account at one of the demo's stores, under a site code that no other test has.
import { randomUUID } from 'node:crypto'
import { withDatabase } from './database.ts'

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
