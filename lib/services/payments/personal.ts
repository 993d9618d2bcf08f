import 'server-only'
import { z } from 'zod'
import { maskAccount, maskEmail, maskName, maskPhone } from '#lib/domain/mask.ts'
import type { PersonalView } from '#lib/domain/views.ts'
import { unseal } from '#lib/server/crypto.ts'
import { log } from '#lib/server/log.ts'
import type { Payment } from '#prisma/client/client.ts'

const stored = z.object({
  name: z.string().optional(),
  phone: z.string().optional(),
  email: z.string().optional(),
  account: z.string().optional(),
})
export type Personal = z.infer<typeof stored>
type Row = Pick<Payment, 'id' | 'personalSealed'>

/** What the gateway said of the buyer. Null where it does not open: it was sealed under a key that is no longer here. */
export function personalOf({ id, personalSealed }: Row): Personal | null {
  if (personalSealed === null) return {}
  try {
    return stored.parse(JSON.parse(unseal(personalSealed, ['Payment', id, 'personal'])))
  } catch (error) {
    log.error({ payment: id, error: error instanceof Error ? error.message : 'not an error' }, 'sealed')
    return null
  }
}

const masked = (text: string | undefined, mask: (text: string) => string): string | null =>
  text === undefined || text === '' ? null : mask(text)

/** As a screen may show it. */
export function personalView(row: Row): PersonalView {
  const personal = personalOf(row)
  return {
    readable: personal !== null,
    name: masked(personal?.name, maskName),
    phone: masked(personal?.phone, maskPhone),
    email: masked(personal?.email, maskEmail),
    account: masked(personal?.account, maskAccount),
  }
}
