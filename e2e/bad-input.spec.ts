// Bad input gets a sentence or a 4xx, never a 5xx, never an effect.
import { createHmac, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { withDatabase } from './database.ts'
import { expect, test } from './fixtures.ts'
import { idOf, journalOf, newPayment, viewOf } from './payments.ts'
import { actionId } from './reachable.ts'

test.use({ expectedConsoleErrors: [/Failed to load resource/] })

const amounts = [0, -1, 0.5, 1.5, 1e9, 1e16, 1e300, '1000', 'ten', null, true, [], {}, undefined, '1e3']

/** So that each refusal is for the input, not for the number of tries; and so that the next test has turns left. */
const forgetTurns = () =>
  withDatabase((client) => client.query(`DELETE FROM "RateLimiterFlexible" WHERE key LIKE 'money:%'`))
test.afterEach(forgetTurns)

test('amounts that are none are refused with a problem and change nothing', async ({ operator: page, control }) => {
  const payment = await newPayment(control, { amount: 5_000 })
  const id = await idOf(page, payment)
  const wish = {
    id: randomUUID(),
    paymentId: id,
    amount: 100,
    taxFree: 0,
    reason: 'x',
    remainder: 5_000,
    remainderTaxFree: 0,
  }
  const wishes: unknown[] = [
    ...amounts.map((amount) => ({ ...wish, amount })),
    ...[-1, 101, 0.5, 'x', null].map((taxFree) => ({ ...wish, taxFree })),
    ...['', ' ', 'a'.repeat(101), 'new\nline', 'card 4111 1111 1111 1111', 5].map((reason) => ({ ...wish, reason })),
    ...['', 'x', '../../etc', 'a'.repeat(10_000)].map((paymentId) => ({ ...wish, paymentId })),
    { ...wish, id: 'not an id' },
    'text',
    null,
    [],
    5,
  ]
  for (const input of wishes) {
    await forgetTurns()
    const response = await page.request.post('/payments', {
      headers: { 'Next-Action': actionId('requestCancellationAction'), 'Content-Type': 'text/plain;charset=UTF-8' },
      data: JSON.stringify([input]),
    })
    expect(response.status(), JSON.stringify(input)).toBeLessThan(500)
    expect(await response.text(), JSON.stringify(input)).toMatch(/"code":"(request\.invalid|cancellation\.refused)"/)
  }
  expect((await viewOf(page, id)).cancellations).toEqual([])
  expect(await journalOf(control, payment)).toEqual({ executed: 0, asked: 0 })
})

test('bodies that are broken, mistyped or far too large are refused', async ({ operator: page }) => {
  const headers = { 'Next-Action': actionId('requestCancellationAction'), 'Content-Type': 'text/plain;charset=UTF-8' }
  for (const data of ['', '{', 'null', '[', '[{"$":"@"}]', 'a'.repeat(2_000_000)]) {
    const response = await page.request.post('/payments', { headers, data })
    expect(await response.text(), data.slice(0, 20)).not.toContain('"ok":true')
  }
})

test('numbers to search for may hold anything', async ({ operator: page }) => {
  for (const q of ['a%2Fb', '%', ' ', '가나다', "' OR 1=1 --", 'a'.repeat(10_000), '\u0000', '../..', '<script>']) {
    const response = await page.request.get(`/api/payments?q=${encodeURIComponent(q)}`)
    expect(response.status(), q.slice(0, 20)).toBeLessThan(500)
  }
  for (const query of [
    'limit=0',
    'limit=x',
    'limit=100000',
    'cursor=x',
    'from=2026-02-30',
    'method=GOLD',
    'status=',
    'store=1',
    'basis=never',
    'from=x&to=y',
  ]) {
    expect([200, 422]).toContain((await page.request.get(`/api/payments?${query}`)).status())
  }
  for (const id of ['%2F', '%20', 'x'.repeat(10_000), '..%2f..', 'null']) {
    const status = (await page.request.get(`/api/payments/${id}`)).status()
    expect([404, 414, 422, 431], id.slice(0, 10)).toContain(status)
  }
  await page.goto('/payments/not-a-payment')
  await expect(page.getByRole('heading').first()).toBeVisible()
})

test('notices that are forged, stale, replayed, oversized or nonsense are refused, and none is stored', async ({
  operator: page,
}) => {
  const { rows } = await withDatabase((client) =>
    client.query<{ id: string }>(`SELECT id FROM "GatewayAccount" ORDER BY "createdAt" LIMIT 1`),
  )
  const path = `/gateways/portone/${rows[0]?.id ?? ''}/webhook`
  const stored = async () =>
    z
      .object({ count: z.string() })
      .parse(
        (await withDatabase((client) => client.query(`SELECT count(*) FROM "Notice" WHERE type LIKE 'Forged%'`)))
          .rows[0],
      ).count
  const second = Math.floor(Date.now() / 1000)
  const signed = (secret: string, at: number, body: string) => {
    const id = `msg_${randomUUID()}`
    const key = Buffer.from(secret, 'base64')
    return {
      'webhook-id': id,
      'webhook-timestamp': String(at),
      'webhook-signature': `v1,${createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')}`,
    }
  }
  const body = JSON.stringify({
    type: 'Forged.Cancelled',
    timestamp: new Date().toISOString(),
    data: { paymentId: 'x' },
  })
  const right = Buffer.from('sandbox-webhook-secret-00012 3456'.replace(' ', '')).toString('base64')
  const attempts: [Record<string, string>, string][] = [
    [{}, body],
    [signed('d3Jvbmcgc2VjcmV0IG9mIG5vYm9keQ==', second, body), body],
    [signed(right, second - 600, body), body],
    [signed(right, second + 600, body), body],
    [signed(right, second, body), body.replace('x', 'y')],
    [{ 'webhook-id': 'a', 'webhook-timestamp': 'soon', 'webhook-signature': 'v1,' }, body],
    [signed(right, second, 'x'.repeat(100_000)), 'x'.repeat(100_000)],
    [{}, '\u0000\uFFFF{{{'],
    [{}, ''],
  ]
  for (const [headers, data] of attempts) {
    const response = await page.request.post(path, { headers, data })
    expect(response.status()).toBeGreaterThanOrEqual(400)
    expect(response.status()).toBeLessThan(500)
  }
  expect((await page.request.post('/gateways/portone/not-an-account/webhook', { data: body })).status()).toBe(404)
  expect(await stored()).toBe('0')
})
