// The demo's people, as npm start prints them.
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { answering } from './answering.ts'
import { withDatabase } from './database.ts'

export const roles = ['owner', 'manager', 'operator', 'viewer'] as const
export type Role = (typeof roles)[number]

export const password = 'jeonpyo-demo'
export const emailOf = (role: Role) => `${role}@example.com`
export const storageStateOf = (role: Role) => join(import.meta.dirname, '.auth', `${role}.json`)

/** Somebody new, with the demo's password and the role of an operator. */
export async function newPerson(owner = false): Promise<string> {
  const email = `${crypto.randomUUID()}@example.com`
  await withDatabase(async (client) => {
    await client.query(
      `INSERT INTO "User" (id, email, name, "passwordHash", owner) SELECT gen_random_uuid(), $1, '임시', "passwordHash", $2 FROM "User" WHERE email = 'viewer@example.com'`,
      [email, owner],
    )
    await client.query(
      `INSERT INTO "Grant" SELECT u.id, g."storeId", 'OPERATOR' FROM "User" u, "Grant" g JOIN "User" v ON v.id = g."userId" WHERE u.email = $1 AND v.email = 'viewer@example.com'`,
      [email],
    )
  })
  return email
}

export async function signIn(page: Page, email: string, secret: string): Promise<void> {
  await page.goto('/login')
  await answering(page)
  await page.locator('[name="email"]').fill(email)
  await page.locator('[name="password"]').fill(secret)
  await page.getByRole('button', { name: '로그인' }).click()
}

/** Signed in, and on a page that answers. */
export async function arrived(page: Page): Promise<void> {
  await expect(page).not.toHaveURL(/\/login/)
  await answering(page)
}
