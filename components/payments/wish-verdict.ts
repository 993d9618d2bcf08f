import type { Instant } from '#lib/domain/kst.ts'
import type { PaymentView, PreviewView, VerdictView } from '#lib/domain/views.ts'

type Said = Pick<PaymentView & PreviewView, 'verdicts' | 'denial' | 'later'>
export type WishVerdict = {
  readonly verdicts: readonly VerdictView[]
  /** What keeps the button from being pressed; null where nothing does. */
  readonly stop: VerdictView | null
  /** When it will be sent by itself, where only the hour forbids it now. */
  readonly sendAt: Instant | null
}

const stops = ({ kind }: VerdictView) => kind !== 'allowed' && kind !== 'warned'
const isAccount = ({ rule }: VerdictView) => rule === 'CANCEL-ACCOUNT'

/**
 * The rules are asked without the account, which stays out of every URL; whether it is proven stands on this sheet, and the
 * server judges it when the cancel is taken.
 */
export function wishVerdict({ verdicts, denial, later }: Said, proven: boolean): WishVerdict {
  if (!proven) return { verdicts, stop: later ? later.denial : denial, sendAt: later?.at ?? null }
  const spoken = verdicts.map((one) =>
    isAccount(one) && stops(one) ? { ...one, kind: 'allowed' as const, reason: 'proven' } : one,
  )
  // What the account hid: at night also what stops beside the hour.
  const beside = (one: VerdictView | null) =>
    one && isAccount(one)
      ? (spoken.find((other) => stops(other) && (!later || other.rule !== denial?.rule)) ?? null)
      : one
  return { verdicts: spoken, stop: beside(later ? later.denial : denial), sendAt: later?.at ?? null }
}

/** Whether a cancel can be begun: the account is what the sheet itself asks for, and the hour what it waits for. */
export function canBegin({ denial, later, refundAccount }: PaymentView): boolean {
  const stop = later ? later.denial : denial
  return stop === null || (isAccount(stop) && refundAccount !== null)
}
