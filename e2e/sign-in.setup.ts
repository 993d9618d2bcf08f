// Signs everybody in for real, once; the other tests begin with what the browser keeps from it.
import { withDatabase } from './database.ts'
import { test } from './fixtures.ts'
import { arrived, emailOf, password, roles, signIn, storageStateOf } from './people.ts'

for (const role of roles) {
  test(`${role} signs in`, async ({ page }) => {
    await signIn(page, emailOf(role), password)
    await arrived(page)
    await page.context().storageState({ path: storageStateOf(role) })
    // Shared by all tests of a run, however long it takes: so it neither ends nor asks in the middle of one of them.
    // The tests of ending and of asking make people of their own.
    await withDatabase((client) =>
      client.query(
        `UPDATE "Session" s SET "lastSeenAt" = now() + interval '6 hours', "steppedUpAt" = now() + interval '6 hours'
         FROM "User" u WHERE u.id = s."userId" AND u.email = $1`,
        [emailOf(role)],
      ),
    )
  })
}
