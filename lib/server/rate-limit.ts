import 'server-only'
import { RateLimiterPrisma, RateLimiterRes } from 'rate-limiter-flexible'
import { DomainError } from '#lib/domain/problem.ts'
import { keyedHash } from './crypto.ts'
import { db } from './db.ts'

/**
 * How often one person may do a kind of thing, per minute or hour, and how many of their failures are recorded; how much one
 * shop's token may tell, and how much one address. Counted in the database, so it holds over replicas.
 */
const perMinute = {
  money: 30,
  gateway: 60,
  write: 60,
  // The steps of a large file, one after the other.
  compare: 300,
  failure: 120,
  search: 60,
  receipt: 60,
  token: 600,
  tokenFrom: 1_200,
} as const
/** Showing what is personal: enough for a day at the telephone, too little to copy a list by hand. */
const perHour = { reveal: 30 } as const
export type LimitClass = keyof typeof perMinute | keyof typeof perHour

const limiterOf = (keyPrefix: string, points: number, seconds: number) =>
  new RateLimiterPrisma({
    storeClient: db,
    tableName: 'RateLimiterFlexible',
    keyPrefix,
    points,
    duration: seconds,
    blockDuration: 0,
  })

const limiters = Object.fromEntries([
  ...Object.entries(perMinute).map(([name, points]) => [name, limiterOf(name, points, 60)] as const),
  ...Object.entries(perHour).map(([name, points]) => [name, limiterOf(name, points, 3_600)] as const),
])

/** Fails with: request.too_many. */
export async function takeTurn(limit: LimitClass, who: string): Promise<void> {
  await consume(limiters[limit], who, 'request.too_many')
}

/** For what is left out beyond the limit, where `takeTurn` refuses. */
export async function hasTurn(limit: LimitClass, who: string): Promise<boolean> {
  try {
    await takeTurn(limit, who)
    return true
  } catch (error) {
    if (error instanceof DomainError) return false
    throw error
  }
}

const DAY_SECONDS = 86_400
/** Asking who holds an account serves whoever wants to know that of a stranger: so often a day, by one person and of one account. */
const checksByPerson = limiterOf('account-check-by', 60, DAY_SECONDS)
const checksOfAccount = limiterOf('account-check-of', 20, DAY_SECONDS)

/** Fails with: account_check.too_many. */
export async function countAccountCheck(personId: string, account: string): Promise<void> {
  await consume(checksByPerson, personId, 'account_check.too_many')
  await consume(checksOfAccount, keyedHash(`account-check/${account}`), 'account_check.too_many')
}

const SIGN_IN_TRIES = 5
const SIGN_IN_TRIES_ANYWHERE = 50
/** More than an office behind one address needs. */
const SIGN_IN_TRIES_FROM_ADDRESS = 200
const BLOCK_SECONDS = 15 * 60
const signIn = limiterOf('sign-in', SIGN_IN_TRIES, BLOCK_SECONDS)
/** The address can be feigned behind a careless proxy, so one account also has a bound over all addresses. */
const signInAnywhere = limiterOf('sign-in-all', SIGN_IN_TRIES_ANYWHERE, BLOCK_SECONDS)
const signInFrom = limiterOf('sign-in-from', SIGN_IN_TRIES_FROM_ADDRESS, BLOCK_SECONDS)

/** Of one length whatever was typed, and nothing typed stands in the table. Anybody may type anything: it makes no hash of another kind. */
const keyOf = (email: string) => keyedHash(`sign-in/${email}`)
const keyAt = (email: string, address: string) => `${keyOf(email)}|${address}`

/** Counts a try from an address, whatever the account. Fails with: session.blocked. */
export async function countTryFrom(address: string): Promise<void> {
  await consume(signInFrom, address, 'session.blocked')
}

/** Counts a try before the password is looked at, so that tries made at once all count. Fails with: session.blocked. */
export async function countSignInTry(email: string, address: string): Promise<void> {
  await consume(signInAnywhere, keyOf(email), 'session.blocked')
  const taken = await consume(signIn, keyAt(email, address), 'session.blocked')
  if (taken.consumedPoints === SIGN_IN_TRIES) await signIn.block(keyAt(email, address), BLOCK_SECONDS)
}

export async function forgetSignInTries(email: string, address: string): Promise<void> {
  await signIn.delete(keyAt(email, address))
  await signInAnywhere.delete(keyOf(email))
}

/** Ends the block of an account at every address. Answers how many were blocked or counted. */
export async function unlockSignIn(email: string): Promise<number> {
  const { count } = await db.rateLimiterFlexible.deleteMany({
    where: { OR: [{ key: { startsWith: `sign-in:${keyAt(email, '')}` } }, { key: `sign-in-all:${keyOf(email)}` }] },
  })
  return count
}

/** Which of these accounts are blocked now, at some address or everywhere. */
export async function blockedAmong(emails: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db.rateLimiterFlexible.findMany({
    where: {
      expire: { gt: new Date() },
      OR: [
        { key: { startsWith: 'sign-in:' }, points: { gt: SIGN_IN_TRIES } },
        { key: { startsWith: 'sign-in-all:' }, points: { gt: SIGN_IN_TRIES_ANYWHERE } },
      ],
    },
    select: { key: true },
  })
  const blocked = new Set(rows.map(({ key }) => key.replace(/^sign-in(-all)?:/, '').split('|')[0]))
  return new Set(emails.filter((email) => blocked.has(keyOf(email))))
}

async function consume(
  limiter: RateLimiterPrisma | undefined,
  key: string,
  problem: 'request.too_many' | 'session.blocked' | 'account_check.too_many',
): Promise<RateLimiterRes> {
  if (!limiter) throw new Error('no such limit')
  try {
    return await limiter.consume(key, 1)
  } catch (error) {
    if (error instanceof RateLimiterRes)
      throw new DomainError(problem, { seconds: Math.ceil(error.msBeforeNext / 1000) })
    throw error
  }
}
