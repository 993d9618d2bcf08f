// What comes in of KSNET: a shop's result in EUC-KR, a deposit notice as KSNET's machines send it, and how both look.
import { createHmac, hkdfSync, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { dataDir, withDatabase } from './database.ts'
import { expect, test } from './fixtures.ts'
import { viewOf } from './payments.ts'
import { newToken } from './tokens.ts'
import { expectWellMade } from './well-made.ts'

test.describe.configure({ mode: 'default' })

type Shop = { readonly storeId: string; readonly accountId: string; readonly mid: string }
const digits = (count: number) => String(Math.floor(Math.random() * 10 ** count)).padStart(count, '0')
const newTrno = (method: string) => `${method}9743${digits(7)}`

/** A KSNET account at the demo's first store, under a merchant that no other test has. */
async function newShop(): Promise<Shop> {
  const mid = `88${digits(8)}`
  const accountId = randomUUID()
  return withDatabase(async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `SELECT "storeId" AS id FROM "GatewayAccount" WHERE gateway = 'portone' ORDER BY "createdAt" LIMIT 1`,
    )
    const storeId = rows[0]?.id ?? ''
    await client.query(
      `INSERT INTO "GatewayAccount" (id, "storeId", gateway, mode, environment, name, settings, secrets, hints) VALUES ($1, $2, 'ksnet', 'socket', 'sandbox', $3, $4, '{}', '{}')`,
      [accountId, storeId, `KSNET ${mid}`, JSON.stringify({ mid, clientAddress: '127.0.0.1:29991' })],
    )
    await client.query(
      `INSERT INTO "Channel" (id, "accountId", name, key, pg, mid, contract) VALUES (gen_random_uuid(), $1, $2, $2, 'KSNET', $2, '{}')`,
      [accountId, mid],
    )
    return { storeId, accountId, mid }
  })
}

/** As `kspay_wh_result` has them. */
const result = ({ mid }: Shop, trno: string, more: Readonly<Record<string, string>> = {}) => ({
  authyn: 'O',
  trno,
  trddt: '20260901',
  trdtm: '123456',
  amt: '50000',
  authno: '15608820    ',
  msg1: '신한카드-체크   ',
  msg2: 'OK: 15608820    ',
  ordno: `ORD-${trno}`,
  isscd: '05    ',
  aqucd: '05    ',
  result: '1001',
  halbu: '00',
  cbtrno: '',
  cbauthno: '',
  cardno: '461954XXXXXX6970',
  sndStoreid: mid,
  sndGoodname: '똠방각하 세트',
  sndOrdername: '홍길동',
  ...more,
})

