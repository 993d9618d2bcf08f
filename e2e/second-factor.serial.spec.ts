// A role that moves money where the installation asks for a second factor, before there is one.
import { z } from 'zod'
import { withDatabase } from './database.ts'
import { expect, test } from './fixtures.ts'
import { newPerson, password, signIn } from './people.ts'

test.use({ storageState: { cookies: [], origins: [] } })

const Refusal = z.object({ problem: z.object({ code: z.string() }) })
const ask = (required: boolean) =>
  withDatabase((client) => client.query('UPDATE "Installation" SET "secondFactor" = $1', [required]))

test('whoever must set up a second factor first is read nothing by the routes either', async ({ page }) => {
  const email = await newPerson()
  await ask(true)
  try {
    await signIn(page, email, password)
    await expect(page).toHaveURL(/\/second-factor/)
    const id = crypto.randomUUID()
    for (const path of [
      'audit',
      'cancellations',
      'escrow',
      'escrow/due',
      `evidence/${id}`,
      'exports',
      `exports/${id}`,
      `exports/${id}/download`,
      'payments',
      `payments/${id}`,
      'payments/totals',
      'tasks',
      'today',
    ]) {
      const answer = await page.request.get(`/api/${path}`)
      expect(answer.status(), path).toBe(403)
      expect(Refusal.parse(await answer.json()).problem.code, path).toBe('session.second_factor_needed')
    }
  } finally {
    await ask(false)
  }
})
