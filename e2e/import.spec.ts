// A file of payments through the browser: mapped, previewed, taken over, and nothing the second time.
import type { Page } from '@playwright/test'
import iconv from 'iconv-lite'
import { strToU8, zipSync } from 'fflate'
import { withDatabase } from './database.ts'
import { expect, test } from './fixtures.ts'
import { newKcpShop, newTno, type KcpShop } from './kcp.ts'
import { expectWellMade } from './well-made.ts'

const HEAD = ['거래번호', '주문번호', '결제수단', '거래금액', '승인일시', '승인번호', '거래상태', '주문자명', '상품명']
const row = (tno: string, more: Readonly<Record<number, string>> = {}) =>
  [tno, '000123', '신용카드', '11000', '2024-11-20 14:03:22', '00876543', '승인', '홍길동', '가을 외투'].map(
    (value, index) => more[index] ?? value,
  )
const csv = (rows: readonly (readonly string[])[]) => [HEAD, ...rows].map((cells) => cells.join(',')).join('\r\n')

const SHEETS = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const related = (kind: string, target: string) =>
  `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/${kind}" Target="${target}"/></Relationships>`

/** A sheet whose cells are all texts. */
function workbook(rows: readonly (readonly string[])[]): Buffer {
  const cell = (text: string, line: number, column: number) =>
    `<c r="${String.fromCodePoint(65 + column)}${line}" t="inlineStr"><is><t>${text}</t></is></c>`
  const lines = rows.map(
    (cells, index) =>
      `<row r="${index + 1}">${cells.map((text, column) => cell(text, index + 1, column)).join('')}</row>`,
  )
  const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  const parts = {
    '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${kind}.worksheet+xml"/></Types>`,
    '_rels/.rels': related('officeDocument', 'xl/workbook.xml'),
    'xl/_rels/workbook.xml.rels': related('worksheet', 'worksheets/sheet1.xml'),
    'xl/workbook.xml': `<workbook xmlns="${SHEETS}" xmlns:r="${OFFICE}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${SHEETS}"><sheetData>${lines.join('')}</sheetData></worksheet>`,
  }
  return Buffer.from(zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)]))))
}

async function choose(page: Page, { siteCd }: KcpShop, buffer: Buffer, name = '거래내역.csv') {
  await page.goto('/imports')
  const account = page.getByLabel('어느 연동의 결제입니까')
  const option = account.locator('option', { hasText: siteCd })
  await account.selectOption((await option.getAttribute('value')) ?? '')
  const mimeType = name.endsWith('.csv')
    ? 'text/csv'
    : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  await page.getByLabel('거래내역 파일').setInputFiles({ name, mimeType, buffer })
}
const rowsOf = (page: Page) => page.getByRole('list', { name: '파일의 행' }).getByRole('listitem')
const countOf = async ({ siteCd }: KcpShop) => {
  const { rows } = await withDatabase((client) =>
    client.query<{ payments: string; audit: string; imports: string }>(
      `SELECT (SELECT count(*) FROM "Payment" WHERE mid = $1) AS payments,
        (SELECT count(*) FROM "AuditEntry" e JOIN "Payment" p ON p.id::text = e."subjectId" WHERE p.mid = $1) AS audit,
        (SELECT count(*) FROM "PaymentImport" i JOIN "Channel" c ON c."accountId" = i."accountId" WHERE c.key = $1) AS imports`,
      [siteCd],
    ),
  )
  return Object.values(rows[0] ?? {}).map(Number)
}

test('a CSV in EUC-KR is previewed without a trace, taken over with its zeros, and adds nothing again', async ({
  manager: page,
}) => {
  const shop = await newKcpShop()
  const [one, two] = [newTno(), newTno()]
  const file = iconv.encode(csv([row(one), row(two), row('12345'), row(newTno(), { 6: '부분취소' })]), 'cp949')
  await choose(page, shop, file)
  await expect(page.getByText('새 결제 2건, 이미 있는 결제 0건, 확인할 행 2건입니다')).toBeVisible()
  await expect(rowsOf(page)).toHaveCount(4)
  await expect(rowsOf(page).filter({ hasText: '12345' }).first()).toContainText('거래번호 형식이 아닙니다')
  await expect(rowsOf(page).filter({ hasText: '5행' })).toContainText('취소된 거래입니다')
  expect(await countOf(shop)).toEqual([0, 0, 0])
  await page.getByRole('button', { name: '새 결제 2건 가져오기' }).click()
  await expect(page.getByText('결제 2건을 가져왔습니다', { exact: false })).toBeVisible()
  await expect(rowsOf(page).filter({ hasText: one })).toContainText('가져옴')
  const recent = page.getByRole('list', { name: '최근에 가져온 파일' })
  await expect(recent.getByRole('listitem').filter({ hasText: shop.siteCd })).toContainText('4행: 추가 2')
  await rowsOf(page).getByRole('link', { name: one }).click()
  await expect(page.getByText('파일에서 가져옴', { exact: true })).toBeVisible()
  await expect(page.getByText('000123', { exact: true })).toBeVisible()
  await expect(page.getByText('00876543', { exact: true }).first()).toBeVisible()
  const [payments, audit] = await countOf(shop)
  expect(payments).toBe(2)
  await choose(page, shop, file)
  await expect(page.getByText('가져올 새 결제가 없습니다')).toBeVisible()
  await expect(rowsOf(page).filter({ hasText: one })).toContainText('이미 있음')
  await expect(page.getByRole('button', { name: /가져오기$/ })).toHaveCount(0)
  expect(await countOf(shop)).toEqual([payments, audit, 1])
})

