// The reference: what a route costs that asks PostgreSQL as often as the console's, and does nothing else.
import pg from 'pg'

const POOL_MAX = 12
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: POOL_MAX })

const person = 'select id, email, name, owner, "disabledAt" from "User" where email = $1'
const columns = `p.id, p."storeId", p."channelId", p.environment, p."testStore", p.pg, p."pgTxId", p.method, p.currency, p.amount,
  p.received, p.refunded, p.open, p.status, p."openCount", p."orderName", p."buyerMasked", p."methodFacts", p."requestedAt",
  p."approvedAt", p."lastRefundAt"`
const statements = {
  lookup: `select ${columns} from "Reference" r join "Payment" p on p.id = r."paymentId" where r.value = $1`,
  list: `select ${columns} from "Payment" p where p."storeId" = $1 order by p."approvedAt" desc, p.id desc limit 50`,
}

/** `queries` in all: the person by e-mail, then the payments as often as is left, one after the other. */
export async function answer(request: Request, kind: keyof typeof statements): Promise<Response> {
  const { searchParams } = new URL(request.url)
  await pool.query(person, [searchParams.get('email')])
  let items: unknown[] = []
  for (let left = Number(searchParams.get('queries')) - 1; left > 0; left -= 1)
    items = (await pool.query(statements[kind], [searchParams.get('key')])).rows
  return Response.json({ items }, { headers: { 'Cache-Control': 'no-store' } })
}
