// Every screen in both languages, at desk and phone width, light and dark: no accessibility fault, nothing wider than the screen.
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { idOf, newPayment } from './payments.ts'
import { expectWellMade } from './well-made.ts'

async function check(page: Page): Promise<void> {
  await expect(page.getByRole('heading').first()).toBeVisible()
  await expectWellMade(page)
  expect(await page.locator('body').innerText()).not.toMatch(/undefined|\[object|MISSING|NaN/)
}

async function open(page: Page, path: string, language: string): Promise<void> {
  await page.context().addCookies([{ name: 'lang', value: language, url: process.env['E2E_URL'] ?? '' }])
  await page.goto(path)
  await expect(page.locator('html')).toHaveAttribute('lang', language)
}

test.use({ expectedConsoleErrors: [/status of 404/] })

const screens = [
  '/today',
  '/payments',
  '/payments?q=nothing-here',
  '/payments/nothing',
  '/cancellations',
  '/cancellations?view=confirming',
  '/cancellations?view=approvals',
  '/cancellations?view=scheduled',
  '/tasks',
  '/escrow',
  '/exports',
  '/stores',
  '/imports',
  '/comparisons',
  '/notices',
  '/notices?asof=2022-05-15',
  '/notices?view=codes',
  '/notices?view=mode',
  '/notices?view=known',
  '/accounts',
  '/audit',
  '/members',
  '/me',
]

for (const language of ['ko', 'en']) {
  for (const path of screens) {
    test(`${path} in ${language}`, async ({ owner: page }) => {
      await open(page, path, language)
      await check(page)
    })
  }

  test(`a payment and its cancel sheet in ${language}`, async ({ owner: page, control }) => {
    const payment = await newPayment(control, { amount: 999_999_999, taxFree: 3_000 })
    await open(page, `/payments/${await idOf(page, payment)}`, language)
    await check(page)
    await page
      .getByRole('button', { name: language === 'ko' ? '취소하기' : /cancel/i })
      .first()
      .click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await check(page)
  })
}

test('the sign-in, in both languages', async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    storageState: { cookies: [], origins: [] },
    ...(baseURL !== undefined && { baseURL }),
  })
  const page = await context.newPage()
  for (const language of ['ko', 'en']) {
    await open(page, '/login', language)
    await check(page)
  }
  await context.close()
})

test('every payment says that it is of the sandbox', async ({ operator: page, control }) => {
  const payment = await newPayment(control, { amount: 12_000 })
  await page.goto(`/payments/${await idOf(page, payment)}`)
  await expect(page.getByText(/SANDBOX|샌드박스/i).first()).toBeVisible()
  await page.goto('/payments')
  await expect(page.getByText(/SANDBOX|샌드박스/i).first()).toBeVisible()
})
