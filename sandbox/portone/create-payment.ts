import { randomInt, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { DAY_MS, kstDate, plus, type Instant } from '#lib/domain/kst.ts'
import { ControlError, readInput } from '../control-error.ts'
import { isoInstant } from '../iso-instant.ts'
import { bankCodes } from './banks.ts'
import { cardFor } from './cards.ts'
import { channels, findChannel, findStore, stores, type Channel } from './merchant.ts'
import { easyPayProviders, methodTypes, type Method, type Payment } from './payment.ts'
import { failure } from './refusals.ts'
import type { Settings } from './settings.ts'
import { trno } from './trno.ts'

const NAME_BYTES = 50

/** K1: bytes of EUC-KR, where Hangul takes two. */
const eucKrBytes = (text: string): number =>
  [...text].reduce((bytes, char) => bytes + (char.charCodeAt(0) < 0x80 ? 1 : 2), 0)
const shortText = z
  .string()
  .min(1)
  .refine((text) => eucKrBytes(text) <= NAME_BYTES, `more than ${NAME_BYTES} bytes of EUC-KR (K1)`)

const inputSchema = z.strictObject({
  gateway: z.literal('portone'),
  paymentId: z.string().min(1).max(64).optional(),
  storeId: z.string().optional(),
  channelKey: z.string().optional(),
  method: z.enum(methodTypes),
  status: z.enum(['PAID', 'VIRTUAL_ACCOUNT_ISSUED', 'READY', 'FAILED', 'PAY_PENDING']).optional(),
  amount: z.number().int().positive(),
  taxFree: z.number().int().nonnegative().default(0),
  currency: z.enum(['KRW', 'USD']).default('KRW'),
  paidAt: isoInstant.optional(),
  dueAt: isoInstant.optional(),
  orderName: shortText.default('데일리 후드티 외 1건'),
  customer: z
    .strictObject({ name: shortText, phoneNumber: z.string().optional(), email: z.string().optional() })
    .default({ name: '홍길동', phoneNumber: '01012345678', email: 'buyer@example.com' }),
  customData: z.string().optional(),
  escrow: z.boolean().default(false),
  cashReceipt: z
    .strictObject({ type: z.enum(['PERSONAL', 'CORPORATE']).default('PERSONAL'), number: z.string() })
    .optional(),
  easyPayProvider: z.enum(easyPayProviders).default('KAKAOPAY'),
  bank: z.enum(bankCodes).default('SHINHAN'),
  accountType: z.enum(['NORMAL', 'FIXED']).default('NORMAL'),
  installmentMonths: z.number().int().nonnegative().max(36).default(0),
  skipWebhook: z.boolean().default(false),
})
type Input = z.infer<typeof inputSchema>

/** A payment as the checkout would have left it. */
export function newPayment(
  input: unknown,
  facts: { now: Instant; sequence: number; settings: Settings },
): { payment: Payment; skipWebhook: boolean } {
  const wish = readInput(inputSchema, input)
  const channel = channelOf(wish)
  const status = wish.status ?? (wish.method === 'VIRTUAL_ACCOUNT' ? 'VIRTUAL_ACCOUNT_ISSUED' : 'PAID')
  refuseNonsense(wish, status, facts.settings)
  const at = wish.paidAt ?? facts.now
  const payment: Payment = {
    id: wish.paymentId ?? `order-${kstDate(at).replaceAll('-', '')}-${randomUUID().slice(0, 8)}`,
    storeId: channel.storeId,
    channelKey: channel.key,
    transactionId: randomUUID(),
    pgTxId: status === 'READY' || status === 'FAILED' ? undefined : trno(wish.method, at, facts.sequence),
    status,
    method: methodOf(wish, channel, at, facts.sequence),
    orderName: wish.orderName,
    currency: wish.currency,
    total: wish.amount,
    taxFree: isOneOffAccount(wish) ? 0 : wish.taxFree,
    paid: status === 'PAID' ? wish.amount : 0,
    customer: wish.customer,
    customData: wish.customData,
    requestedAt: at,
    updatedAt: at,
    statusChangedAt: at,
    ...(status === 'PAID' ? { paidAt: at } : {}),
    ...(status === 'FAILED' ? { failedAt: at, failure: failure('SBX-DECLINED') } : {}),
    // K12: without the contract the payment goes through, but not as escrow.
    ...(wish.escrow && facts.settings.escrowContract ? { escrow: { status: 'BEFORE_REGISTERED' } } : {}),
    receiptWish: wish.cashReceipt,
    cancellations: [],
    outside: [],
  }
  return { payment, skipWebhook: wish.skipWebhook }
}

function channelOf({ storeId, channelKey }: Input): Channel {
  if (storeId !== undefined && !findStore(storeId)) throw new ControlError(`storeId: no store ${storeId}`)
  if (channelKey === undefined) return firstChannel(storeId ?? stores[0].storeId)
  const channel = findChannel(channelKey)
  if (!channel) throw new ControlError(`channelKey: no channel ${channelKey}`)
  if (storeId !== undefined && channel.storeId !== storeId) {
    throw new ControlError(`channelKey: ${channelKey} is not a channel of ${storeId}`)
  }
  return channel
}

function firstChannel(storeId: string): Channel {
  const channel = channels.find((one) => one.storeId === storeId)
  if (!channel) throw new ControlError(`storeId: ${storeId} has no channel`)
  return channel
}

/** K6. */
const isOneOffAccount = (wish: Input): boolean => wish.method === 'VIRTUAL_ACCOUNT' && wish.accountType === 'NORMAL'

function refuseNonsense(wish: Input, status: Payment['status'], settings: Settings): void {
  const { method, taxFree, amount } = wish
  const objections: readonly (readonly [boolean, string])[] = [
    [taxFree > amount, 'taxFree: more than amount'],
    [status === 'VIRTUAL_ACCOUNT_ISSUED' && method !== 'VIRTUAL_ACCOUNT', `status: ${method} issues no account`],
    [wish.currency === 'USD' && method !== 'CARD', 'currency: USD only by card'],
    [wish.escrow && !wish.customer.email, 'customer.email: required for escrow (K11)'],
    [wish.escrow && (method === 'MOBILE' || method === 'EASY_PAY'), `escrow: not with ${method}`],
    [
      wish.cashReceipt !== undefined && method !== 'TRANSFER' && method !== 'VIRTUAL_ACCOUNT',
      `cashReceipt: not with ${method}`,
    ],
    [
      taxFree > 0 && isOneOffAccount(wish) && settings.oneOffVaTax === 'reject',
      'taxFree: not on a one-off virtual account (K6)',
    ],
  ]
  const objection = objections.find(([holds]) => holds)
  if (objection) throw new ControlError(objection[1])
}

const DAYS_TO_PAY = 3

function methodOf(wish: Input, channel: Channel, at: Instant, sequence: number): Method {
  const approvalNumber = String(randomInt(10_000_000, 100_000_000))
  const { bank, accountType, installmentMonths, easyPayProvider: provider } = wish
  switch (wish.method) {
    case 'CARD':
      return { type: 'CARD', card: cardFor(sequence), approvalNumber, installmentMonths }
    case 'EASY_PAY':
      return {
        type: 'EASY_PAY',
        provider,
        approvalNumber,
        installmentMonths,
        ...(hidesCard(provider) ? {} : { card: cardFor(sequence) }),
      }
    case 'TRANSFER':
      return { type: 'TRANSFER', bank }
    case 'MOBILE':
      return { type: 'MOBILE', phoneNumber: wish.customer.phoneNumber ?? '01012345678' }
    case 'VIRTUAL_ACCOUNT':
      return {
        type: 'VIRTUAL_ACCOUNT',
        bank,
        accountNumber: `562${randomInt(100_000_000_000).toString().padStart(11, '0')}`,
        accountType,
        remitteeName: findStore(channel.storeId)?.name ?? '',
        issuedAt: at,
        expiredAt: wish.dueAt ?? plus(at, DAYS_TO_PAY * DAY_MS),
        ...(wish.status === 'PAID' ? { remitterName: wish.customer.name } : {}),
      }
  }
}

/** K17. */
const hidesCard = (provider: Input['easyPayProvider']): boolean => provider === 'KAKAOPAY' || provider === 'PAYCO'
