import type { Instant } from '#lib/domain/kst.ts'
import type { CancelFacts } from './cancel-facts.ts'
import { refundByHand } from './cancelling/by-hand.ts'
import {
  cancelDiscount,
  cancelEscrow,
  cancelKcpRest,
  cancelKey,
  cancelKsnetKey,
  cancelKsnetWay,
  cancelTestStore,
} from './cancelling/channels.ts'
import { unknownFact } from './cancelling/known.ts'
import { cancelAfterPartial, cancelCount, cancelMobile, cancelTransfer } from './cancelling/parts.ts'
import type { Rule } from './cancelling/rule.ts'
import { sumLeft, sumOpen, sumPositive, sumSource, sumState } from './cancelling/sums.ts'
import { cancelTax } from './cancelling/tax.ts'
import { cancelKcpNight, cancelMobileMonth, cancelVaHours, cancelWindow } from './cancelling/times.ts'
import { cancelAccount, cancelVaContract, cancelVaDirect, cancelVaUnpaid } from './cancelling/virtual-accounts.ts'
import { stops, type Verdict } from './verdict.ts'

export type { Rule } from './cancelling/rule.ts'

/** Kept with every judgement; raised whenever a rule, a bound or the order changes. */
export const CANCEL_RULES_VERSION = 4

/**
 * The order is part of the rules: the first that stops is what the clerk is told first. It goes from what no one can change
 * to what the clerk changes with a keystroke, so that nobody repairs an amount only to hear that it is too late anyway.
 */
export const cancelRules: readonly Rule[] = [
  // Is there anything to cancel, and is nothing else under way?
  sumState,
  sumSource,
  sumOpen,
  // Not from here, or no longer: another kind, another console, too late.
  cancelVaUnpaid,
  cancelDiscount,
  cancelVaDirect,
  cancelKcpRest,
  cancelKsnetWay,
  cancelWindow,
  // Not this part of it.
  cancelTransfer,
  cancelMobile,
  cancelCount,
  cancelEscrow,
  // Not until somebody sets up the channel.
  cancelVaContract,
  cancelKey,
  cancelKsnetKey,
  // Not at this hour.
  cancelVaHours,
  cancelKcpNight,
  // What the clerk types.
  cancelAccount,
  sumPositive,
  sumLeft,
  cancelTax,
  // These never stop.
  refundByHand,
  cancelAfterPartial,
  cancelMobileMonth,
  cancelTestStore,
]

/** All that speak, in order, and the first that stops. */
export type Judgement = { readonly verdicts: readonly Verdict[]; readonly denial: Verdict | null }

export function judgeCancellation(facts: CancelFacts): Judgement {
  // Facts that are not understood are told, and nothing else is read from them.
  const rules = unknownFact(facts) === null ? cancelRules : [sumState]
  const verdicts = rules.map((each) => each.judge(facts)).filter((verdict) => verdict !== null)
  return { verdicts, denial: verdicts.find(stops) ?? null }
}

/** From when it could be sent, where only the hour forbids it now; null otherwise. */
export const openingTime = ({ denial }: Judgement): Instant | null =>
  denial?.kind === 'not_now' && denial.until !== null ? denial.until : null
