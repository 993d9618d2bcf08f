import { expect, test } from './fixtures.ts'
import { idOf, newPayment, viewOf } from './payments.ts'

test('a trno leads to the one payment’s slip; another store’s and an unknown one are missing', async ({
  operator: page,
  control,
}) => {
  const payment = await newPayment(control, { amount: 4_200 })
  const id = await idOf(page, payment)
  await page.goto(`/receipts/${payment.pgTxId}`)
  await expect(page).toHaveURL(new RegExp(`/payments/${id}#slip$`))
  await expect(page.locator('#slip')).toContainText('인쇄 창이 자동으로')
  await page.goto(`/receipts/${payment.paymentId}`)
  await expect(page).toHaveURL(new RegExp(`/payments/${id}#slip$`))
})

test('no slip is promised where KSNET has none', async ({ operator: page, control }) => {
  const payment = await newPayment(control, { amount: 4_300, method: 'TRANSFER' })
  await page.goto(`/payments/${await idOf(page, payment)}`)
  await expect(page.locator('#slip')).toContainText('카드와 간편결제에만 제공됩니다')
  await expect(page.getByRole('link', { name: '전표 보기' })).toHaveCount(0)
})

test.describe('missing', () => {
  test.use({ expectedConsoleErrors: [/status of 404/] })
  test('a number that nobody may see here is missing', async ({ operator: page }) => {
    await page.goto('/receipts/nothing-has-this-number')
    await expect(page.getByRole('heading', { name: '찾을 수 없습니다' })).toBeVisible()
  })
})

test('a buyer opens the link without signing in, sees masked facts, and no more once it was ended', async ({
  operator,
  page,
  control,
}) => {
  const customer = { name: '홍길동', phoneNumber: '01012341234', email: 'buyer@example.com' }
  const payment = await newPayment(control, { amount: 9_900, customer })
  const id = await idOf(operator, payment)
  await control.post('/outside-cancel', { payment: payment.paymentId, amount: 1_900, where: 'portone-console' })
  await expect(async () => expect((await viewOf(operator, id)).refunded).toBe(1_900)).toPass()
  await operator.goto(`/payments/${id}`)
  await operator.getByRole('button', { name: '링크 만들기' }).click()
  const link = operator.getByRole('list', { name: '구매자 링크' }).getByRole('link')
  const url = (await link.getAttribute('href')) ?? ''
  const path = new URL(url).pathname
  expect(path).toMatch(/^\/r\//)

  const response = await page.goto(path)
  expect(response?.status()).toBe(200)
  expect(response?.headers()['referrer-policy']).toBe('no-referrer')
  expect(response?.headers()['x-robots-tag']).toContain('noindex')
  expect(response?.headers()['set-cookie'] ?? '').toBe('')
  await expect(page.locator('meta[name="robots"]')).toHaveAttribute('content', /noindex/)
  await expect(page.getByText('9,900원').first()).toBeVisible()
  await expect(page.getByText('-1,900원')).toBeVisible()
  await expect(page.getByText('영업일').first()).toBeVisible()
  await expect(page.getByRole('link', { name: '전표 보기' })).toBeVisible()
  const source = await page.content()
  for (const hidden of ['홍길동', '홍*동', '01012341234', 'buyer@example.com', id]) expect(source).not.toContain(hidden)

  // Forged, cut short and made up answer alike.
  const shown = async (address: string) => {
    const answer = await page.goto(address)
    return [answer?.status(), await page.getByRole('main').innerText()]
  }
  const closed = await shown('/r/nothing')
  expect(closed[1]).toContain('열 수 없는 링크입니다')
  expect(await shown(`${path.slice(0, -1)}${path.endsWith('A') ? 'B' : 'A'}`)).toEqual(closed)
  expect(await shown(path.slice(0, -5))).toEqual(closed)

  await operator.getByRole('button', { name: '링크 끊기' }).click()
  await expect(link).toHaveCount(0)
  expect(await shown(path)).toEqual(closed)
})
