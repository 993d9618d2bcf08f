// Who is let in, with what, and how that ends.
import { withDatabase } from './database.ts'
import { expect, test } from './fixtures.ts'
import { arrived, newPerson, password, signIn } from './people.ts'

test.use({ expectedConsoleErrors: [/status of 40[13]/] })

test('a member is invited by a link that is shown once, gets a role, and loses everything at once when disabled', async ({
  page,
  browser,
  baseURL,
}) => {
  const owner = await newPerson(true)
  const email = `${crypto.randomUUID()}@example.com`
  await signIn(page, owner, password)
  await arrived(page)
  await page.goto('/members')
  await withDatabase((client) =>
    client.query(`UPDATE "Session" s SET "steppedUpAt" = NULL FROM "User" u WHERE u.id = s."userId" AND u.email = $1`, [
      owner,
    ]),
  )

  await page.getByRole('button', { name: '구성원 초대' }).click()
  const sheet = page.getByRole('dialog', { name: '구성원 초대' })
  await sheet.getByLabel('이메일').fill(email)
  await sheet.getByLabel('이름').fill('새 담당자')
  await sheet.getByLabel('본점', { exact: true }).selectOption('VIEWER')
  await sheet.getByRole('button', { name: '초대 링크 만들기' }).click()

  // A fresh sign-in is asked for above the sheet; without it nothing happens, and the sheet stays.
  const question = page.getByRole('dialog', { name: '본인 확인' })
  await question.getByLabel('비밀번호').fill('wrong')
  await question.getByRole('button', { name: '확인하고 계속' }).click()
  await expect(question.getByRole('alert')).toContainText('비밀번호가 맞지 않습니다')
  await page.keyboard.press('Escape')
  await expect(question).toBeHidden()
  await expect(sheet.getByRole('alert')).toContainText('본인 확인이 필요합니다')
  await sheet.getByRole('button', { name: '초대 링크 만들기' }).click()
  await question.getByLabel('비밀번호').fill(password)
  await page.keyboard.press('Enter')
  await expect(question).toBeHidden()
  const link = (await sheet.getByText('/invite/').innerText()).trim()
  await sheet.getByRole('button', { name: '닫기' }).click()
  await expect(page.getByText(email)).toBeVisible()
  // The sheet that showed it takes a moment to go.
  await expect.poll(() => page.content()).not.toContain(link.split('/invite/')[1])

  const context = await browser.newContext({
    storageState: { cookies: [], origins: [] },
    ...(baseURL !== undefined && { baseURL }),
  })
  const guest = await context.newPage()
  await guest.goto(new URL(link).pathname)
  for (const name of ['password', 'again']) await guest.locator(`[name="${name}"]`).fill('a long enough password')
  await guest.getByRole('button', { name: '계정 만들기' }).click()
  await guest.getByRole('link', { name: '로그인' }).click()
  await signIn(guest, email, 'a long enough password')
  await arrived(guest)
  await guest.goto('/members')
  await expect(guest.getByRole('heading', { name: '조회 권한이 없습니다' })).toBeVisible()
  await guest.goto(new URL(link).pathname)
  await expect(guest.getByRole('heading', { name: '사용할 수 없는 링크입니다' })).toBeVisible()

  await page.reload()
  await page.getByRole('link', { name: new RegExp(email) }).click()
  await expect(page.getByText('초대 수락')).toBeVisible()
  await page.getByLabel('본점', { exact: true }).selectOption('OPERATOR')
  await page.getByRole('button', { name: '역할 저장' }).click()
  await expect(page.getByText('저장했습니다.')).toBeVisible()
  await expect(page.getByText('본점 담당자').first()).toBeVisible()
  expect((await guest.request.get('/api/session')).status()).toBe(200)
  await page.getByRole('button', { name: '사용 중지', exact: true }).click()
  await expect(page.getByRole('button', { name: '사용 재개' })).toBeVisible()
  expect((await guest.request.get('/api/session')).status()).toBe(401)
  await guest.goto('/payments')
  await expect(guest).toHaveURL(/\/login/)
  await context.close()
})

test('whoever is no owner is told what is missing', async ({ manager }) => {
  await manager.goto('/members')
  await expect(manager.getByRole('heading', { name: '조회 권한이 없습니다' })).toBeVisible()
  await expect(manager.getByText('구성원 관리')).toBeVisible()
})
