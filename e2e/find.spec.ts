import { expect, test } from './fixtures.ts'
import { idOf, newPayment } from './payments.ts'

test('one box finds by trno, payment id and approval number, whatever the period', async ({
  operator: page,
  control,
}) => {
  const payment = await newPayment(control, {
    amount: 7_300,
    paidAt: new Date(Date.now() - 100 * 86_400_000).toISOString(),
  })
  const id = await idOf(page, payment)
  for (const number of [payment.pgTxId, payment.paymentId, payment.approvalNumber]) {
    await page.goto('/payments')
    await page
      .getByLabel('검색')
      .first()
      .fill(number ?? '')
    await page.getByLabel('검색').first().press('Enter')
    await expect(page.getByText('7,300원').first()).toBeVisible()
    await expect(page.locator(`a[href*="${id}"]`).first()).toBeVisible()
  }
})

test('what is not here is asked of the gateway by a button, and then it is here', async ({
  operator: page,
  control,
}) => {
  await control.post('/notices', { payment: '*', mode: 'deliver' })
  const payment = await newPayment(control, {
    amount: 7_400,
    paymentId: `asked-${crypto.randomUUID().slice(0, 8)}`,
    skipWebhook: true,
    // Older than the automatic reading looks back, so that only the button can find it.
    paidAt: new Date(Date.now() - 40 * 86_400_000).toISOString(),
  })
  await page.goto(`/payments?q=${payment.paymentId}`)
  await page.getByRole('combobox', { name: '채널' }).selectOption({ label: 'KSNET 테스트 (KSNET, 2999199999)' })
  await page.getByRole('button', { name: '게이트웨이에서 찾기' }).click()
  await expect(page).toHaveURL(/\/payments\/[0-9a-f-]{36}/)
  await expect(page.getByText('7,400원').first()).toBeVisible()
})

test('filters stand in the address and survive a reload', async ({ operator: page }) => {
  await page.goto('/payments')
  await page.goto('/payments?method=EASY_PAY&basis=requested')
  const rows = page.locator('a[href^="/payments/"]')
  await expect(rows.first()).toBeVisible()
  const shown = await rows.count()
  await page.reload()
  await expect(page).toHaveURL(/method=EASY_PAY.*basis=requested/)
  await expect(rows).toHaveCount(shown)
  await page.goto('/payments?method=EASY_PAY&basis=requested&q=nothing-like-it')
  await expect(rows).toHaveCount(0)
})
