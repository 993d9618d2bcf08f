import '#lib/testing/database.ts'
import { randomUUID } from 'node:crypto'
import { encode } from 'next-auth/jwt'
import { describe, expect, it, vi } from 'vitest'
import { HOUR_MS } from '#lib/domain/kst.ts'
import { sessionSecret } from './crypto.ts'
import { authOptions, holderOf } from './session.ts'

// Loads in Next's own server only.
vi.mock('next/navigation', () => ({ redirect: () => {}, unstable_rethrow: () => {} }))

const [id, sessionId] = [randomUUID(), randomUUID()]
const sealed = (claims: object, secret = sessionSecret) =>
  encode({ token: { sub: id, email: 'owner@example.com', sessionId, ...claims }, secret })

describe('a session cookie', () => {
  it('says by id whose it is, for twelve hours from the sign-in, however often it was sealed anew', async () => {
    const token = await sealed({ signedInAt: Date.now() - 11 * HOUR_MS })
    expect(await holderOf(token)).toMatchObject({ id, sessionId })
    expect(await holderOf(await sealed({ signedInAt: Date.now() - 12 * HOUR_MS }))).toBeNull()
  })

  it('says nothing where it was made elsewhere, or is none', async () => {
    expect(await holderOf(await sealed({}))).toBeNull()
    expect(await holderOf(await sealed({ signedInAt: Date.now(), sessionId: undefined }))).toBeNull()
    expect(await holderOf(await sealed({ signedInAt: Date.now() }, 'another secret'))).toBeNull()
    expect(await holderOf('no token')).toBeNull()
  })

  it('holds a token that ends with it', () => {
    expect(authOptions.jwt?.maxAge).toBe(12 * 3600)
    expect(authOptions.jwt?.maxAge).toBe(authOptions.session?.maxAge)
  })
})
