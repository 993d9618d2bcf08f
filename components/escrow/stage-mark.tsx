'use client'

import type { Courier } from '#lib/domain/couriers.ts'
import { couriers } from '#lib/domain/couriers.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, type Instant } from '#lib/domain/kst.ts'
import type { ShipmentState, ShippingStage } from '#lib/domain/shipping.ts'
import type { DeliveryView, ShipmentView } from '#lib/domain/views.ts'
import type { Said, Words } from '#lib/i18n/words.ts'
import { Mark, type Tone } from '../ui/mark.tsx'
import { useWords } from '../words.tsx'

const stageTones: Record<ShippingStage, Tone> = {
  unpaid: 'ended',
  shipment_due: 'waiting',
  registered: 'done',
  delivered: 'done',
  confirmed: 'done',
  refused: 'refused',
  cancelled: 'ended',
  unrecognised: 'refused',
}
const stateTones: Record<ShipmentState, Tone> = {
  WAITING: 'waiting',
  SENDING: 'waiting',
  UNCONFIRMED: 'waiting',
  DONE: 'done',
  DECLINED: 'refused',
  WITHDRAWN: 'ended',
}

export function StageMark({ stage }: { readonly stage: ShippingStage }) {
  const { t } = useWords()
  return <Mark tone={stageTones[stage]}>{t(`shipping.stage.${stage}`)}</Mark>
}

export function OrderMark({ order }: { readonly order: ShipmentView }) {
  const { t } = useWords()
  return (
    <Mark tone={stateTones[order.state]}>
      {t(`shipping.orders.kind.${order.kind}`)} {t(`shipping.orders.state.${order.state}`)}
    </Mark>
  )
}

export const courierName = (courier: Courier, { language }: Words): string => couriers[courier][language]
/** By the name people know; what the gateway wrote where it is another. */
export const companyName = ({ courier, company }: DeliveryView, words: Words): string | null =>
  courier === null ? company : courierName(courier, words)

/** How long, in the largest unit that says enough. */
export function spanOf(ms: number, { t }: Words): string {
  if (ms < HOUR_MS) return t('age.minutes', { count: Math.max(1, Math.ceil(ms / MINUTE_MS)) })
  return ms < 2 * DAY_MS
    ? t('age.hours', { count: Math.floor(ms / HOUR_MS) })
    : t('age.days', { count: Math.floor(ms / DAY_MS) })
}

export const dueText = (dueAt: Instant, now: Instant, words: Words): string =>
  now < dueAt
    ? words.t('shipping.dueLeft', { left: spanOf(dueAt - now, words) })
    : words.t('shipping.overdue', { over: spanOf(now - dueAt, words) })

/** Why an order is where it is, and when it goes on: in words, with the gateway's code beside them. */
export function orderWords({ state, cause, code, nextTryAt }: ShipmentView, words: Words): readonly string[] {
  const { t } = words
  const withCode = (sentence: string) =>
    code === null ? sentence : `${sentence} (${t('shipping.orders.code', { code })})`
  const why = (): string | null => {
    switch (state) {
      case 'DONE':
        return null
      case 'DECLINED':
        return withCode(words.sentence(`shipping.code.${code ?? ''}`, {}, t('shipping.code.other')))
      case 'WAITING':
      case 'SENDING':
      case 'UNCONFIRMED':
      case 'WITHDRAWN': {
        if (cause === null) return null
        const known = words.sentence(`shipping.why.${cause}`, {}, '')
        if (known === '')
          return nextTryAt === null ? `${words.cause(cause)} ${t('shipping.why.left')}` : words.cause(cause)
        return cause === 'early' ? withCode(known) : known
      }
    }
  }
  const next =
    nextTryAt === null || state === 'SENDING'
      ? null
      : t(state === 'WAITING' ? 'shipping.orders.next' : 'shipping.orders.asks', { at: words.instant(nextTryAt) })
  return [why(), next].flatMap((text) => text ?? [])
}

/** A refusal says why by its reason. */
export function shipmentProblem({ code, facts }: Said, words: Words): string {
  const otherwise = words.problem({ code, facts })
  return code === 'shipment.not_allowed'
    ? words.sentence(`shipping.reason.${String(facts['reason'])}`, facts, otherwise)
    : otherwise
}
