import { spawnSync } from 'node:child_process'
import type { Page } from '@playwright/test'
import { z } from 'zod'
import { expect, test } from './fixtures.ts'
import { emailOf, password } from './people.ts'
import { dataDir, withDatabase } from './database.ts'

test.describe('without a session', () => {
  test.use({ storageState: { cookies: [], origins: [] }, expectedConsoleErrors: [/status of 401/] })

  test('every page leads to the sign-in and every route answers 401', async ({ page }) => {
    for (const path of [
      '/payments',
      '/cancellations',
      '/accounts',
      '/audit',
      '/payments/01a1fd33-d948-7369-b0fe-0eda74cd9f5e',
    ]) {
      await page.goto(path)
      await expect(page).toHaveURL(/\/login/)
    }
    for (const path of [
      '/api/payments',
      '/api/payments/x',
      '/api/payments/01a1fd33-d948-7369-b0fe-0eda74cd9f5e/preview',
      '/api/cancellations',
      '/api/audit',
    ]) {
      expect((await page.request.get(path)).status()).toBe(401)
    }
  })

  test('a wrong password is said to be wrong, and leads nowhere else after signing in', async ({ page }) => {
    await page.goto('/login?callbackUrl=https://elsewhere.example/')
    await page.locator('[name="email"]').fill(emailOf('viewer'))
    await page.locator('[name="password"]').fill('not this one')
    await page.getByRole('button', { name: '로그인' }).click()
    await expect(page.getByRole('alert').first()).toBeVisible()
    await page.locator('[name="password"]').fill(password)
    await page.getByRole('button', { name: '로그인' }).click()
    await expect(page).toHaveURL(/\/payments/)
  })
})

/** Somebody new, with the demo's password and the role of an operator. */
async function newPerson(): Promise<string> {
  const email = `${crypto.randomUUID()}@example.com`
  await withDatabase(async (client) => {
    await client.query(
      `INSERT INTO "User" (id, email, name, "passwordHash") SELECT gen_random_uuid(), $1, '임시', "passwordHash" FROM "User" WHERE email = 'viewer@example.com'`,
      [email],
    )
    await client.query(
      `INSERT INTO "Grant" SELECT u.id, g."storeId", 'OPERATOR' FROM "User" u, "Grant" g JOIN "User" v ON v.id = g."userId" WHERE u.email = $1 AND v.email = 'viewer@example.com'`,
      [email],
    )
  })
  return email
}

async function signIn(page: Page, email: string, secret: string): Promise<void> {
  await page.goto('/login')
  await page.locator('[name="email"]').fill(email)
  await page.locator('[name="password"]').fill(secret)
  await page.getByRole('button', { name: '로그인' }).click()
}

test.describe('after five wrong passwords', () => {
  test.use({ expectedConsoleErrors: [/status of 401/] })

  test('the right one is refused too, until npm run user:unlock', async ({ page }) => {
    const email = await newPerson()
    for (let time = 0; time < 5; time += 1) {
      const answered = page.waitForResponse('**/api/auth/callback/credentials**')
      await signIn(page, email, 'wrong')
      await answered
    }
    await signIn(page, email, password)
    await expect(page.getByRole('alert').first()).toContainText('잠시')
    const unlock = ['--conditions=react-server', 'scripts/user-unlock.ts', email]
    const { status } = spawnSync(process.execPath, unlock, { env: { ...process.env, JEONPYO_DATA_DIR: dataDir() } })
    expect(status).toBe(0)
    await signIn(page, email, password)
    await expect(page).toHaveURL(/\/payments/)
  })
})

test('someone disabled, or with another role, is so at the next request', async ({ page }) => {
  const email = await newPerson()
  await signIn(page, email, password)
  await expect(page).toHaveURL(/\/payments/)
  const [first] = z
    .object({ items: z.array(z.looseObject({ id: z.string() })) })
    .parse(await (await page.request.get('/api/payments?limit=1')).json()).items
  const preview = async () => (await page.request.get(`/api/payments/${first?.id ?? ''}/preview`)).status()
  expect(await preview()).toBe(200)
  await withDatabase((client) =>
    client.query(`UPDATE "Grant" SET role = 'VIEWER' WHERE "userId" = (SELECT id FROM "User" WHERE email = $1)`, [
      email,
    ]),
  )
  expect(await preview()).toBe(403)
  await withDatabase((client) => client.query(`UPDATE "User" SET "disabledAt" = now() WHERE email = $1`, [email]))
  expect(await preview()).toBe(401)
})
