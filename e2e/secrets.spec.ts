// Runs last: after everything the other tests did, no secret and no personal data stands where it must not.
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { withDatabase, dataDir } from './database.ts'
import { expect, test } from './fixtures.ts'
import { fillSheet, newPayment, openPayment } from './payments.ts'
import { signIn } from './people.ts'

const root = join(import.meta.dirname, '..')
const person = { name: '카나리아비밀', phoneNumber: '01077779999', email: 'canary.person@canary.example' }
const typed = { password: 'canary-password-471', apiSecret: 'canary-api-secret-0471', card: '4111111111111111' }

/** What must be found nowhere. */
const canaries = () => [
  'sandbox-api-secret',
  'sandbox-key-of-J1002__',
  'sandbox-key-of-J1001__',
  'sandbox-key-of-2041700202__',
  'sandbox-key-password',
  'c2FuZGJveC13ZWJob29rLXNlY3JldC0wMDAxMjM0NTY=',
  readFileSync(join(dataDir(), 'secret.key'), 'utf8').trim(),
  ...Object.values(person),
  ...Object.values(typed),
  '4111-1111-1111-1111',
]
const found = (text: string, where: string) =>
  canaries()
    .filter((canary) => text.includes(canary))
    .map((canary) => `${canary} in ${where}`)

test.use({ expectedConsoleErrors: [/status of 401/] })

test('no secret and no personal data in pages, answers, logs, build or tables', async ({
  owner: page,
  control,
  browser,
  baseURL,
}) => {
  const card = await newPayment(control, { amount: 5_000, customer: person })
  const account = await newPayment(control, {
    amount: 5_000,
    customer: person,
    method: 'VIRTUAL_ACCOUNT',
    status: 'PAID',
  })
  await control.post('/faults', { gateway: 'portone', operation: 'cancel', fault: 'error-though-done', times: 1 })
  const id = await openPayment(page, card)
  await fillSheet(page, '1,000')
  await page.getByRole('dialog').getByRole('button', { name: '1,000원 취소' }).click()
  await expect(page.getByRole('dialog').getByRole('status')).toContainText('취소되었습니다')
  const stranger = await (
    await browser.newContext({ storageState: { cookies: [], origins: [] }, ...(baseURL !== undefined && { baseURL }) })
  ).newPage()
  await signIn(stranger, 'owner@example.com', typed.password)
  await expect(stranger.getByRole('alert').first()).toBeVisible()

  const faults: string[] = []
  for (const path of [
    '/login',
    '/payments',
    `/payments/${id}`,
    `/payments?q=${account.paymentId}`,
    '/cancellations',
    '/accounts',
    '/audit',
    '/members',
    '/me',
  ]) {
    await page.goto(path)
    await page.waitForLoadState('networkidle')
    faults.push(...found(await page.content(), `the page ${path}`))
    const payload = await page.request.get(path, { headers: { RSC: '1' } })
    faults.push(...found(await payload.text(), `the payload of ${path}`))
  }
  for (const path of [
    '/api/payments?limit=200',
    `/api/payments/${id}`,
    `/api/payments/${id}/preview`,
    '/api/cancellations?limit=200',
    '/api/audit?limit=200',
  ]) {
    faults.push(...found(await (await page.request.get(path)).text(), path))
  }
  for (const file of globSync('*.log*', { cwd: dataDir() }))
    faults.push(...found(readFileSync(join(dataDir(), file), 'utf8'), file))
  for (const file of globSync('.next/{static,server,cache}/**/*', { cwd: root })) {
    const path = join(root, file)
    if (statSync(path).isFile()) faults.push(...found(readFileSync(path, 'latin1'), file))
  }
  faults.push(...(await inTables()))
  expect(faults).toEqual([])
})

/** Every row of every table as text: what is sealed cannot be read there. */
async function inTables(): Promise<string[]> {
  return withDatabase(async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    )
    const faults: string[] = []
    for (const { name } of tables) {
      const { rows } = await client.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`)
      for (const row of rows) faults.push(...found(row.text, `the table ${name}`))
    }
    return faults
  })
}
