// Signs everybody in for real, once; the other tests begin with what the browser keeps from it.
import { expect, test } from './fixtures.ts'
import { emailOf, password, roles, storageStateOf } from './people.ts'

for (const role of roles) {
  test(`${role} signs in`, async ({ page }) => {
    await page.goto('/login')
    await page.locator('[name="email"]').fill(emailOf(role))
    await page.locator('[name="password"]').fill(password)
    await page.locator('[name="password"]').press('Enter')
    await expect(page).not.toHaveURL(/\/login/)
    await page.context().storageState({ path: storageStateOf(role) })
  })
}
