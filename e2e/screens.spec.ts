// Every screen in both languages, at desk and phone width: no accessibility fault, nothing wider than the screen.
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { idOf, newPayment } from './payments.ts'

const widths = [1440, 390]
const FAILS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']

async function check(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(FAILS).analyze()
  expect(violations.map(({ id, nodes }) => `${name}: ${id} ${nodes[0]?.html ?? ''}`)).toEqual([])
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(wide, `${name} is wider than the screen`).toBeLessThanOrEqual(0)
}

async function speak(page: Page, language: string): Promise<void> {
  const { hostname } = new URL(page.url())
  await page.context().addCookies([{ name: 'lang', value: language, domain: hostname, path: '/' }])
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('lang', language)
}

test.use({ expectedConsoleErrors: [/status of 404/] })

for (const language of ['ko', 'en']) {
  test(`screens in ${language}`, async ({ owner: page, control }) => {
    test.setTimeout(300_000)
    const payment = await newPayment(control, { amount: 12_000, taxFree: 3_000 })
    await newPayment(control, { amount: 999_999_999 })
    const id = await idOf(page, payment)
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 })
      for (const path of [
        '/today',
        '/payments',
        `/payments/${id}`,
        '/payments?q=nothing-here',
        '/cancellations',
        '/cancellations?view=confirming',
        '/cancellations?view=approvals',
        '/cancellations?view=scheduled',
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
        '/payments/nothing',
      ]) {
        await page.goto(path)
        await speak(page, language)
        await expect(page.getByRole('heading').first()).toBeVisible()
        await check(page, `${path} ${width}`)
      }
      await page.goto(`/payments/${id}`)
      await page
        .getByRole('button', { name: language === 'ko' ? '취소하기' : /cancel/i })
        .first()
        .click()
      await expect(page.getByRole('dialog')).toBeVisible()
      await check(page, `sheet ${width}`)
    }
    expect(await page.locator('body').innerText()).not.toMatch(/undefined|\[object|MISSING|NaN/)
  })
}

test('the sign-in, in both languages', async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    storageState: { cookies: [], origins: [] },
    ...(baseURL !== undefined && { baseURL }),
  })
  const page = await context.newPage()
  for (const language of ['ko', 'en']) {
    await page.goto('/login')
    await speak(page, language)
    await check(page, `login ${language}`)
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
