// An export beside our record through the browser: mapped, compared, worked on, and nothing twice.
import type { Page } from '@playwright/test'
import iconv from 'iconv-lite'
import { withDatabase } from './database.ts'
import { expect, test } from './fixtures.ts'
import { newKcpShop, newTno, type KcpShop } from './kcp.ts'
import { expectWellMade } from './well-made.ts'

const DAY = '2024-11-20'
const HEAD = ['거래번호', '결제수단', '거래금액', '취소금액', '승인일시', '취소일시', '거래상태', '주문자명', '상품명']
const row = (tno: string, more: Readonly<Record<number, string>> = {}) =>
  [tno, '신용카드', '11000', '0', `${DAY} 14:03:22`, '', '승인', '홍길동', '가을 외투'].map(
    (value, index) => more[index] ?? value,
  )
const csv = (rows: readonly (readonly string[])[], head = HEAD) =>
  [head, ...rows].map((cells) => cells.join(',')).join('\r\n')
const cancelled = (amount: string) => ({ 3: amount, 5: `${DAY} 15:10:00`, 6: '부분취소' })

/** A payment that the console knows, told by the shop. */
async function known({ storeId, accountId, siteCd }: KcpShop, tno = newTno()): Promise<string> {
  await withDatabase((client) =>
    client.query(
      `INSERT INTO "Payment" (id, "storeId", "channelId", environment, pg, mid, "pgTxId", method, currency, amount, "taxFree", received, "orderName", "requestedAt", "approvedAt", "paidAt", "methodFacts", source)
       SELECT gen_random_uuid(), $1, c.id, 'sandbox', 'KCP', $2, $3, 'CARD', 'KRW', 11000, 0, 11000, '가을 외투', $4, $4, $4, '{}', 'shop' FROM "Channel" c WHERE c."accountId" = $5`,
      [storeId, siteCd, tno, `${DAY}T14:03:22+09:00`, accountId],
    ),
  )
  return tno
}

async function choose(page: Page, { siteCd }: KcpShop, buffer: Buffer, name = '거래내역.csv') {
  await page.goto('/comparisons')
  const channel = page.getByLabel('어느 채널의 거래내역입니까')
  const option = channel.locator('option', { hasText: siteCd })
  await channel.selectOption((await option.getAttribute('value')) ?? '')
  await page.getByLabel('거래내역 파일').setInputFiles({ name, mimeType: 'text/csv', buffer })
}
async function compare(page: Page, shop: KcpShop, buffer: Buffer) {
  await choose(page, shop, buffer)
  await page.getByRole('button', { name: '대사 시작' }).click()
  await expect(page.getByRole('heading', { name: `${DAY} 거래` })).toBeVisible()
}
const countOf = (page: Page, name: string) => page.locator('dt', { hasText: name }).locator('xpath=../dd')
const rowsOf = (page: Page) => page.getByRole('list', { name: '차이' }).getByRole('listitem')
const effects = async ({ siteCd }: KcpShop) => {
  const { rows } = await withDatabase((client) =>
    client.query<{ payments: number; refunded: number; refunds: number; differences: number; notes: number }>(
      `SELECT (SELECT count(*)::int FROM "Payment" WHERE mid = $1) AS payments,
        (SELECT COALESCE(sum(refunded), 0)::int FROM "Payment" WHERE mid = $1) AS refunded,
        (SELECT count(*)::int FROM "Refund" r JOIN "Payment" p ON p.id = r."paymentId" WHERE p.mid = $1 AND r.source = 'file') AS refunds,
        (SELECT count(*)::int FROM "Difference" WHERE mid = $1) AS differences,
        (SELECT count(*)::int FROM "DifferenceNote" n JOIN "Difference" d ON d.id = n."differenceId" WHERE d.mid = $1) AS notes`,
      [siteCd],
    ),
  )
  return rows[0]
}

