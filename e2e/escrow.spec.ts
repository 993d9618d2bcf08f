import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { z } from 'zod'
import { expect, test, type Control } from './fixtures.ts'
import { idOf, newPayment, type Made } from './payments.ts'
import { expectWellMade } from './well-made.ts'

const missing = (): never => {
  throw new Error('missing')
}
const SHEET = 'xl/worksheets/sheet1.xml'
const escrowPayment = (control: Control, amount: number) =>
  newPayment(control, { amount, escrow: true, customer: { name: '홍길동', email: 'hong@example.com' } })
const view = z.looseObject({
  shipping: z.looseObject({
    stage: z.string(),
    delivery: z.looseObject({ trackingNumber: z.string().nullable() }),
    orders: z.array(z.looseObject({ state: z.string() })),
  }),
})
const shippingOn = async (page: Page, id: string) =>
  view.parse(await (await page.request.get(`/api/payments/${id}`)).json()).shipping

test('a delivery is registered in the browser, with its zeros', async ({ operator: page, control }) => {
  const payment = await escrowPayment(control, 12_000)
  const id = await idOf(page, payment)
  await page.goto(`/payments/${id}#shipment`)
  const part = page.locator('#shipment')
  await expect(part.getByText('배송등록 대기')).toBeVisible()
  await part.getByRole('button', { name: '배송등록', exact: true }).click()
  await expect(part.getByLabel('택배사')).toHaveAttribute('aria-invalid', 'true')
  await part.getByLabel('택배사').selectOption('CJ대한통운')
  await part.getByLabel('운송장번호', { exact: true }).fill('12')
  await expect(part.getByText('CJ대한통운 운송장번호의 형식이 아닙니다.')).toBeVisible()
  await part.getByLabel('운송장번호', { exact: true }).fill('0001-2345-6789')
  await part.getByRole('button', { name: '배송등록', exact: true }).click()
  await expect(part.getByText('배송등록 완료').first()).toBeVisible()
  await expect(part.getByRole('list', { name: '처리 내역' })).toContainText('등록 완료')
  await expect(part.getByText('000123456789').first()).toBeVisible()
  expect(await shippingOn(page, id)).toMatchObject({
    stage: 'registered',
    delivery: { trackingNumber: '000123456789' },
    orders: [{ state: 'DONE' }],
  })
})

async function downloaded(page: Page): Promise<Uint8Array> {
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: '배송등록 양식 내려받기' }).click()
  return readFile(await (await download).path())
}

/** Types into the empty cells of one payment's row, as Excel would: the cells are formatted as text. */
function filled(file: Uint8Array, { paymentId }: Made, courier: string, tracking: string): Uint8Array {
  const parts = unzipSync(file)
  const xml = strFromU8(parts[SHEET] ?? new Uint8Array())
  const row = xml.split('<row ').findIndex((text) => text.includes(paymentId))
  const rows = xml.split('<row ').map((text, index) => {
    if (index !== row) return text
    return text
      .replace(/(<c r="F\d+"[^>]*>).*?<\/c>/, `$1<is><t>${courier}</t></is></c>`)
      .replace(/(<c r="G\d+"[^>]*>).*?<\/c>/, `$1<is><t>${tracking}</t></is></c>`)
  })
  return zipSync({ ...parts, [SHEET]: strToU8(rows.join('<row ')) })
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
async function upload(page: Page, buffer: Uint8Array, name = 'form.xlsx', mimeType = XLSX) {
  await page.getByRole('button', { name: '양식 올려서 등록' }).click()
  await page
    .getByRole('dialog')
    .getByLabel('파일')
    .setInputFiles({ name, mimeType, buffer: Buffer.from(buffer) })
}

test('the form goes out, comes back filled in, and 000123456789 is at the gateway as it was typed', async ({
  operator: page,
  control,
}) => {
  const payments = [await escrowPayment(control, 3_000), await escrowPayment(control, 4_000)]
  const ids = [await idOf(page, payments[0] ?? missing()), await idOf(page, payments[1] ?? missing())]
  await page.goto('/escrow')
  await expect(page.getByRole('heading', { name: '에스크로' })).toBeVisible()
  const form = await downloaded(page)
  expect(strFromU8(unzipSync(form)[SHEET] ?? new Uint8Array())).not.toContain('홍길동')
  const once = filled(form, payments[0] ?? missing(), 'CJ대한통운', '000123456789')
  await upload(page, filled(once, payments[1] ?? missing(), '우체국택배', '12'))
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('1건을 등록할 수 있고 1건에 문제가 있습니다')).toBeVisible()
  await expect(dialog.getByText('이 택배사의 운송장번호 형식이 아닙니다.')).toBeVisible()
  expect((await shippingOn(page, ids[0] ?? '')).orders).toEqual([])
  await dialog.getByRole('button', { name: '1건 배송등록' }).click()
  await expect(dialog.getByText('1건을 접수했습니다.', { exact: false })).toBeVisible()
  await expect.poll(async () => (await shippingOn(page, ids[0] ?? '')).delivery.trackingNumber).toBe('000123456789')
  expect((await shippingOn(page, ids[1] ?? '')).orders).toEqual([])
  await dialog.getByRole('button', { name: '닫기' }).click()
  await page.getByRole('button', { name: /^배송등록 완료/ }).click()
  await expect(page.getByRole('table').getByText('000123456789').first()).toBeVisible()
})

