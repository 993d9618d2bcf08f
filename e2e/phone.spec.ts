// What a clerk needs with a buyer on the telephone: finding by what the buyer knows, seeing one masked field, a note, money paid by hand.
import { randomInt } from 'node:crypto'
import type { Page } from '@playwright/test'
import { withDatabase } from './database.ts'
import { expect, test } from './fixtures.ts'
import { idOf, newPayment, viewOf } from './payments.ts'
import { arrived, password, signIn } from './people.ts'

/** A name that no other payment has. */
const newName = () => String.fromCodePoint(...Array.from({ length: 3 }, () => 0xac00 + randomInt(11_172)))
const newPhone = () => `010${String(randomInt(100_000_000)).padStart(8, '0')}`
const DAY_MS = 86_400_000
const yesterday = () => new Date(Date.now() - DAY_MS).toISOString()

async function search(page: Page, words: string): Promise<void> {
  await page.goto('/payments')
  await page.getByLabel('검색').first().fill(words)
  await page.getByLabel('검색').first().press('Enter')
}
const chips = (page: Page) => page.getByRole('region', { name: '찾은 방식' })
const row = (page: Page, id: string) => page.locator(`a[href="/payments/${id}"]:visible`)

test('day, amount and card company find together; a part that is taken out widens the search', async ({
  operator: page,
  control,
}) => {
  const amount = 30_000 + randomInt(9_000)
  const id = await idOf(page, await newPayment(control, { amount, paidAt: yesterday() }))
  await withDatabase((client) =>
    client.query(`UPDATE "Payment" SET "methodFacts" = '{"card": {"issuer": "SHINHAN_CARD"}}' WHERE id = $1`, [id]),
  )
  await search(page, `어제 ${amount} 신한`)
  await expect(row(page, id)).toBeVisible()
  await expect(chips(page)).toContainText(`금액 ${amount.toLocaleString('en-US')}원`)
  await expect(chips(page)).toContainText('신한카드')
  await search(page, `어제 ${amount} 국민`)
  await expect(page.getByText('조회된 결제가 없습니다')).toBeVisible()
  await chips(page)
    .getByRole('button', { name: /국민카드.*조건 지우기/ })
    .click()
  await expect(row(page, id)).toBeVisible()
  await expect(page).toHaveURL((url) => url.searchParams.get('q') === `어제 ${amount}`)
  await expect(page.getByLabel('검색').first()).toHaveValue(`어제 ${amount}`)
})

test('a buyer is found by a fragment of the name and by the end of the telephone number', async ({
  operator: page,
  control,
}) => {
  const [name, phoneNumber] = [newName(), newPhone()]
  const id = await idOf(page, await newPayment(control, { amount: 4_100, customer: { name, phoneNumber } }))
  for (const words of [name, name.slice(1), `전화 ${phoneNumber.slice(-4)}`, phoneNumber]) {
    await search(page, words)
    await expect(row(page, id), words).toBeVisible()
  }
  await expect(page.getByText(name)).toHaveCount(0)
})

test('what is not understood is said, and eight digits offer the day they may be', async ({ operator: page }) => {
  await search(page, '오늘 가능한가요')
  await expect(chips(page)).toContainText('이해하지 못한 말: 가능한가요')
  await expect(chips(page)).toContainText('이 말은 빼고 찾았습니다.')
  await search(page, '20261120')
  await expect(chips(page)).toContainText('번호 20261120')
  await chips(page).getByRole('button', { name: '승인일 기준으로 찾기' }).click()
  await expect(chips(page)).toContainText('승인일 2026-11-20')
})

