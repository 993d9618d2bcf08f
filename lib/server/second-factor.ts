import 'server-only'
import { randomInt } from 'node:crypto'
import { generateSecret, generateURI, verifySync } from 'otplib'
import { toDate, SECOND_MS, type Instant } from '#lib/domain/kst.ts'
import { keyedHash, seal, unseal } from './crypto.ts'
import type { Transaction } from './db.ts'

const PERIOD_SECONDS = 30
const ISSUER = 'Jeonpyo'
export const RECOVERY_CODES = 10
/** Without letters and digits that look alike. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const GROUP = 5

type Holder = { readonly id: string; readonly totp: string | null; readonly totpConfirmedAt: Date | null }

export const hasSecondFactor = (user: Pick<Holder, 'totp' | 'totpConfirmedAt'>): boolean =>
  user.totp !== null && user.totpConfirmedAt !== null

export const newSecret = (): string => generateSecret()
export const sealSecret = (secret: string, userId: string): string => seal(secret, ['User', userId, 'totp'])
export const openSecret = (sealed: string, userId: string): string => unseal(sealed, ['User', userId, 'totp'])

/** What the QR code says to the app. */
export const uriOf = (secret: string, email: string): string =>
  generateURI({ issuer: ISSUER, label: email, secret, algorithm: 'sha1', digits: 6, period: PERIOD_SECONDS })

/** The time step a code is of, one before and one after now allowed; null where it is of none. */
export function stepOf(secret: string, code: string, at: Instant): bigint | null {
  if (!/^\d{6}$/.test(code)) return null
  const epoch = Math.floor(at / SECOND_MS)
  const found = verifySync({ secret, token: code, epoch, epochTolerance: PERIOD_SECONDS, period: PERIOD_SECONDS })
  if (!found.valid) return null
  return BigInt(Math.floor(epoch / PERIOD_SECONDS) + found.delta)
}

/** Uses up a code of the app, or one of the recovery codes. Answers which it was; null where it is none, or was used. */
export async function takeCode(
  tx: Transaction,
  user: Holder,
  typed: string,
  at: Instant,
): Promise<'totp' | 'recovery' | null> {
  if (user.totp === null) return null
  const code = typed.replace(/[\s-]/g, '').toUpperCase()
  const step = stepOf(openSecret(user.totp, user.id), code, at)
  if (step !== null) {
    const { count } = await tx.user.updateMany({
      where: { id: user.id, OR: [{ totpStep: null }, { totpStep: { lt: step } }] },
      data: { totpStep: step },
    })
    return count === 1 ? 'totp' : null
  }
  const { count } = await tx.recoveryCode.updateMany({
    where: { userId: user.id, hash: hashOfCode(user.id, code), usedAt: null },
    data: { usedAt: toDate(at) },
  })
  return count === 1 ? 'recovery' : null
}

const hashOfCode = (userId: string, code: string): string => keyedHash(`recovery ${userId} ${code}`)

/** Ten new recovery codes in place of those before. Shown once; only their hashes are kept. */
export async function replaceRecoveryCodes(tx: Transaction, userId: string): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () => `${letters(GROUP)}-${letters(GROUP)}`)
  await tx.recoveryCode.deleteMany({ where: { userId } })
  await tx.recoveryCode.createMany({
    data: codes.map((code) => ({ userId, hash: hashOfCode(userId, code.replace('-', '')) })),
  })
  return codes
}

const letters = (count: number): string =>
  Array.from({ length: count }, () => ALPHABET[randomInt(ALPHABET.length)] ?? '').join('')

/** Takes the second factor away, whether confirmed or only begun. */
export async function forgetSecondFactor(tx: Transaction, userId: string): Promise<void> {
  await tx.user.update({ where: { id: userId }, data: { totp: null, totpConfirmedAt: null, totpStep: null } })
  await tx.recoveryCode.deleteMany({ where: { userId } })
}
