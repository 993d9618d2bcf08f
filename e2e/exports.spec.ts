// A file taken out by the browser, read back: what the screen shows is what is in it.
import { AxeBuilder } from '@axe-core/playwright'
import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import type { Page } from '@playwright/test'
import readExcel from 'read-excel-file/node'
import { withDatabase } from './database.ts'
import { expect, test } from './fixtures.ts'
import { idOf, newPayment } from './payments.ts'

test.use({ expectedConsoleErrors: [/status of 403/] })

const NUMBER = '000123456789'

/** A payment whose number begins with noughts; answers its own number, by which it is found. */
async function numbered(page: Page, control: Parameters<typeof newPayment>[0], mid: string): Promise<string> {
  const made = await newPayment(control, { amount: 7_700 })
  const id = await idOf(page, made)
  await withDatabase((client) =>
    client.query(`UPDATE "Payment" SET "pgTxId" = $2, "orderName" = $3 WHERE id = $1`, [id, NUMBER + mid, '=1+1']),
  )
  return made.paymentId
}

async function taken(page: Page, format: 'csv' | 'xlsx'): Promise<Buffer> {
  await page.getByRole('button', { name: '내려받기', exact: true }).click()
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByText('1건', { exact: true })).toBeVisible()
  const start = sheet.getByRole('button', { name: '1건 내려받기' })
  await expect(start).toBeDisabled()
  await sheet.getByLabel('파일 형식').selectOption(format)
  await sheet.getByLabel('사유').fill('정산 대조')
  const [download] = await Promise.all([page.waitForEvent('download'), start.click()])
  expect(download.suggestedFilename()).toMatch(new RegExp(`^payments-\\d{4}-\\d{2}-\\d{2}-\\d{6}\\.${format}$`))
  await expect(sheet.getByText('1건을 모두 담았습니다.', { exact: false })).toBeVisible()
  const bytes = await readFile(await download.path())
  await sheet.getByRole('button', { name: '닫기' }).click()
  return bytes
}

test('CSV and XLSX hold what the list shows: numbers whole, times the same, amounts as amounts', async ({
  manager: page,
  control,
}) => {
  const paymentId = await numbered(page, control, '')
  await page.goto(`/payments?q=${paymentId}`)
  const shown = await page.getByRole('row').filter({ hasText: NUMBER }).getByRole('link').first().innerText()
  const time = shown.slice(0, '2026-11-21 14:03:22'.length)
  const lines: string[][] = parse(await taken(page, 'csv'), { bom: true })
  const [head = [], row = []] = lines
  expect(lines).toHaveLength(2)
  const of = (name: string) => row[head.indexOf(name)]
  // The mark in front keeps a spreadsheet from taking it for a number.
  expect(of('거래번호')).toBe(`\t${NUMBER}`)
  expect([of('승인 시각'), of('금액'), of('주문명')]).toEqual([time, '7700', "'=1+1"])
  const [sheet] = await readExcel(await taken(page, 'xlsx'))
  const [names = [], cells = []] = sheet?.data ?? []
  const cell = (name: string) => cells[names.indexOf(name)]
  expect([cell('거래번호'), cell('승인 시각'), cell('금액'), cell('주문명')]).toEqual([NUMBER, time, 7_700, '=1+1'])
})

test('the sheet has no accessibility fault, and says what will be in the file', async ({ manager: page }) => {
  await page.goto('/audit')
  await page.getByRole('button', { name: '내려받기', exact: true }).click()
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByText('개인정보는 화면과 같이 가려서 담깁니다', { exact: false })).toBeVisible()
  const { violations } = await new AxeBuilder({ page }).include('[role=dialog]').analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
  await page.setViewportSize({ width: 390, height: 800 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
})

test('who may not is told what is missing and who has it', async ({ operator: page }) => {
  for (const path of ['/payments', '/cancellations']) {
    await page.goto(path)
    await page.getByRole('button', { name: '내려받기', exact: true }).click()
    const sheet = page.getByRole('dialog')
    await expect(sheet.getByText('필요 권한: 내려받기')).toBeVisible()
    await expect(sheet.getByText('매니저', { exact: false })).toBeVisible()
  }
})

test('the totals stand beside the list with their basis', async ({ operator: page, control }) => {
  await numbered(page, control, '9')
  await page.goto('/payments')
  const totals = page.getByLabel('합계', { exact: true })
  await expect(totals).toContainText('순액')
  await expect(totals).toContainText('승인은 승인일, 취소는 취소일 기준, 테스트 제외')
  await page.goto('/payments?status=PAID')
  await expect(totals).toContainText('조회된 결제의 지금까지 합계, 테스트 제외')
})