test('a day in EUC-KR is compared; a cancel made elsewhere is recorded after a preview; the same file again changes nothing', async ({
  manager: page,
}) => {
  const shop = await newKcpShop()
  const [same, more, here] = [await known(shop), await known(shop), await known(shop)]
  const there = newTno()
  const file = iconv.encode(csv([row(same), row(more, cancelled('3000')), row(there)]), 'cp949')
  await choose(page, shop, file)
  await expect(page.getByText('3행에서 거래 3건을 읽었습니다.')).toBeVisible()
  await expect(page.getByLabel('대사 시작일')).toHaveValue(DAY)
  await page.getByRole('button', { name: '대사 시작' }).click()
  await expect(countOf(page, '일치')).toHaveText('1')
  await expect(countOf(page, '내용이 다름')).toHaveText('1')
  await expect(rowsOf(page)).toHaveCount(3)
  await expect(rowsOf(page).filter({ hasText: here })).toContainText('이 기간의 파일에 거래번호가 없습니다')
  await expect(rowsOf(page).filter({ hasText: there })).toContainText('파일에만 있음')
  expect(await effects(shop)).toEqual({ payments: 3, refunded: 0, refunds: 0, differences: 3, notes: 0 })

  await rowsOf(page)
    .getByRole('button', { name: `${more} 자세히` })
    .click()
  const sheet = page.getByRole('dialog')
  await expect(sheet).toContainText('파일의 취소금액이 더 큽니다')
  await expect(sheet).toContainText('0원에서 3,000원으로')
  const record = sheet.getByRole('button', { name: '외부 취소 3,000원 기록' })
  await expect(record).toBeDisabled()
  await sheet.getByLabel('PG사 관리자에서 이 취소를 확인했습니다').check()
  await record.click()
  await expect(sheet).toContainText('외부 취소를 기록하여 종결되었습니다')
  expect(await effects(shop)).toMatchObject({ refunded: 3_000, refunds: 1 })
  await sheet.getByRole('link', { name: '결제 보기' }).click()
  await expect(page.getByText('거래내역 파일(대사)', { exact: false }).first()).toBeVisible()

  await compare(page, shop, file)
  await expect(countOf(page, '일치')).toHaveText('2')
  await expect(rowsOf(page)).toHaveCount(2)
  expect(await effects(shop)).toEqual({ payments: 3, refunded: 3_000, refunds: 1, differences: 3, notes: 0 })
})

test('a difference is given to somebody, explained and closed, and stays so; a payment only there is taken over', async ({
  manager: page,
}) => {
  const shop = await newKcpShop()
  const here = await known(shop)
  const there = newTno()
  const file = Buffer.from(csv([row(there)]))
  await compare(page, shop, file)
  await rowsOf(page)
    .getByRole('button', { name: `${here} 자세히` })
    .click()
  const sheet = page.getByRole('dialog')
  const assignee = sheet.getByLabel('담당')
  const someone = (await assignee.locator('option').nth(1).textContent()) ?? ''
  await assignee.selectOption({ label: someone })
  // Behind the sheet the list is not there for a reader.
  await sheet.getByRole('button', { name: '닫기' }).click()
  await expect(rowsOf(page).filter({ hasText: here })).toContainText(someone)
  await rowsOf(page)
    .getByRole('button', { name: `${here} 자세히` })
    .click()
  await sheet.getByRole('textbox', { name: '메모' }).fill('KCP에 문의했습니다')
  await sheet.getByRole('button', { name: '메모 남기기' }).click()
  await expect(sheet).toContainText('KCP에 문의했습니다')
  await sheet.getByRole('textbox', { name: '메모' }).fill('정산 제외 거래로 확인')
  await sheet.getByRole('button', { name: '메모와 함께 종결' }).click()
  await expect(sheet).toContainText('님이')
  await sheet.getByRole('button', { name: '닫기' }).click()
  await expect(rowsOf(page)).toHaveCount(1)
  await rowsOf(page)
    .getByRole('button', { name: `${there} 자세히` })
    .click()
  await sheet.getByRole('button', { name: '11,000원 결제로 가져오기' }).click()
  await expect(sheet).toContainText('결제로 가져와 종결되었습니다')
  expect(await effects(shop)).toEqual({ payments: 2, refunded: 0, refunds: 0, differences: 2, notes: 2 })

  await compare(page, shop, file)
  await expect(countOf(page, '일치')).toHaveText('1')
  await expect(page.getByText('미종결 차이가 없습니다')).toBeVisible()
  await page.getByLabel('처리 상태').selectOption('종결')
  await expect(rowsOf(page).filter({ hasText: here })).toContainText('종결')
  expect(await effects(shop)).toEqual({ payments: 2, refunded: 0, refunds: 0, differences: 2, notes: 2 })
})

