import 'server-only'
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const hash = promisify(argon2)
const PARAMETERS = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }

async function derive(
  password: string,
  salt: Buffer,
  cost: { memory: number; passes: number; parallelism: number; tagLength: number },
) {
  return hash('argon2id', { message: Buffer.from(password.normalize('NFKC')), nonce: salt, ...cost })
}

/** `argon2id$19456$2$1$<salt>$<tag>`: the cost stands beside the hash, so that it can be raised later. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const tag = await derive(password, salt, PARAMETERS)
  const { memory, passes, parallelism } = PARAMETERS
  return ['argon2id', memory, passes, parallelism, salt.toString('base64url'), tag.toString('base64url')].join('$')
}

export async function passwordFits(password: string, stored: string): Promise<boolean> {
  const [kind, memory, passes, parallelism, salt, tag] = stored.split('$')
  if (kind !== 'argon2id' || salt === undefined || tag === undefined) throw new Error('not a password hash')
  const expected = Buffer.from(tag, 'base64url')
  const cost = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  }
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64url'), cost), expected)
}
