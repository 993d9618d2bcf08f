'use client'

import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { isOpenShipment } from '#lib/domain/shipping.ts'
import type { PaymentView, ShipmentView, ShippingView } from '#lib/domain/views.ts'
import { paymentQuery } from '../payments/payment-query.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Copy } from '../ui/copy.tsx'
import { Facts, type Fact } from '../ui/facts.tsx'
import { Section } from '../ui/section.tsx'
import { useAction } from '../use-action.ts'
import { useNow } from '../use-now.ts'
import { useWords } from '../words.tsx'
import type { ShippingActions } from './actions.ts'
import { EndOrder } from './end-order.tsx'
import { HoldPart } from './hold-part.tsx'
import { ShipmentForm } from './shipment-form.tsx'
import { companyName, courierName, dueText, OrderMark, orderWords, shipmentProblem, StageMark } from './stage-mark.tsx'

const FOLLOW_MS = 1_500

type Props = {
  readonly payment: PaymentView
  readonly actions: ShippingActions
  readonly reload: () => Promise<PaymentView | null>
  /** Shown to be ticked, where nothing else tells of a delivery. */
  readonly wanted: boolean
}

/** Whether anything tells that it is, or was asked for as, an escrow payment. */
export const hasShipping = ({ shipping, tasks }: PaymentView): boolean =>
  shipping !== null &&
  (shipping.delivery !== null ||
    shipping.asked !== null ||
    shipping.orders.length > 0 ||
    tasks.some((task) => task.step === 'shipment' || task.kind === 'escrow_not_escrow'))

/** The delivery of an escrow payment: what the gateway's record says, what was asked of it, and what may be asked now. */
export function Shipping({ payment, actions, reload, wanted }: Props) {
  const { t } = useWords()
  const { shipping } = payment
  const moving = shipping !== null && (shipping.unread || shipping.orders.some((one) => isOpenShipment(one.state)))
  useQuery({ ...paymentQuery(payment.id), enabled: moving, refetchInterval: FOLLOW_MS })
  if (!shipping || !(wanted || hasShipping(payment))) return null
  return (
    <div id="shipment" className="scroll-mt-16">
      <Section title={t('shipping.title')} aside={shipping.stage ? <StageMark stage={shipping.stage} /> : null}>
        <div className="grid gap-4">
          {shipping.delivery ? (
            <Delivery shipping={shipping} payment={payment} />
          ) : (
            <Asked shipping={shipping} payment={payment} mark={actions.mark} reload={reload} wanted={wanted} />
          )}
          <Order payment={payment} shipping={shipping} request={actions.request} reload={reload} />
          <HoldPart payment={payment} shipping={shipping} hold={actions.hold} reload={reload} />
          <Orders shipping={shipping} end={actions.end} reload={reload} />
        </div>
      </Section>
    </div>
  )
}

type Shown = { readonly shipping: ShippingView; readonly payment: PaymentView }

function Delivery({ shipping: { delivery, dueAt, change }, payment }: Shown) {
  const words = useWords()
  const { t } = words
  const now = useNow(payment.asOf)
  if (!delivery) return null
  const number = delivery.trackingNumber
  const company = companyName(delivery, words)
  const facts: (Fact | null)[] = [
    { label: t('shipping.status'), value: words.sentence(`escrow.${delivery.status}`, {}, delivery.status) },
    company === null ? null : { label: t('shipping.courier'), value: company },
    number === null
      ? null
      : {
          label: t('shipping.tracking'),
          value: (
            <span className="inline-flex items-center gap-1 break-all">
              {number}
              <Copy value={number} what={t('shipping.tracking')} />
            </span>
          ),
        },
    delivery.sentAt === null ? null : { label: t('shipping.sentAt'), value: words.instant(delivery.sentAt) },
    delivery.registeredAt === null
      ? null
      : { label: t('shipping.registeredAt'), value: words.instant(delivery.registeredAt) },
    dueAt === null
      ? null
      : {
          label: t('shipping.due'),
          value: (
            <>
              {words.instant(dueAt)} ({dueText(dueAt, now, words)})
              <span className="block text-meta text-soft">{t('shipping.dueOurs')}</span>
            </>
          ),
        },
    change.kind === 'later'
      ? {
          label: t('shipping.changeFrom'),
          value: (
            <>
              {words.instant(change.at)} ({dueText(change.at, now, words)})
              <span className="block text-meta text-soft">{t('shipping.changeFromHint')}</span>
            </>
          ),
        }
      : null,
    delivery.readAt === null ? null : { label: t('shipping.readAt'), value: words.instant(delivery.readAt) },
  ]
  return <Facts facts={facts.flatMap((fact) => fact ?? [])} />
}