test('titles of its own are mapped by the person and offered again; what cannot be read says so', async ({
  operator: page,
}) => {
  const shop = await newKcpShop()
  const tno = await known(shop)
  const head = HEAD.map((title) => (title === '거래번호' ? '번호표' : title))
  await choose(page, shop, Buffer.from(csv([row(tno), row('2.68E+13')], head)))
  await expect(page.getByText('거래번호, 금액, 승인일시를 지정하면 대사할 수 있습니다.')).toBeVisible()
  await page.getByLabel('거래번호 (필수)').selectOption('번호표')
  await page.getByRole('button', { name: '바꾼 열로 다시 읽기' }).click()
  await expect(page.getByText('읽지 못한 행 1건은 대사하지 않습니다.')).toBeVisible()
  await expect(page.getByRole('list', { name: '읽지 못한 행' })).toContainText('2.68E+13')
  await page.getByRole('button', { name: '대사 시작' }).click()
  await expect(countOf(page, '일치')).toHaveText('1')
  await expect(countOf(page, '읽지 못한 행')).toHaveText('1')
  await choose(page, shop, Buffer.from(csv([row(tno)], head)))
  await expect(page.getByText('1행에서 거래 1건을 읽었습니다.')).toBeVisible()
  await page.getByRole('button', { name: '대사 시작' }).click()
  await expect(page.getByText('모두 일치합니다')).toBeVisible()
  await choose(page, shop, Buffer.from('<html><table></table></html>'))
  await expect(page.getByRole('main').getByRole('alert')).toContainText('xlsx로 다시 저장')
})

test('an operator compares and explains but records nothing; a viewer is told who may', async ({
  operator,
  viewer,
}) => {
  const shop = await newKcpShop()
  const tno = await known(shop)
  await compare(operator, shop, Buffer.from(csv([row(tno, cancelled('3000'))])))
  await rowsOf(operator)
    .getByRole('button', { name: `${tno} 자세히` })
    .click()
  const sheet = operator.getByRole('dialog')
  await expect(sheet.getByLabel('PG사 관리자에서 이 취소를 확인했습니다')).toBeDisabled()
  await expect(sheet).toContainText('필요 권한: 대사에서 찾은 외부 취소 기록')
  await viewer.goto('/payments')
  await expect(viewer.getByRole('navigation').getByRole('link', { name: '거래대사' })).toHaveCount(0)
  await viewer.goto('/comparisons')
  await expect(viewer.getByText('거래대사', { exact: false }).first()).toBeVisible()
  await expect(viewer.getByLabel('거래내역 파일')).toHaveCount(0)
})

test('every step fits and can be read', async ({ manager: page }) => {
  const shop = await newKcpShop()
  const [more, here] = [await known(shop), await known(shop)]
  await choose(page, shop, Buffer.from(csv([row(more, cancelled('3000')), row(newTno()), row('12')])))
  await expect(page.getByText('3행에서 거래 2건을 읽었습니다.')).toBeVisible()
  await expectWellMade(page)
  await page.getByRole('button', { name: '대사 시작' }).click()
  await expect(rowsOf(page)).toHaveCount(3)
  await expectWellMade(page)
  await rowsOf(page)
    .getByRole('button', { name: `${more} 자세히` })
    .click()
  await expect(page.getByRole('dialog').getByRole('button', { name: '외부 취소 3,000원 기록' })).toBeVisible()
  await expectWellMade(page)
  await page.goto('/comparisons')
  await expect(rowsOf(page).filter({ hasText: here })).toBeVisible()
  await expectWellMade(page)
})
