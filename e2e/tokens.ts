// A token with which a shop's server tells of its payments, made as an owner makes it.
import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'

/** `store`: its name or its id. */
export async function newToken(page: Page, store = '본점'): Promise<string> {
  await page.goto('/imports')
  await page.getByRole('button', { name: '토큰 만들기' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('상점').selectOption(store)
  await sheet.getByLabel('토큰 이름').fill(`서버 ${randomUUID().slice(0, 8)}`)
  await sheet.getByRole('button', { name: '토큰 만들기' }).click()
  return sheet.locator('code').innerText()
}
