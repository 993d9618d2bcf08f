import { z } from 'zod'
import type { Instant } from '#lib/domain/kst.ts'
import type { Payment } from './payment.ts'
import { digits, stamp } from './stamp.ts'

/** kcp.md 4. TX00 deposit or its reversal, TX01 refund paid out, TX02 confirmation, TX03 shipped, TX04 held, TX05 and TX06 cancelled, TX07 closed, TX08 mobile transfer. */
export const noticeKinds = ['TX00', 'TX01', 'TX02', 'TX03', 'TX04', 'TX05', 'TX06', 'TX07', 'TX08'] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** One notice, from the event to its end. */
export const noticeSchema = z.object({
  id: z.string(),
  siteCd: z.string(),
  payment: z.string(),
  type: z.string(),
  fields: z.record(z.string(), z.string()),
  /** `due` is to be sent, or sent again; `held` waits for the control API, or for a second one. */
  state: z.enum(['held', 'due', 'delivered', 'gave-up', 'no-target']),
  attempts: z.array(
    z.object({ at: z.string(), url: z.string(), status: z.number().nullable(), error: z.string().optional() }),
  ),
})
export type Notice = z.infer<typeof noticeSchema>

/** The same on every attempt; `noti_id` stands in TX00 only. */
export function newNotice(payment: Payment, type: NoticeKind, at: Instant, more: Record<string, string> = {}): Notice {
  const id = `${stamp(at)}${digits(6)}`
  const common = { site_cd: payment.siteCd, tno: payment.tno, order_no: payment.orderNo, tx_cd: type, tx_tm: stamp(at) }
  const fields = { ...common, ...more, ...(type === 'TX00' && { noti_id: id }) }
  return { id, siteCd: payment.siteCd, payment: payment.tno, type, fields, state: 'due', attempts: [] }
}
