// A million plain payments of four stores over two years, each with the four references a card payment has.
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { hashPassword } from '../lib/server/password.ts'

export const STORES = 4
export const people = {
  /** Works at the first store alone. */
  operator: { email: 'operator@bench.example', owner: false },
  /** Sees every store. */
  owner: { email: 'owner@bench.example', owner: true },
}
export const PASSWORD = 'only for the benchmark'
export const trnoOf = (payment: number) => `BENCH${String(payment).padStart(12, '0')}`

/** Answers the id of the first store. */
export async function load(client: pg.Client, payments: number): Promise<string> {
  const stores = await loadStores(client)
  // Loading in bulk: no triggers and no foreign keys while the rows, which hold no sums, come in.
  await client.query('set session_replication_role = replica')
  await client.query(paymentsSql, [payments, stores])
  await client.query(referencesSql)
  await client.query('set session_replication_role = default')
  await client.query('vacuum analyze')
  return stores[0] ?? ''
}

async function loadStores(client: pg.Client): Promise<string[]> {
  const stores = Array.from({ length: STORES }, () => randomUUID())
  for (const [index, id] of stores.entries()) {
    await client.query('insert into "Store" (id, name) values ($1, $2)', [id, `Store ${index + 1}`])
    await client.query(
      `insert into "GatewayAccount" (id, "storeId", gateway, mode, environment, name, settings, secrets, hints)
       values ($1, $1, 'portone', 'portone', 'sandbox', 'PortOne', '{}', '{}', '{}')`,
      [id],
    )
    await client.query(
      `insert into "Channel" (id, "accountId", name, key, pg, mid, contract) values ($1, $1, 'KSNET', $2, 'KSNET', $2, '{}')`,
      [id, `mid-${index + 1}`],
    )
  }
  const passwordHash = await hashPassword(PASSWORD)
  for (const { email, owner } of Object.values(people)) {
    const id = randomUUID()
    await client.query('insert into "User" (id, email, name, "passwordHash", owner) values ($1, $2, $2, $3, $4)', [
      id,
      email,
      passwordHash,
      owner,
    ])
    if (!owner)
      await client.query(`insert into "Grant" ("userId", "storeId", role) values ($1, $2, 'OPERATOR')`, [id, stores[0]])
  }
  return stores
}

// The oldest first. Here a channel bears the id of its store.
const paymentsSql = `
  insert into "Payment" (id, "storeId", "channelId", environment, pg, mid, "pgTxId", method, currency, amount, "taxFree",
    received, status, "orderName", "requestedAt", "approvedAt", "paidAt", "buyerMasked", "methodFacts", "partialLimit")
  select uuidv7(at - now()), store, store, 'sandbox', 'KSNET', 'mid-' || (1 + n % array_length($2::uuid[], 1)),
    'BENCH' || lpad(n::text, 12, '0'), 'CARD', 'KRW', price, 0, price, 'PAID', '데일리 후드티 외 ' || n % 9 || '건',
    at - interval '40 seconds', at, at, '홍*동',
    '{"card": {"issuer": "신한카드", "number": "433012******1234", "instalmentMonths": 3, "interestFree": false}}', 9
  from generate_series(1, $1::int) n,
    lateral (select ($2::uuid[])[1 + n % array_length($2::uuid[], 1)] as store, 1000 + n % 500 * 100 as price,
      date_trunc('milliseconds', now() - ($1::int - n) * (interval '730 days' / $1::int)) as at)`
const referencesSql = `
  insert into "Reference" ("paymentId", "storeId", "channelId", kind, value)
  select id, "storeId", "channelId", kind, value from "Payment", lateral (values
    ('TRNO'::"ReferenceKind", "pgTxId"),
    ('PAYMENT_ID', 'order-' || substr(md5("pgTxId"), 1, 20)),
    ('TRANSACTION_ID', md5("pgTxId")::uuid::text),
    ('APPROVAL_NUMBER', lpad((hashtext("pgTxId") & 99999999)::text, 8, '0'))) as known (kind, value)`
