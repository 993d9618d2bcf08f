import type { Instant } from '#lib/domain/kst.ts'
import { bytesOf } from './approval.ts'
import { escapeHtml } from './form.ts'
import { findMerchant } from './merchant.ts'
import type { Method } from './payment.ts'
import type { KsnetEvent } from './state.ts'
import { newKey, type Order } from './window.ts'

/** `sndPaymethod`, by place; of the thirteen only card, transfer, KakaoPay and NaverPay are known (ksnet.md 1.4). */
const places: readonly (readonly [at: number, method: Method, easyPay?: Order['easyPay']])[] = [
  [0, 'CARD'],
  [1, 'VIRTUAL_ACCOUNT'],
  [2, 'TRANSFER'],
  [5, 'MOBILE'],
  [8, 'EASY_PAY', 'KAKAOPAY'],
  [12, 'EASY_PAY', 'NAVERPAY'],
]

export interface Shown {
  readonly html: string
  readonly events: readonly KsnetEvent[]
}

/** KSNET's window, as a page with two buttons: the buyer is through, or has closed it. No money moves here. */
export function openWindow(form: ReadonlyMap<string, string>, now: Instant): Shown {
  const order = orderIn(form)
  const reply = form.get('sndReply') ?? ''
  if (typeof order === 'string') return { html: page('결제창을 열 수 없습니다', escapeHtml(order)), events: [] }
  if (!/^https?:\/\//.test(reply)) return { html: page('결제창을 열 수 없습니다', 'sndReply'), events: [] }
  const key = newKey(now)
  const echoed = [...form].filter(([name]) => name.startsWith('ECH'))
  const button = (label: string, fields: readonly (readonly [string, string])[]) =>
    `<form method="post" action="${escapeHtml(reply)}">${[...fields, ...echoed].map(hidden).join('')}<button>${label}</button></form>`
  const through = button('결제하기', [...returned(key, '0'), ['reHash', `${now}:SBX:${key}`]])
  const closed = button('취소', [...returned('', '1'), ['reHash', '']])
  const about = `${escapeHtml(order.orderName)} · ${order.amount}원 · ${order.method}`
  const window = { key, order, openedAt: now, approved: null, declined: null, finished: false }
  return { html: page('샌드박스 결제창', about + through + closed), events: [{ kind: 'window', window }] }
}

/** ksnet.md 1.5; the order number is not among them. */
const returned = (key: string, cancelType: string): readonly (readonly [string, string])[] => [
  ['reCommConId', key],
  ['reCommType', 'WH'],
  ['reEncData', ''],
  ['reCnclType', cancelType],
]

const hidden = ([name, value]: readonly [string, string]): string =>
  `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`

/** What is wrong with it, where it is no order. */
function orderIn(form: ReadonlyMap<string, string>): Order | string {
  const at = (name: string): string => form.get(name) ?? ''
  const flags = at('sndPaymethod')
  const place = places.find(([index]) => flags.charAt(index) === '1')
  const objections: readonly (readonly [boolean, string])[] = [
    [!findMerchant(at('sndStoreid')), 'sndStoreid'],
    [!/^\d{1,9}$/.test(at('sndAmount')), 'sndAmount'],
    [!/^[01]{10}([01]{3})?$/.test(flags), 'sndPaymethod'],
    [at('sndOrdernumber') === '' || bytesOf(at('sndOrdernumber')) > 50, 'sndOrdernumber'],
    [at('sndGoodname') === '' || bytesOf(at('sndGoodname')) > 50, '상품명 오류'],
    [[...form.values()].some((value) => /[`~'"]/.test(value)), '금지 문자'],
  ]
  const objection = objections.find(([holds]) => holds)
  if (objection || !place) return objection?.[1] ?? 'sndPaymethod'
  return {
    mid: at('sndStoreid'),
    orderNo: at('sndOrdernumber'),
    method: place[1],
    amount: Number(at('sndAmount')),
    taxFree: 0,
    orderName: at('sndGoodname'),
    buyer: at('sndOrdername'),
    escrow: at('sndEscrow') === '1' && findMerchant(at('sndStoreid'))?.escrow === true,
    easyPay: place[2] ?? 'NAVERPAY',
    card: '05',
    bank: '04',
    installmentMonths: 0,
    cashReceipt: at('sndCashReceipt') === '1' && (place[1] === 'TRANSFER' || place[1] === 'VIRTUAL_ACCOUNT'),
  }
}

export const page = (title: string, content: string): string =>
  `<!doctype html><html lang="ko"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${content}</html>`
