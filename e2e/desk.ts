// What the journeys at the desks share.
import { expect, type Locator, type Page } from '@playwright/test'
import { withDatabase } from './database.ts'
import { emailOf, password, roles } from './people.ts'

/** The sandbox's account for refunds, and whose it is. */
export const ACCOUNT = { bank: '국민', option: '국민은행', number: '110123456789', holder: '홍길동' }

/** Opens the door that a fresh sign-in opens, for the people all tests share: the journeys that are about it take others. */
export async function signedInFreshly(): Promise<void> {
  await withDatabase((client) =>
    client.query(
      `UPDATE "Session" s SET "steppedUpAt" = now() + interval '6 hours' FROM "User" u WHERE u.id = s."userId" AND u.email = ANY($1)`,
      [roles.map(emailOf)],
    ),
  )
}

/** Presses; where the password is asked once more it is given, and the same goes on. */
export async function pressAndAnswer(page: Page, button: Locator): Promise<void> {
  await button.click()
  const prompt = page.getByRole('dialog', { name: '본인 확인' })
  await prompt.getByLabel('비밀번호').fill(password)
  await prompt.getByRole('button', { name: '확인하고 계속' }).click()
  await expect(prompt).toBeHidden()
}

export async function chooseBank(sheet: Locator, search: string, option: string): Promise<void> {
  await sheet.getByRole('combobox', { name: '은행' }).fill(search)
  await sheet.page().getByRole('option', { name: option }).first().click()
}

export async function typeAccount(sheet: Locator, account = ACCOUNT): Promise<void> {
  await chooseBank(sheet, account.bank, account.option)
  await sheet.getByLabel('계좌번호').fill(account.number)
  await sheet.getByLabel('예금주', { exact: true }).fill(account.holder)
}