test('a masked field is shown for a reason after a fresh sign-in, and the page itself never holds it', async ({
  browser,
  baseURL,
  operator,
  control,
}) => {
  // It is shown for half a minute.
  const [name, phoneNumber] = [newName(), newPhone()]
  const id = await idOf(operator, await newPayment(control, { amount: 4_200, customer: { name, phoneNumber } }))
  const context = await browser.newContext(baseURL === undefined ? {} : { baseURL })
  const page = await context.newPage()
  const email = await signInAsNewManager(page)
  await withDatabase((client) =>
    client.query(
      `UPDATE "Session" s SET "steppedUpAt" = now() - interval '10 minutes' FROM "User" u WHERE u.id = s."userId" AND u.email = $1`,
      [email],
    ),
  )
  await page.goto(`/payments/${id}`)
  const masked = `010-****-${phoneNumber.slice(-4)}`
  await expect(page.getByText(masked)).toBeVisible()
  expect(await page.content()).not.toContain(phoneNumber)
  await page.getByRole('button', { name: '전화 보기' }).click()
  await page.getByLabel('보는 이유').fill('본인 확인 통화')
  await page.getByLabel('보는 이유').press('Enter')
  const prompt = page.getByRole('dialog', { name: '본인 확인' })
  await prompt.getByLabel('비밀번호').fill(password)
  await prompt.getByRole('button', { name: '확인하고 계속' }).click()
  await expect(page.getByText(phoneNumber)).toBeVisible()
  await expect(page.getByText('초 뒤 다시 가립니다')).toBeVisible()
  expect(page.url()).not.toContain(phoneNumber)
  await expect(page.getByText(masked)).toBeVisible()
  await expect(page.getByText(phoneNumber)).toHaveCount(0)
  await page.reload()
  await expect(page.getByText(/전화 · 사유 본인 확인 통화/)).toBeVisible()
  expect(await page.content()).not.toContain(phoneNumber)
  await context.close()
})

test('who may not see it is told who may', async ({ operator: page, control }) => {
  const id = await idOf(page, await newPayment(control, { amount: 4_300 }))
  await page.goto(`/payments/${id}`)
  await expect(page.getByRole('button', { name: '전화 보기' })).toBeDisabled()
  await expect(page.getByText('필요 권한: 개인정보 보기')).toBeVisible()
})

test('a note is left and stays; a number of somebody’s is refused', async ({ operator: page, control }) => {
  const id = await idOf(page, await newPayment(control, { amount: 4_400 }))
  await page.goto(`/payments/${id}`)
  const note = page.getByLabel('새 메모')
  await note.fill('계좌 110-123-456789')
  await page.getByRole('button', { name: '메모 남기기' }).click()
  await expect(page.getByRole('alert').first()).toContainText('저장하지 않았습니다')
  await note.fill('내일 다시 통화하기로 함')
  await page.getByRole('button', { name: '메모 남기기' }).click()
  await expect(page.getByRole('list', { name: '메모' })).toContainText('내일 다시 통화하기로 함')
  await expect(note).toHaveValue('')
})

test('money paid back by hand stands apart, and warns in the cancel sheet', async ({
  browser,
  baseURL,
  operator,
  control,
}) => {
  const id = await idOf(operator, await newPayment(control, { amount: 12_000 }))
  const context = await browser.newContext(baseURL === undefined ? {} : { baseURL })
  const page = await context.newPage()
  await signInAsNewManager(page)
  await page.goto(`/payments/${id}`)
  await page.getByRole('button', { name: '더 보기' }).click()
  await page.getByRole('menuitem', { name: '직접 환불 기록' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('돌려준 금액').fill('5000')
  await sheet.getByLabel('방법').fill('계좌이체')
  await sheet.getByLabel('사유').fill('게이트웨이 장애')
  await sheet.getByRole('button', { name: '5,000원 직접 환불 기록' }).click()
  await expect(sheet).toBeHidden()
  await expect(page.getByText('직접 환불 합계 5,000원')).toBeVisible()
  await page.getByRole('button', { name: '취소하기' }).click()
  await expect(page.getByRole('dialog')).toContainText('직접 환불한 금액')
  expect((await viewOf(operator, id)).refunded).toBe(0)
  await context.close()
})

/** Somebody of this test's alone, so that nobody else's sign-in is touched. */
async function signInAsNewManager(page: Page): Promise<string> {
  const email = `${crypto.randomUUID()}@example.com`
  await withDatabase(async (client) => {
    await client.query(
      `INSERT INTO "User" (id, email, name, "passwordHash") SELECT gen_random_uuid(), $1, '임시 매니저', "passwordHash" FROM "User" WHERE email = 'manager@example.com'`,
      [email],
    )
    await client.query(
      `INSERT INTO "Grant" SELECT u.id, g."storeId", 'MANAGER' FROM "User" u, "Grant" g JOIN "User" v ON v.id = g."userId" WHERE u.email = $1 AND v.email = 'manager@example.com'`,
      [email],
    )
  })
  await signIn(page, email, password)
  await arrived(page)
  return email
}
