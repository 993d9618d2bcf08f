import 'server-only'
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { env } from './env.ts'

/**
 * Secrets at rest: AES-256-GCM, `v1.<keyId>.<iv>.<tag>.<ciphertext>`, each bound to the table, row and field it was made
 * for, so that a ciphertext moved elsewhere does not open. There is no plaintext path: what does not open is an error.
 */
const master = Buffer.from(env.secretKey, 'base64')
const derived = (purpose: string) => Buffer.from(hkdfSync('sha256', master, 'jeonpyo', purpose, 32))
const sealingKey = derived('seal')
const keyId = createHash('sha256').update(sealingKey).digest('hex').slice(0, 8)

/** Table, row and field. */
export type Binding = readonly [table: string, row: string, field: string]

export function seal(text: string, binding: Binding): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', sealingKey, iv)
  cipher.setAAD(Buffer.from(JSON.stringify(binding)))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return ['v1', keyId, ...[iv, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join('.')
}

export function unseal(sealed: string, binding: Binding): string {
  const [version, id, iv, tag, text] = sealed.split('.')
  if (version !== 'v1' || iv === undefined || tag === undefined || text === undefined)
    throw new Error('not a sealed value')
  if (id !== keyId) throw new Error(`sealed with key ${id}, this installation has key ${keyId}`)
  const decipher = createDecipheriv('aes-256-gcm', sealingKey, Buffer.from(iv, 'base64url'))
  decipher.setAAD(Buffer.from(JSON.stringify(binding)))
  decipher.setAuthTag(Buffer.from(tag, 'base64url'))
  return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString('utf8')
}

export const sessionSecret = derived('session').toString('base64')

/** A hash that only this installation can make: for comparing inputs that may hold personal data. */
export const keyedHash = (text: string) => createHmac('sha256', derived('hash')).update(text).digest('base64url')
