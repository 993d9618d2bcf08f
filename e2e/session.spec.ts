import { spawnSync } from 'node:child_process'
import { generateSync } from 'otplib'
import { z } from 'zod'
import { expect, test } from './fixtures.ts'
import { fillSheet, newPayment, openPayment } from './payments.ts'
import { arrived, emailOf, newPerson, password, signIn } from './people.ts'
import { dataDir, withDatabase } from './database.ts'

test.describe('without a session', () => {
  test.use({ storageState: { cookies: [], origins: [] }, expectedConsoleErrors: [/status of 401/] })

  test('every page leads to the sign-in and every route answers 401', async ({ page }) => {
    for (const path of [
      '/payments',
      '/cancellations',
      '/accounts',
      '/audit',
      '/members',
      '/members/01a1fd33-d948-7369-b0fe-0eda74cd9f5e',
      '/me',
      '/second-factor',
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
      '/api/session',
    ]) {
      expect((await page.request.get(path)).status()).toBe(401)
    }
  })

  test('no browser sends what was typed by itself: a form that cannot be answered yet waits, and would not name it in an address', async ({
    browser,
    baseURL,
  }) => {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      baseURL: baseURL ?? '',
      storageState: { cookies: [], origins: [] },
    })
    const page = await context.newPage()
    await page.goto('/login')
    await page.locator('[name="email"]').fill(emailOf('viewer'))
    await page.locator('[name="password"]').fill(password)
    await expect(page.getByRole('button', { name: '로그인' })).toBeDisabled()
    await expect(page.locator('form').filter({ has: page.locator('[name="password"]') })).toHaveAttribute(
      'method',
      'post',
    )
    await page.locator('[name="password"]').press('Enter')
    expect(page.url()).not.toContain('password')
    await context.close()
  })

  test('a wrong password is said to be wrong, and leads nowhere else after signing in', async ({ page }) => {
    await page.goto('/login?callbackUrl=https://elsewhere.example/')
    await page.locator('[name="email"]').fill(emailOf('viewer'))
    await page.locator('[name="password"]').fill('not this one')
    await page.getByRole('button', { name: '로그인' }).click()
    await expect(page.getByRole('alert').first()).toBeVisible()
    await page.locator('[name="password"]').fill(password)
    await page.getByRole('button', { name: '로그인' }).click()
    await expect(page).toHaveURL(/\/today/)
  })
})

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
    await expect(page).toHaveURL(/\/today/)
  })
})

