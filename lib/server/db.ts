import 'server-only'
import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient, type Prisma } from '#prisma/client/client.ts'
import { z } from 'zod'
import { env } from './env.ts'

const POOL_MAX = 12
/** Nothing here reads that long on purpose. */
const STATEMENT_MAX_MS = 60_000

function connect() {
  return new PrismaClient({
    adapter: new PrismaPg({ connectionString: env.databaseUrl, max: POOL_MAX, statement_timeout: STATEMENT_MAX_MS }),
  })
}

declare global {
  var jeonpyoDb: ReturnType<typeof connect> | undefined
}
/** One client per process, also across the development server's reloads. */
export const db = (globalThis.jeonpyoDb ??= connect())

export type Transaction = Prisma.TransactionClient

/** Short, and never with the network inside. */
export const transaction = <T>(run: (tx: Transaction) => Promise<T>): Promise<T> =>
  db.$transaction(run, { maxWait: 10_000, timeout: 20_000 })

/** Waits for every other transaction on this payment. Answers false where there is no such payment. */
export async function lockPayment(tx: Transaction, paymentId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM "Payment" WHERE id = ${paymentId}::uuid FOR UPDATE`
  return rows.length === 1
}

const jsonObject = z.record(z.string(), z.json())
/** What a JSON column may hold: plain data, without `undefined`. */
export const toJson = (value: object, change?: (name: string, value: unknown) => unknown): Prisma.InputJsonObject =>
  jsonObject.parse(JSON.parse(JSON.stringify(value, change)))
