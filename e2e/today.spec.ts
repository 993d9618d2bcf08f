// The first page of the day.
import { z } from 'zod'
import { expect, test } from './fixtures.ts'
import { idOf, newPayment, OTHER_STORE } from './payments.ts'

const total = z.object({ currency: z.string(), approvedCount: z.number(), approved: z.number() })
const today = z.object({
  today: z.array(total),
  trend: z.array(z.object({ days: z.array(z.object({ day: z.string(), approved: z.number() })) })),
})

test('a payment of today is in today, with the basis said; one of a test store is not', async ({
  operator: page,
  control,
}) => {
  const read = async () => {
    const view = today.parse(await (await page.request.get('/api/today')).json())
    return view.today.find(({ currency }) => currency === 'KRW')?.approved ?? 0
  }
  const TEST_CHANNEL = 'channel-key-00000000-0000-4000-8000-000000000011'
  await idOf(page, await newPayment(control, { amount: 1, channelKey: TEST_CHANNEL }))
  const before = await read()
  await idOf(page, await newPayment(control, { amount: 123_457 }))
  expect((await read()) - before).toBeGreaterThanOrEqual(123_457)
  await page.goto('/today')
  await expect(page.getByText('승인은 승인일, 취소는 취소일 기준입니다.', { exact: false })).toBeVisible()
  await expect(page.getByRole('heading', { name: '오늘의 합계 (KRW)' })).toBeVisible()
})

test('the chart says in words what it shows, and the table says it day by day', async ({ operator: page }) => {
  await page.goto('/today')
  await expect(page.getByRole('img', { name: /최근 30일 일별 승인과 취소/ })).toBeVisible()
  const table = page.getByRole('table', { name: '최근 30일 (KRW)' })
  await expect(table).toBeHidden()
  await page.getByText('일별 표로 보기').first().click()
  await expect(table.getByRole('row')).toHaveCount(31)
  await page.getByText('목록의 합계와 다른 이유').click()
  await expect(page.getByText('4월 1일에 승인되고 4월 5일에 취소된', { exact: false })).toBeVisible()
})

test('what waits leads to its list, in the store that is chosen', async ({ owner: page, control }) => {
  await idOf(page, await newPayment(control, { amount: 500, ...OTHER_STORE }))
  const listed = z.object({ items: z.array(z.object({ store: z.object({ id: z.string() }) })) })
  const [first] = listed.parse(await (await page.request.get('/api/payments?limit=1')).json()).items
  const store = first?.store.id ?? ''
  await page.goto(`/today?store=${store}`)
  await expect(page.getByRole('link', { name: /결과 확인 중/ }).last()).toHaveAttribute(
    'href',
    `/cancellations?view=confirming&store=${store}`,
  )
  await page
    .getByRole('main')
    .getByRole('link', { name: /예약된 취소/ })
    .click()
  await expect(page).toHaveURL(new RegExp(`/cancellations\\?view=scheduled&store=${store}`))
})
