// Payments for a test of its own: made at the sandbox, taken over by notice, opened in the console.
import { expect, type Page } from '@playwright/test'
import { z } from 'zod'
import type { Control } from './fixtures.ts'

const made = z.object({ paymentId: z.string(), pgTxId: z.string().nullable(), approvalNumber: z.string().nullish() })
export type Made = z.infer<typeof made>

export const LIVE_CHANNEL = 'channel-key-00000000-0000-4000-8000-000000000012'
export const OTHER_STORE = {
  storeId: 'store-00000000-0000-4000-8000-000000000002',
  channelKey: 'channel-key-00000000-0000-4000-8000-000000000021',
}

export async function newPayment(control: Control, wish: Record<string, unknown>): Promise<Made> {
  const usual = { gateway: 'portone', method: 'CARD', status: 'PAID', channelKey: LIVE_CHANNEL }
  return made.parse(await control.post('/payments', { ...usual, ...wish }))
}

const found = z.object({ items: z.array(z.looseObject({ id: z.string() })) })

/** Our id of a payment, as soon as the console has taken it over. */
export async function idOf(page: Page, { paymentId }: Pick<Made, 'paymentId'>): Promise<string> {
  let id = ''
  await expect(async () => {
    const answer = await page.request.get(`/api/payments?q=${encodeURIComponent(paymentId)}`)
    const [item] = found.parse(await answer.json()).items
    expect(item).toBeDefined()
    id = item?.id ?? ''
  }).toPass()
  return id
}

export async function openPayment(page: Page, payment: Made): Promise<string> {
  const id = await idOf(page, payment)
  await page.goto(`/payments/${id}`)
  await expect(page.getByRole('button', { name: '취소하기' })).toBeEnabled()
  return id
}

/** Fills the sheet; the button with the amount is then ready to be pressed. */
export async function fillSheet(page: Page, amount: string, reason = '고객 변심'): Promise<void> {
  await page.getByRole('button', { name: '취소하기' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('취소 금액', { exact: true }).fill(amount)
  await sheet.getByLabel('취소 사유').fill(reason)
  await expect(sheet.getByRole('button', { name: `${amount}원 취소` })).toBeEnabled()
}

const journal = z.array(z.looseObject({ operation: z.string(), effect: z.string() }))

/** How often money moved at the gateway, and how often it was asked to. */
export async function journalOf(control: Control, payment: Made): Promise<{ executed: number; asked: number }> {
  const entries = journal.parse(
    await control.get(`/journal?gateway=portone&payment=${encodeURIComponent(payment.paymentId)}`),
  )
  const cancels = entries.filter((entry) => entry.operation === 'cancel')
  return { executed: cancels.filter((entry) => entry.effect === 'executed').length, asked: cancels.length }
}

const view = z.looseObject({
  status: z.string(),
  refunded: z.number(),
  left: z.number(),
  open: z.number(),
  cancellations: z.array(
    z.looseObject({ id: z.string(), state: z.string(), amount: z.number(), sequence: z.number().nullable() }),
  ),
})
export type View = z.infer<typeof view>
export async function viewOf(page: Page, id: string): Promise<View> {
  return view.parse(await (await page.request.get(`/api/payments/${id}`)).json())
}
