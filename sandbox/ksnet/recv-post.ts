import { kstDate, type Instant } from '#lib/domain/kst.ts'
import { encodeCp949, fitCp949 } from '#lib/gateways/wire/cp949.ts'
import { approve, declinedResult } from './approval.ts'
import { KsnetError, type Code } from './codes.ts'
import type { Done, Work } from './desk.ts'
import type { KsnetState } from './state.ts'
import type { Window } from './window.ts'

const usualNames = 'authyn`trno`trddt`trdtm`amt`authno`msg1`msg2`ordno`isscd`aqucd`result`halbu`cbtrno`cbauthno`cardno'

const CARD_MINIMUM = 1000
/** Nothing with a back-tick in it: a shop has to take it for unknown. */
const NOTHING = Buffer.alloc(0)

/** The approval itself (ksnet.md 1.6): action 1 makes it, and on that day says it again; after 3 nothing is said any more. */
export function recvPost(form: ReadonlyMap<string, string>, state: KsnetState, now: Instant): Work {
  const window = state.window(form.get('sndCommConId') ?? '')
  // Already decoded once; some clients escape twice.
  const names = (form.get('sndRpyParams') || usualNames).split(/`|%60/)
  return {
    operation: 'approve',
    type: `recv_post ${form.get('sndActionType') ?? ''}`,
    asked: window?.approved ?? null,
    run(): Done {
      if (!window || window.finished || kstDate(window.openedAt) !== kstDate(now)) return silent(window)
      if (form.get('sndActionType') === '3') return finish(window)
      if (window.approved !== null || window.declined) return again(state, window, names)
      const objection = objectionTo(state, window, form)
      if (objection) return decline(window, declinedResult(window.order, objection, newTrno(state, window, now)), names)
      const { payment, events } = approve(state, window.order, { at: now, window })
      const { trno, amount } = payment
      return { answer: write(payment.approval, names), events, effect: 'executed', payment: trno, amount }
    },
    refuse(error) {
      if (!window) return NOTHING
      return write(declinedResult(window.order, error, newTrno(state, window, now)), names)
    },
  }
}

const silent = (window: Window | undefined): Done => ({
  answer: NOTHING,
  events: [],
  effect: 'none',
  payment: window?.approved ?? null,
})

/** What it answers is documented nowhere, and no sample reads it. */
const finish = (window: Window): Done => ({
  answer: NOTHING,
  events: [{ kind: 'window', window: { ...window, finished: true } }],
  effect: 'none',
  payment: window.approved,
})

/** A decline has a number of its own too. */
const newTrno = (state: KsnetState, { order }: Window, at: Instant) => ({ trno: state.freeTrno(order.method, at), at })

const decline = (window: Window, declined: Readonly<Record<string, string>>, names: readonly string[]): Done => ({
  answer: write(declined, names),
  events: [{ kind: 'window', window: { ...window, declined: { ...declined } } }],
  effect: 'declined',
  payment: null,
  code: (declined['authno'] ?? '').trim(),
})

function again(state: KsnetState, window: Window, names: readonly string[]): Done {
  const told = state.payment(window.approved ?? '')?.approval ?? window.declined
  return {
    answer: told ? write(told, names) : NOTHING,
    events: [],
    effect: 'replayed',
    payment: window.approved,
  }
}

function objectionTo(
  { settings }: KsnetState,
  { order }: Window,
  form: ReadonlyMap<string, string>,
): KsnetError | null {
  const amount = form.get('sndAmount') ?? ''
  const isCard = order.method === 'CARD' || order.method === 'EASY_PAY'
  const objections: readonly (readonly [boolean, Code])[] = [
    [isCard && order.amount < CARD_MINIMUM, '8006'],
    [settings.comparesAmount && amount !== '' && Number(amount) !== order.amount, 'P10I'],
  ]
  const objection = objections.find(([holds]) => holds)
  return objection ? new KsnetError(objection[1]) : null
}

/** A back-tick, then each value with one after it, in the order that was asked for. */
function write(result: Readonly<Record<string, string>>, names: readonly string[]): Buffer {
  const text = names.map((name) => `${(result[name] ?? '').replaceAll('`', ' ')}\``).join('')
  return encodeCp949(`\`${fitCp949(text, text.length * 2)}`) ?? NOTHING
}