test('someone disabled, or with another role, is so at the next request', async ({ page }) => {
  const email = await newPerson()
  await signIn(page, email, password)
  await expect(page).toHaveURL(/\/today/)
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

const sessionTimes = (email: string, change: string) =>
  withDatabase((client) =>
    client.query(
      `UPDATE "Session" s SET ${change} FROM "User" u WHERE u.id = s."userId" AND u.email = $1 AND s."endedAt" IS NULL`,
      [email],
    ),
  )
const endsOf = (email: string) =>
  withDatabase(async (client) => {
    const { rows } = await client.query<{ endedBy: string | null }>(
      `SELECT s."endedBy" FROM "Session" s JOIN "User" u ON u.id = s."userId" WHERE u.email = $1 ORDER BY s."createdAt"`,
      [email],
    )
    return rows.map((row) => row.endedBy)
  })
const life = z.object({ idleMs: z.number() })

test.describe('somebody who has gone', () => {
  test.use({ expectedConsoleErrors: [/status of 401/] })

  test('is asked a minute before, can stay, is signed out, and finds what was typed', async ({ page, control }) => {
    const email = await newPerson()
    const payment = await newPayment(control, { amount: 5_000 })
    await page.clock.install()
    await signIn(page, email, password)
    await arrived(page)
    const told = page.waitForResponse((response) => response.url().endsWith('/api/session'))
    const id = await openPayment(page, payment)
    await told
    await fillSheet(page, '1,000', '색상 오류')

    // What was typed is told first, as it is after a minute.
    const typed = page.waitForResponse((response) => response.url().endsWith('/api/session'))
    await page.clock.fastForward('01:01')
    await typed
    await sessionTimes(email, `"lastSeenAt" = now() - interval '14 minutes 10 seconds'`)
    await page.clock.fastForward('14:10')
    const question = page.getByRole('dialog', { name: '곧 로그아웃됩니다' })
    await expect(question).toBeVisible()
    await expect(question.getByRole('timer')).toContainText('초 남음')
    await question.getByRole('button', { name: '계속 사용' }).click()
    await expect(question).toBeHidden()
    await expect(async () => {
      const { idleMs } = life.parse(await (await page.request.get('/api/session')).json())
      expect(idleMs).toBeGreaterThan(14 * 60_000)
    }).toPass()
    await expect(page.getByRole('dialog').getByLabel('취소 금액', { exact: true })).toHaveValue('1,000')

    await sessionTimes(email, `"lastSeenAt" = now() - interval '15 minutes'`)
    await page.clock.fastForward('15:01')
    await expect(page).toHaveURL(/\/login\?callbackUrl=.*ended=idle/)
    await expect(page.getByText('15분 동안 사용하지 않아 로그아웃했습니다')).toBeVisible()
    await page.locator('[name="email"]').fill(email)
    await page.locator('[name="password"]').fill(password)
    await page.getByRole('button', { name: '로그인' }).click()
    await expect(page).toHaveURL(new RegExp(`/payments/${id}`))
    await page.getByRole('button', { name: '취소하기' }).click()
    const sheet = page.getByRole('dialog')
    await expect(sheet.getByLabel('취소 금액', { exact: true })).toHaveValue('1,000')
    await expect(sheet.getByLabel('취소 사유')).toHaveValue('색상 오류')
    await sheet.getByRole('button', { name: '1,000원 취소' }).click()
    await expect(sheet.getByRole('status')).toContainText('취소되었습니다')
    const drafts = () => Object.keys(window.sessionStorage).filter((key) => key.startsWith('draft'))
    expect(await page.evaluate(drafts)).toEqual([])
  })

  test('is not kept here by a page that reads by itself', async ({ page }) => {
    const email = await newPerson()
    const told = page.waitForResponse((response) => response.url().endsWith('/api/session'))
    await signIn(page, email, password)
    await told
    await sessionTimes(email, `"lastSeenAt" = now() - interval '14 minutes'`)
    for (const path of ['/api/payments', '/api/cancellations', '/api/session', '/api/payments'])
      expect((await page.request.get(path)).status()).toBe(200)
    const { idleMs } = life.parse(await (await page.request.get('/api/session')).json())
    expect(idleMs).toBeLessThan(60_000)
  })
})

test.describe('signing out', () => {
  // What the page was asking meanwhile is answered so, and rightly.
  test.use({ expectedConsoleErrors: [/status of 401/] })

  test('signing out ends the session also for who kept the cookie', async ({ page }) => {
    const email = await newPerson()
    await signIn(page, email, password)
    await arrived(page)
    const cookies = await page.context().cookies()
    await page.getByRole('button', { name: /내 메뉴/ }).click()
    await page.getByRole('menuitem', { name: '로그아웃' }).click()
    await expect(page).toHaveURL(/\/login/)
    await page.context().addCookies(cookies)
    expect((await page.request.get('/api/payments')).status()).toBe(401)
    expect(await endsOf(email)).toEqual(['person'])
  })
})

test.describe('a second factor', () => {
  test.use({ expectedConsoleErrors: [/status of 401/] })

  test('is set up with an app, asked for at the sign-in and at a fresh sign-in, and turned off again', async ({
    page,
  }) => {
    const email = await newPerson()
    await signIn(page, email, password)
    await arrived(page)
    await page.goto('/me')
    await page.getByRole('link', { name: '2단계 인증 설정하기' }).click()
    await sessionTimes(email, `"steppedUpAt" = NULL`)
    await page.getByRole('button', { name: '인증 앱 등록하기' }).click()
    const question = page.getByRole('dialog')
    await question.getByLabel('비밀번호').fill(password)
    await question.getByRole('button', { name: '확인하고 계속' }).click()
    await expect(page.getByRole('figure', { name: /QR/ })).toBeVisible()
    const secret = await page.locator('code').innerText()
    const code = (seconds: number) => generateSync({ secret, epoch: Math.floor(Date.now() / 1_000) + seconds })
    await page.locator('[name="code"]').fill(code(-30))
    await page.getByRole('button', { name: '코드 확인하고 등록' }).click()
    const codes = page.getByRole('list', { name: '복구 코드' }).getByRole('listitem')
    await expect(codes).toHaveCount(10)
    const recovery = await codes.first().innerText()
    await page.getByRole('link', { name: /계속하기/ }).click()
    await expect(page.getByText('2단계 인증 사용 중')).toBeVisible()

    await page.context().clearCookies()
    await signIn(page, email, 'wrong')
    await expect(page.getByRole('alert').first()).toContainText('이메일 또는 비밀번호')
    await expect(page.locator('[name="code"]')).toHaveCount(0)
    await signIn(page, email, password)
    await page.locator('[name="code"]').fill('000000')
    await page.getByRole('button', { name: '로그인' }).click()
    await expect(page.getByRole('alert').first()).toContainText('인증 코드가 맞지 않거나')
    await page.locator('[name="code"]').fill(code(0))
    await page.getByRole('button', { name: '로그인' }).click()
    await arrived(page)

    await page.goto('/me')
    await expect(page.getByRole('button', { name: /로그아웃$/ })).toHaveCount(2)
    await sessionTimes(email, `"steppedUpAt" = NULL`)
    await page.getByRole('button', { name: '2단계 인증 끄기' }).click()
    await question.getByLabel('비밀번호').fill(password)
    await question.getByRole('button', { name: '확인하고 계속' }).click()
    await question.locator('[name="code"]').fill(recovery)
    await question.getByRole('button', { name: '확인하고 계속' }).click()
    await expect(page.getByText('2단계 인증 없음')).toBeVisible()
  })
})
