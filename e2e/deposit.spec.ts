// A deposit that only an unsigned notice tells of: it arrives, waits for a person, and can then be given back.
import { createCipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { dataDir, withDatabase } from './database.ts'
import { signedInFreshly } from './desk.ts'
import { expect, test } from './fixtures.ts'
import { newKcpShop, newTno, type KcpShop } from './kcp.ts'
import { idOf, viewOf } from './payments.ts'
import { expectWellMade } from './well-made.ts'

test.describe.configure({ mode: 'default' })

const master = () => Buffer.from(readFileSync(join(dataDir(), 'secret.key'), 'utf8').trim(), 'base64')
const derived = (purpose: string) => Buffer.from(hkdfSync('sha256', master(), 'jeonpyo', purpose, 32))

/** The part of the address that only whoever has the installation's key, or is shown it, can know. */
const addressOf = ({ accountId }: KcpShop): string =>
  createHmac('sha256', derived('hash')).update(`notice-address/${accountId}/1`).digest('base64url')

/** As the console seals the secrets of an account. */
function sealed(text: string, accountId: string, name: string): string {
  const key = derived('seal')
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(JSON.stringify(['GatewayAccount', accountId, name])))
  const parts = [Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])]
  const keyId = createHash('sha256').update(key).digest('hex').slice(0, 8)
  return ['v1', keyId, ...[iv, cipher.getAuthTag(), ...parts].map((part) => part.toString('base64url'))].join('.')
}

/** By KCP's module, since REST gives nothing back into accounts. */
async function newModuleShop(): Promise<KcpShop> {
  const shop = await newKcpShop(0)
  const secrets = JSON.stringify({ siteKey: sealed('sandbox-site-key', shop.accountId, 'siteKey') })
  await withDatabase((client) =>
    client.query(`UPDATE "GatewayAccount" SET mode = 'module', secrets = $2 WHERE id = $1`, [shop.accountId, secrets]),
  )
  return shop
}

/** Bytes of EUC-KR, escaped, as KCP's machines send them. */
function form(fields: Record<string, string>): Buffer {
  const escaped = (text: string) =>
    [...iconv.encode(text, 'cp949')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  return Buffer.from(
    Object.entries(fields)
      .map(([name, value]) => `${name}=${escaped(value)}`)
      .join('&'),
    'latin1',
  )
}

async function notify(base: string, shop: KcpShop, fields: Record<string, string>, address = addressOf(shop)) {
  const response = await fetch(`${base}/gateways/kcp/${shop.accountId}/notice/${address}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new Uint8Array(form({ site_cd: shop.siteCd, ...fields })),
  })
  return { status: response.status, text: await response.text() }
}

const deposit = (tno: string, change: Record<string, string> = {}) => ({
  tx_cd: 'TX00',
  tno,
  order_no: `ORDER-${tno}`,
  tx_tm: '20261121140500',
  ipgm_name: '홍길동',
  remitter: '홍길동',
  ipgm_mnyx: '50000',
  totl_mnyx: '50000',
  ipgm_time: '20261121140322',
  bank_code: '04',
  account: '56219012345678',
  noti_id: `N${tno}`,
  op_cd: '00',
  ...change,
})

test('a deposit arrives by an unsigned notice, a manager confirms it, and it can be given back; a reversal takes it away', async ({
  baseURL,
  operator,
  manager,
}) => {
  const base = baseURL ?? ''
  const shop = await newModuleShop()
  const tno = newTno()
  for (const address of ['x', addressOf(shop).slice(1)]) {
    const refused = await notify(base, shop, deposit(tno), address)
    expect([refused.status, refused.text]).toEqual([404, 'refused: account.not_found'])
  }
  const other = await notify(base, { ...shop, siteCd: 'Z9999' }, deposit(tno))
  expect([other.status, other.text]).toEqual([403, 'refused: notice.unverified'])
  for (let time = 0; time < 3; time += 1) {
    const answer = await notify(base, shop, deposit(tno))
    expect([answer.status, answer.text.includes('name="result" value="0000"')]).toEqual([200, true])
  }

  const id = await idOf(operator, { paymentId: tno })
  await operator.goto(`/payments/${id}`)
  const part = operator.locator('#deposits')
  await expect(part.getByText('서명이 없는 통보로만 알려졌습니다', { exact: false })).toBeVisible()
  await expect(part.getByRole('list', { name: '입금 통보' }).getByRole('listitem')).toHaveCount(1)
  await expect(part.getByText('****5678')).toBeVisible()
  await expect(part.getByRole('button', { name: '입금 확인' })).toHaveCount(0)
  await expect(part.getByText('필요 권한: 입금 통보 확인', { exact: false })).toBeVisible()
  await expect(operator.getByRole('button', { name: '가상계좌 말소' })).toBeDisabled()

  await signedInFreshly()
  await manager.goto('/tasks?kind=deposit_unverified')
  const row = manager.getByRole('listitem').filter({ hasText: tno })
  await expect(row).toContainText('우리 기록과 맞지 않아 반영하지 않았습니다')
  await row.getByRole('link', { name: '입금 통보로 이동' }).click()
  const mine = manager.locator('#deposits')
  await expect(mine.getByText('우리 기록에 없는 거래번호입니다', { exact: false })).toBeVisible()
  await expectWellMade(manager)
  await mine.getByRole('button', { name: '입금 확인' }).click()
  const sheet = manager.getByRole('dialog')
  const press = sheet.getByRole('button', { name: '50,000원 입금 확인' })
  await expect(press).toBeDisabled()
  await sheet.getByLabel('확인한 내용').fill('KCP 관리자 페이지에서 입금 확인')
  await press.click()
  await expect(sheet).toHaveCount(0)
  await expect(mine.getByText('입금 반영')).toBeVisible()
  await expect(mine.getByText('입금을 확인했습니다', { exact: false })).toBeVisible()
  expect(await viewOf(manager, id)).toMatchObject({ status: 'PAID', left: 50_000 })

  await operator.reload()
  await operator.getByRole('button', { name: '취소하기' }).click()
  const cancel = operator.getByRole('dialog')
  await expect(cancel.getByRole('combobox', { name: '은행' })).toBeVisible()

  expect((await notify(base, shop, deposit(tno, { op_cd: '13' }))).text).toContain('0000')
  await expect(async () => expect((await viewOf(manager, id)).left).toBe(0)).toPass()
  await manager.reload()
  await expect(mine.getByText('입금 취소 반영')).toBeVisible()
  await expect(manager.getByText('은행이 입금을 취소해 받은 금액이 줄었습니다', { exact: false }).first()).toBeVisible()
})

test('a notice that is not true is put aside, and changes no sum', async ({ baseURL, manager }) => {
  const shop = await newModuleShop()
  const tno = newTno()
  await notify(baseURL ?? '', shop, deposit(tno))
  const id = await idOf(manager, { paymentId: tno })
  await signedInFreshly()
  await manager.goto(`/payments/${id}`)
  const part = manager.locator('#deposits')
  await part.getByRole('button', { name: '반영 안 함' }).click()
  const sheet = manager.getByRole('dialog')
  await sheet.getByLabel('확인한 내용').fill('통장에 없는 입금')
  await sheet.getByRole('button', { name: '반영하지 않음으로 기록' }).click()
  await expect(sheet).toHaveCount(0)
  await expect(part.getByText('통장에 없는 입금', { exact: false })).toBeVisible()
  expect(await viewOf(manager, id)).toMatchObject({ status: 'ISSUED', left: 0 })
})