const escaped = (bytes: Uint8Array) => [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
const form = (fields: Readonly<Record<string, string>>) =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${escaped(iconv.encode(value, 'cp949'))}`)
    .join('&')

async function tell(base: string, token: string, fields: Readonly<Record<string, string>>) {
  const response = await fetch(`${base}/api/v1/payments`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/x-www-form-urlencoded; charset=euc-kr' },
    body: form(fields),
  })
  return { status: response.status, body: JSON.stringify(await response.json()) }
}

/** The part of the address that only whoever has the installation's key, or is shown it, can know. */
function noticePath({ accountId }: Shop): string {
  const master = Buffer.from(readFileSync(join(dataDir(), 'secret.key'), 'utf8').trim(), 'base64')
  const key = Buffer.from(hkdfSync('sha256', master, 'jeonpyo', 'hash', 32))
  const address = createHmac('sha256', key).update(`notice-address/${accountId}/1`).digest('base64url')
  return `/gateways/ksnet/${accountId}/notice/${address}`
}

/** The old record, 314 bytes of CP949. */
function record({ mid }: Shop, trno: string, dealSele = '20'): Buffer {
  const at = (bytes: number, text = '') => {
    const encoded = iconv.encode(text, 'cp949')
    return Buffer.concat([encoded, Buffer.alloc(bytes - encoded.length, ' ')])
  }
  const amount = '0000000050000'
  const common = [
    at(2, 'VR'),
    at(12, trno),
    at(9, 'KSNETVR'),
    at(8),
    at(2, '04'),
    at(4, '0200'),
    at(3, '300'),
    at(1, '1'),
  ]
  const sent = [at(6, dealSele.padStart(6, '0')), at(8, '20260902'), at(6, '101530'), at(8, '00000000'), at(14), at(31)]
  const money = [at(15, '01817011660'), at(2, '01'), at(2, dealSele), at(2, '88'), at(13, amount), at(13, '0'), at(6)]
  const rest = [at(14, '홍길동'), at(10), at(13, amount), at(13, '0'), at(13, '0'), at(16, '79012345678901')]
  return Buffer.concat([...common, ...sent, ...money, ...rest, at(8, '20260902'), at(6, '101500'), at(6), at(48, mid)])
}

/** By bare HTTP, so that the answer is seen as it comes over the wire. */
function notify(base: string, path: string, data: Buffer, method: 'GET' | 'POST') {
  const body = `data=${escaped(data)}`
  const url = new URL(method === 'GET' ? `${path}?${body}` : path, base)
  const type = { 'Content-Type': 'application/x-www-form-urlencoded' }
  return new Promise<{ status: number; text: string; length: string; pieces: string }>((resolve, reject) => {
    const sending = request(url, { method, headers: method === 'GET' ? {} : type }, (response) => {
      let text = ''
      response.setEncoding('latin1').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => {
        const { 'content-length': length = '', 'transfer-encoding': pieces = '' } = response.headers
        resolve({ status: response.statusCode ?? 0, text, length, pieces })
      })
    })
    sending.on('error', reject)
    sending.end(method === 'GET' ? undefined : body)
  })
}
const OK = { status: 200, text: 'result=OK', length: '9', pieces: '' }

test('a result in EUC-KR becomes a payment; without its merchant it is refused in words', async ({
  owner: page,
  baseURL,
}) => {
  const base = baseURL ?? ''
  const shop = await newShop()
  await newShop()
  const token = await newToken(page, shop.storeId)
  const trno = newTrno('1')
  const { sndStoreid: _, ...unnamed } = result(shop, trno)
  const refused = await tell(base, token, unnamed)
  expect([refused.status, refused.body.includes('sndStoreid')]).toEqual([422, true])
  expect((await tell(base, token, result(shop, trno, { result: '9999' }))).body).toContain('"field":"result"')
  expect((await tell(base, token, result(shop, trno))).status).toBe(201)
  expect((await tell(base, token, result(shop, trno))).status).toBe(200)
  await page.goto(`/payments?q=${trno}`)
  await expect(page.getByText('KSNET 거래번호 형식: 카드', { exact: false })).toBeVisible()
  const row = page.getByRole('row').filter({ hasText: trno })
  await expect(row.getByText('상점이 알림')).toBeVisible()
  await expect(row.getByText('똠방각하 세트')).toBeVisible()
  await expectWellMade(page)
})

test('a deposit told as KSNET tells it counts once, by GET and by POST, and its reversal takes it back', async ({
  owner: page,
  baseURL,
}) => {
  const base = baseURL ?? ''
  const shop = await newShop()
  const token = await newToken(page, shop.storeId)
  const trno = newTrno('6')
  const account = { result: '6001', authno: '04    ', isscd: '79012345678901 ', msg1: '', msg2: '', cardno: '' }
  const told = await tell(base, token, result(shop, trno, account))
  expect(told.status).toBe(201)
  const id = /"id":"([^"]+)"/.exec(told.body)?.[1] ?? ''
  expect(await viewOf(page, id)).toMatchObject({ status: 'ISSUED', left: 0 })
  const path = noticePath(shop)
  const wrong = await notify(base, path.slice(0, -1), record(shop, trno), 'GET')
  expect([wrong.status, wrong.text]).toEqual([404, 'result=NO'])
  expect(await notify(base, path, record({ ...shop, mid: '2999199999' }, trno), 'POST')).toMatchObject({ status: 403 })
  for (const method of ['GET', 'POST', 'GET'] as const)
    expect(await notify(base, path, record(shop, trno), method)).toEqual(OK)
  await expect(async () => expect(await viewOf(page, id)).toMatchObject({ status: 'PAID', left: 50_000 })).toPass({
    timeout: 20_000,
  })
  await page.goto(`/payments/${id}`)
  const part = page.locator('#deposits')
  await expect(part.getByRole('list', { name: '입금 통보' }).getByRole('listitem')).toHaveCount(1)
  await expect(part.getByText('입금 반영')).toBeVisible()
  await expect(part.getByText('****8901')).toBeVisible()
  await expectWellMade(page)
  expect(await notify(base, path, record(shop, trno, '51'), 'POST')).toEqual(OK)
  await expect(async () => expect((await viewOf(page, id)).left).toBe(0)).toPass()
})