test('a file that cannot be read, or holds a number, says so in words and registers nothing', async ({
  operator: page,
  control,
}) => {
  const payment = await escrowPayment(control, 5_000)
  const id = await idOf(page, payment)
  await page.goto('/escrow')
  await upload(page, strToU8('a,b\n1,2\n'), 'other.csv', 'text/csv')
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('alert')).toContainText('결제번호, 택배사, 운송장번호 열을 찾지 못했습니다')
  const csv = `결제번호,택배사,운송장번호\n${payment.paymentId},비둘기,000123456789\n`
  await dialog.getByLabel('파일').setInputFiles({ name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await expect(dialog.getByText('알 수 없는 택배사입니다: 비둘기')).toBeVisible()
  await expect(dialog.getByRole('button', { name: /배송등록/ })).toHaveCount(0)
  expect((await shippingOn(page, id)).orders).toEqual([])
})

test('a viewer sees the board and who may register', async ({ viewer: page, control }) => {
  const payment = await escrowPayment(control, 6_000)
  const id = await idOf(page, payment)
  await page.goto('/escrow')
  await expect(page.getByText('에스크로 배송등록', { exact: false })).toBeVisible()
  await expect(page.getByRole('button', { name: '양식 올려서 등록' })).toHaveCount(0)
  await page.goto(`/payments/${id}`)
  await expect(page.locator('#shipment').getByRole('button', { name: '배송등록' })).toHaveCount(0)
})

test('what was asked for as escrow is a tick, and says what it means', async ({ operator: page, control }) => {
  const payment = await newPayment(control, { amount: 7_000 })
  await page.goto(`/payments/${await idOf(page, payment)}`)
  const part = page.locator('#shipment')
  await expect(part).toHaveCount(0)
  await page.getByRole('button', { name: '더 보기' }).click()
  await page.getByRole('menuitem', { name: '에스크로로 요청한 결제 표시' }).click()
  await expect(part.getByLabel('에스크로로 요청한 결제')).toBeFocused()
  await expect(
    part.getByText('게이트웨이 기록만으로는 에스크로로 요청했는지 알 수 없습니다', { exact: false }),
  ).toBeVisible()
  await part.getByLabel('에스크로로 요청한 결제').click()
  await expect(part.getByText('결제 후 60분까지는 에스크로 표시가 늦을 수 있습니다', { exact: false })).toBeVisible()
  await part.getByLabel('에스크로로 요청한 결제').click()
  await expect(part.getByLabel('에스크로로 요청한 결제')).not.toBeChecked()
})

test('the board and the delivery fit and can be read', async ({ operator: page, control }) => {
  const payment = await escrowPayment(control, 8_000)
  const id = await idOf(page, payment)
  for (const path of ['/escrow', `/payments/${id}#shipment`]) {
    await page.goto(path)
    await expect(page.getByText('배송등록 대기').first()).toBeVisible()
    await expectWellMade(page)
  }
})
