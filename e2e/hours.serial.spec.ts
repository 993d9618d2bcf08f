import { expect, test } from './fixtures.ts'
import { idOf, newPayment } from './payments.ts'

test.afterEach(async ({ control }) => {
  await control.post('/clock', { now: null })
})

/** At these instants a virtual account may not, may, may, may not be refunded: the sentence says until when. */
const edges = [
  { at: '05:59:59', closed: true },
  { at: '06:00:00', closed: false },
  { at: '22:59:59', closed: false },
  { at: '23:00:00', closed: true },
]

for (const { at, closed } of edges) {
  test(`a virtual account at ${at} in Seoul is ${closed ? 'closed until the next 06:00' : 'open'}`, async ({
    operator: page,
    control,
  }) => {
    const day = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10)
    const paid = await newPayment(control, {
      amount: 5_000,
      method: 'VIRTUAL_ACCOUNT',
      status: 'PAID',
      paidAt: new Date(Date.now() - 86_400_000).toISOString(),
    })
    const id = await idOf(page, paid)
    await control.post('/clock', { now: `${day}T${at}+09:00` })
    await page.goto(`/payments/${id}`)
    const hours = page.getByText('06:00', { exact: false })
    if (closed) await expect(hours.first()).toBeVisible()
    else await expect(page.getByText('환불 계좌의 예금주 확인이 필요합니다').first()).toBeVisible()
    // By day the account is asked for in the sheet; at night it is taken for the morning.
    await expect(page.getByRole('button', { name: '취소하기' })).toBeEnabled()
    const answer: unknown = await (await page.request.get(`/api/payments/${id}`)).json()
    const rule = closed ? 'CANCEL-VA-HOURS' : 'CANCEL-ACCOUNT'
    expect(answer).toMatchObject({ denial: { rule } })
  })
}
