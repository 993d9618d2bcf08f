// npm run user:unlock -- owner@example.com: ends the block after wrong passwords.
import { audit } from '#lib/server/audit.ts'
import { contextOf } from '#lib/server/context.ts'
import { db, transaction } from '#lib/server/db.ts'
import { unlockSignIn } from '#lib/server/rate-limit.ts'

const email = process.argv[2]?.trim().toLowerCase()
const user = email === undefined ? null : await db.user.findUnique({ where: { email } })
if (email === undefined || !user) {
  console.error(email === undefined ? 'Say whose: npm run user:unlock -- <e-mail>' : `There is no account ${email}.`)
  process.exitCode = 1
} else {
  const count = await unlockSignIn(email)
  await transaction((tx) =>
    audit(tx, contextOf({ kind: 'system', name: 'setup' }), {
      action: 'session.unlock',
      outcome: 'done',
      subject: { type: 'user', id: user.id },
      facts: { email },
    }),
  )
  console.log(count > 0 ? `${email} may sign in again.` : `${email} was not blocked.`)
}
await db.$disconnect()