test('an XLSX with titles of its own is mapped by the person, and the next one remembers', async ({
  manager: page,
}) => {
  const shop = await newKcpShop()
  const head = ['번호표', '주문', '값', '언제']
  const file = (tno: string) => workbook([head, [tno, '000123', '5000', '2024-11-20 10:00']])
  await choose(page, shop, file(newTno()), '내역.xlsx')
  await expect(page.getByText('거래번호, 금액, 승인일시와 결제수단을 지정하면 미리볼 수 있습니다.')).toBeVisible()
  await expect(page.getByRole('button', { name: '미리보기' })).toBeDisabled()
  await page.getByLabel('거래번호 (필수)').selectOption('번호표')
  await page.getByLabel('금액 (필수)', { exact: true }).selectOption('값')
  await page.getByLabel('승인일시 (필수)').selectOption('언제')
  await page.getByLabel('모든 행의 결제수단').selectOption('카드')
  await page.getByText('다른 열도 지정하기').click()
  await page.getByLabel('주문번호').selectOption('주문')
  await expect(page.getByText('예: 000123')).toBeVisible()
  await page.getByRole('button', { name: '미리보기' }).click()
  await page.getByRole('button', { name: '새 결제 1건 가져오기' }).click()
  await expect(page.getByText('결제 1건을 가져왔습니다', { exact: false })).toBeVisible()
  const { rows } = await withDatabase((client) =>
    client.query(
      `SELECT r.value, p.source, p.amount::int FROM "Reference" r JOIN "Payment" p ON p.id = r."paymentId" WHERE p.mid = $1 AND r.kind = 'ORDER_NUMBER'`,
      [shop.siteCd],
    ),
  )
  expect(rows).toEqual([{ value: '000123', source: 'file', amount: 5_000 }])
  await choose(page, shop, file(newTno()), '내역2.xlsx')
  await expect(page.getByText('새 결제 1건, 이미 있는 결제 0건, 확인할 행 0건입니다')).toBeVisible()
})

test('what cannot be read says so, and what differs is said beside it', async ({ manager: page }) => {
  const shop = await newKcpShop()
  await choose(page, shop, Buffer.from('<html><table></table></html>'))
  await expect(page.getByRole('main').getByRole('alert')).toContainText('xlsx로 다시 저장')
  const tno = newTno()
  await choose(page, shop, Buffer.from(csv([row(tno)])))
  await page.getByRole('button', { name: '새 결제 1건 가져오기' }).click()
  await expect(page.getByText('결제 1건을 가져왔습니다', { exact: false })).toBeVisible()
  await choose(page, shop, Buffer.from(csv([row(tno, { 3: '12000' }), row(newTno())])))
  await expect(rowsOf(page).filter({ hasText: tno })).toContainText('기록 11,000원, 파일 12,000원')
  await page.getByRole('button', { name: '새 결제 1건 가져오기' }).click()
  await expect(page.getByText('확인할 행 1건입니다', { exact: false })).toBeVisible()
})

test('who may not import is told what is missing and who has it; a manager sees who makes tokens', async ({
  operator,
  manager,
}) => {
  await operator.goto('/payments')
  await expect(operator.getByRole('navigation').getByRole('link', { name: '가져오기' })).toHaveCount(0)
  await operator.goto('/imports')
  await expect(operator.getByText('결제 가져오기', { exact: false }).first()).toBeVisible()
  await expect(operator.getByLabel('거래내역 파일')).toHaveCount(0)
  await manager.goto('/imports')
  await expect(manager.getByText('연동 관리', { exact: false })).toBeVisible()
  await expect(manager.getByRole('button', { name: '토큰 만들기' })).toHaveCount(0)
})

test('the rows of a file fit and can be read', async ({ owner: page }) => {
  const shop = await newKcpShop()
  await choose(page, shop, Buffer.from(csv([row(newTno()), row('12345')])))
  await expect(rowsOf(page)).toHaveCount(2)
  await expectWellMade(page)
})
