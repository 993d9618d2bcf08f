// What a shop's own server sends, by raw HTTP: who may, in which forms, and what becomes of it.
import { randomUUID } from 'node:crypto'
import iconv from 'iconv-lite'
import type { Page } from '@playwright/test'
import { z } from 'zod'
import { withDatabase } from './database.ts'
import { expect, test } from './fixtures.ts'
import { newKcpShop, newTno, type KcpShop } from './kcp.ts'

/** Made as an owner does it: in the browser, where it is shown once. */
async function newToken(page: Page, { storeId }: KcpShop): Promise<{ readonly name: string; readonly token: string }> {
  const name = `서버 ${randomUUID().slice(0, 8)}`
  await page.goto('/imports')
  await page.getByRole('button', { name: '토큰 만들기' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('상점').selectOption(storeId)
  await sheet.getByLabel('토큰 이름').fill(name)
  await sheet.getByRole('button', { name: '토큰 만들기' }).click()
  await expect(sheet.getByText('지금 한 번만 표시됩니다', { exact: false })).toBeVisible()
  const token = await sheet.locator('code').innerText()
  await sheet.getByRole('button', { name: '닫기' }).click()
  await expect(sheet).toHaveCount(0)
  await expect(page.getByText(token)).toHaveCount(0)
  return { name, token }
}

const approval = ({ siteCd }: KcpShop, more: Readonly<Record<string, string>> = {}) => ({
  site_cd: siteCd,
  res_cd: '0000',
  pay_method: 'PACA',
  tno: newTno(),
  amount: '11000',
  order_no: '000123',
  app_no: '00876543',
  app_time: '20261121140322',
  card_cd: 'CCLG',
  card_no: '451842******7654',
  good_name: '가을 외투',
  buyr_name: '홍길동',
  ...more,
})

const answered = z.union([
  z.object({ payment: z.object({ id: z.string(), tno: z.string(), state: z.enum(['recorded', 'known']) }) }),
  z.object({
    problem: z.object({ code: z.string(), facts: z.record(z.string(), z.unknown()), message: z.string() }),
  }),
])
const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'

async function send(url: string | undefined, token: string, body: BodyInit, type = JSON_TYPE) {
  const response = await fetch(`${url}/api/v1/payments`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': type },
    body,
  })
  const answer = answered.parse(await response.json())
  return {
    status: response.status,
    payment: 'payment' in answer ? answer.payment : null,
    code: 'problem' in answer ? answer.problem.code : null,
    facts: 'problem' in answer ? answer.problem.facts : {},
    message: 'problem' in answer ? answer.problem.message : '',
  }
}
const tell = (url: string | undefined, token: string, fields: object) => send(url, token, JSON.stringify(fields))

const view = z.looseObject({
  source: z.string(),
  amount: z.number(),
  orderName: z.string(),
  buyerMasked: z.string().nullable(),
  references: z.array(z.object({ kind: z.string(), value: z.string() })),
})
const viewOf = async (page: Page, id: string) =>
  view.parse(await (await page.request.get(`/api/payments/${id}`)).json())

test('JSON is recorded, known the second time, refused with another amount; the screen says who told', async ({
  owner: page,
  baseURL,
}) => {
  const shop = await newKcpShop()
  const { token } = await newToken(page, shop)
  const fields = approval(shop)
  const first = await tell(baseURL, token, fields)
  expect(first).toMatchObject({ status: 201, payment: { tno: fields.tno, state: 'recorded' } })
  const id = first.payment?.id ?? ''
  const before = await viewOf(page, id)
  expect(before).toMatchObject({ source: 'shop', amount: 11_000, orderName: '가을 외투', buyerMasked: '홍*동' })
  expect(before.references).toContainEqual({ kind: 'ORDER_NUMBER', value: '000123' })
  expect(await tell(baseURL, token, fields)).toMatchObject({ status: 200, payment: { id, state: 'known' } })
  const other = await tell(baseURL, token, { ...fields, amount: 12_000 })
  expect(other).toMatchObject({ status: 409, code: 'payment.differs', facts: { ours: 11_000, told: 12_000 } })
  expect(await viewOf(page, id)).toMatchObject({ amount: 11_000, references: before.references })
  await page.goto(`/payments/${id}`)
  await expect(page.getByText('상점이 알림', { exact: true })).toBeVisible()
  await expect(page.getByText('게이트웨이 기록으로 아직 확인하지 않았습니다', { exact: false })).toBeVisible()
  await expect(
    page.getByText('상점 서버나 파일이 알린 내용이 이 결제의 기록과 다릅니다', { exact: false }).first(),
  ).toBeVisible()
  await page.goto(`/payments?q=${fields.tno}`)
  await expect(page.getByRole('row').filter({ hasText: fields.tno }).getByText('상점이 알림')).toBeVisible()
})

test('a form in EUC-KR keeps every letter, by the content type and by char_set', async ({ owner: page, baseURL }) => {
  const shop = await newKcpShop()
  const { token } = await newToken(page, shop)
  const escaped = (text: string) =>
    [...iconv.encode(text, 'cp949')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  const form = (fields: object) =>
    Object.entries(fields)
      .map(([name, value]) => `${name}=${escaped(String(value))}`)
      .join('&')
  for (const [type, more] of [
    [`${FORM_TYPE}; charset=EUC-KR`, {}],
    [FORM_TYPE, { char_set: 'euc-kr' }],
  ] as const) {
    const body = form({ ...approval(shop, { good_name: '똠방각하 세트' }), ...more })
    const { status, payment } = await send(baseURL, token, body, type)
    expect(status).toBe(201)
    expect((await viewOf(page, payment?.id ?? '')).orderName).toBe('똠방각하 세트')
  }
  const unsaid = await send(baseURL, token, form(approval(shop)), FORM_TYPE)
  expect(unsaid).toMatchObject({ status: 422, code: 'request.invalid', facts: { field: 'charset' } })
})

test('no token, a wrong one, a revoked one, and one of another store record nothing', async ({
  owner: page,
  baseURL,
}) => {
  const shop = await newKcpShop(0)
  const other = await newKcpShop(1)
  const { name, token } = await newToken(page, shop)
  const fields = approval(shop)
  for (const wrong of ['', 'x', `jeonpyo_${'A'.repeat(43)}`, `${token}x`])
    expect(await tell(baseURL, wrong, fields)).toMatchObject({ status: 401, code: 'token.invalid' })
  const cookie = await page.request.post('/api/v1/payments', { data: fields })
  expect(cookie.status()).toBe(401)
  expect(await tell(baseURL, token, approval(other))).toMatchObject({ status: 404, code: 'account.not_found' })
  const known = await withDatabase((client) =>
    client.query(`SELECT 1 FROM "Payment" WHERE mid = ANY($1)`, [[shop.siteCd, other.siteCd]]),
  )
  expect(known.rows).toEqual([])
  await page.goto('/imports')
  await page.getByRole('button', { name: `${name} 토큰 폐기` }).click()
  await expect(page.getByText(name)).toHaveCount(0)
  expect(await tell(baseURL, token, fields)).toMatchObject({ status: 401, code: 'token.invalid' })
})

test('what is no approval, broken, or far too large is refused in words, and never a 5xx', async ({
  owner: page,
  baseURL,
}) => {
  const shop = await newKcpShop()
  const { token } = await newToken(page, shop)
  const fields = approval(shop)
  expect(await tell(baseURL, token, { ...fields, res_cd: '8129' })).toMatchObject({
    status: 409,
    code: 'telling.not_approved',
    facts: { result: '8129' },
  })
  const unreadable = await tell(baseURL, token, { ...fields, tno: '1' })
  expect(unreadable).toMatchObject({ status: 422, code: 'telling.unreadable', facts: { field: 'tno' } })
  expect(unreadable.message).toContain('tno')
  const large = await tell(baseURL, token, { ...fields, good_name: 'a'.repeat(100_000) })
  expect(large).toMatchObject({ status: 422, code: 'request.too_large' })
  for (const body of ['', '{', 'null', '[]', '"x"', '{"amount":{"$gt":0}}', '{"a":1e400}', '\u0000'])
    expect((await send(baseURL, token, body)).status, body).toBe(422)
  for (const type of ['text/plain', 'multipart/form-data; boundary=x', `${JSON_TYPE}; charset=klingon`])
    expect((await send(baseURL, token, JSON.stringify(fields), type)).status, type).toBe(422)
  for (const [field, value] of [
    ['amount', '-1'],
    ['amount', '1e9'],
    ['amount', '９００'],
    ['tno', '../../../../a'],
    ['app_time', '20261399000000'],
    ['pay_method', '__proto__'],
    ['good_name', 'a\u0000b'],
    ['good_name', '\ud800'],
  ] as const)
    expect((await tell(baseURL, token, { ...fields, [field]: value })).code, field).toBe('telling.unreadable')
  const method = await fetch(`${baseURL}/api/v1/payments`, { headers: { Authorization: `Bearer ${token}` } })
  expect(method.status).toBe(405)
})

test('texts that mean something elsewhere stay texts', async ({ owner: page, baseURL }) => {
  const shop = await newKcpShop()
  const { token } = await newToken(page, shop)
  const good_name = `<img src=x onerror="document.title='taken'">'); DROP TABLE "Payment";--`
  const { payment } = await tell(baseURL, token, approval(shop, { good_name, buyr_name: '=cmd|calc' }))
  await page.goto(`/payments/${payment?.id ?? ''}`)
  await expect(page.getByText(good_name).first()).toBeVisible()
  expect(await page.title()).not.toBe('taken')
  expect((await viewOf(page, payment?.id ?? '')).orderName).toBe(good_name)
})