/** Nothing in a record tells that escrow was asked for: a person may say it, and the screen says so. */
function Asked({
  shipping: { asked, may, whoMay },
  payment,
  mark,
  reload,
  wanted,
}: Shown & Pick<Props, 'reload' | 'wanted'> & { readonly mark: ShippingActions['mark'] }) {
  const words = useWords()
  const { t } = words
  const { run, pending, problem } = useAction(mark)
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (wanted) box.current?.focus()
  }, [wanted])
  const early = asked !== null && payment.asOf < asked.knownFrom
  return (
    <div className="grid gap-2">
      <p className="text-soft">{t('shipping.notEscrow')}</p>
      <label className="flex w-fit items-center gap-2">
        <input
          type="checkbox"
          ref={box}
          checked={asked !== null}
          disabled={!may || pending}
          onChange={({ target }) => void run({ paymentId: payment.id, asked: target.checked }).then(reload)}
        />
        {t('shipping.asked.label')}
        {asked ? (
          <span className="text-meta text-soft">{t('shipping.asked.since', { at: words.instant(asked.since) })}</span>
        ) : null}
      </label>
      <p className="max-w-3xl text-meta text-soft">{t('shipping.asked.hint')}</p>
      {may ? null : <Denied whoMay={whoMay} />}
      {asked ? (
        <Callout tone={early ? 'waiting' : 'refused'}>
          {early ? t('shipping.asked.early', { at: words.instant(asked.knownFrom) }) : t('shipping.asked.not')}
        </Callout>
      ) : null}
      {problem ? (
        <Callout tone="refused" live>
          {shipmentProblem(problem, words)}
        </Callout>
      ) : null}
    </div>
  )
}

function Denied({ whoMay }: Pick<ShippingView, 'whoMay'>) {
  const words = useWords()
  return (
    <p className="text-soft">
      {words.t('denied.inline', { permission: words.permission('shipment.register'), who: words.roles(whoMay) })}
    </p>
  )
}

function Order({
  payment,
  shipping,
  request,
  reload,
}: Shown & { readonly request: ShippingActions['request']; readonly reload: Props['reload'] }) {
  const { t } = useWords()
  const [changing, setChanging] = useState(false)
  const { register, change, may, whoMay, stage } = shipping
  if (stage === null) return null
  const form = { payment, shipping, request, reload, onTaken: () => setChanging(false) }
  if (register.kind === 'never' && change.kind === 'never') {
    // Of the two reasons, that of the one which would be next.
    const { reason } = stage === 'registered' || stage === 'delivered' ? change : register
    return <p className="text-soft">{shipping.unread ? t('shipping.unread') : t(`shipping.reason.${reason}`)}</p>
  }
  if (!may) return <Denied whoMay={whoMay} />
  if (register.kind !== 'never') return <ShipmentForm {...form} kind="register" verdict={register} />
  if (change.kind === 'never') return null
  return changing ? (
    <ShipmentForm {...form} kind="change" verdict={change} />
  ) : (
    <div>
      <Button onClick={() => setChanging(true)}>{t('shipping.form.changeOpen')}</Button>
    </div>
  )
}

type Listed = {
  readonly shipping: ShippingView
  readonly end: ShippingActions['end']
  readonly reload: Props['reload']
}

function Orders({ shipping, end, reload }: Listed) {
  const { t } = useWords()
  const { orders } = shipping
  if (orders.length === 0) return null
  return (
    <div className="grid gap-1" aria-live="polite">
      <h3 className="text-meta font-medium text-soft">{t('shipping.orders.title')}</h3>
      <ul aria-label={t('shipping.orders.title')} className="border-t border-line">
        {orders.map((order) => (
          <OrderLine key={order.id} order={order}>
            {isLeftToPeople(order, shipping) ? <EndOrder order={order} end={end} reload={reload} /> : null}
          </OrderLine>
        ))}
      </ul>
    </div>
  )
}

/** Nothing that can be asked tells what became of it. */
const isLeftToPeople = ({ state }: ShipmentView, { silent, may }: ShippingView): boolean =>
  silent && may && state === 'UNCONFIRMED'

function OrderLine({ order, children }: { readonly order: ShipmentView; readonly children: ReactNode }) {
  const words = useWords()
  return (
    <li className="grid gap-0.5 border-b border-line py-2">
      <span className="flex flex-wrap items-center gap-x-3 gap-y-0.5">
        <OrderMark order={order} />
        <span className="break-all">
          {order.courier === null ? order.reason : `${courierName(order.courier, words)} ${order.trackingNumber}`}
        </span>
        <span className="text-meta text-soft">
          {words.t('shipping.orders.by', { who: order.requestedBy, at: words.instant(order.requestedAt) })}
        </span>
      </span>
      {orderWords(order, words).map((text) => (
        <span key={text} className="text-meta text-soft">
          {text}
        </span>
      ))}
      {order.ended ? (
        <span className="text-meta text-soft">
          {words.t('shipping.orders.endedBy', { who: order.ended.by, note: order.ended.note })}
        </span>
      ) : null}
      {children}
    </li>
  )
}
