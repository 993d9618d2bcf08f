/** Until when, and at what hours. All in Asia/Seoul. */
import {
  addDays,
  addMonths,
  endOfDay,
  HOUR_MS,
  kstDate,
  MINUTE_MS,
  plus,
  startOfDay,
  startOfMonth,
  timeOfDayMs,
  type Instant,
} from '#lib/domain/kst.ts'
import { givesBack, throughKsnet } from './asked.ts'
import { documents, rule } from './rule.ts'

const WINDOW_MONTHS = 6
const VA_OPENS_MS = 6 * HOUR_MS
const VA_CLOSES_MS = 23 * HOUR_MS
const NIGHT_FROM_MS = HOUR_MS + 50 * MINUTE_MS
const NIGHT_TO_MS = 2 * HOUR_MS + 30 * MINUTE_MS

/** The last millisecond of the same day six months on, or of that month's last day. */
export const lastOfWindow = (paidAt: Instant): Instant => plus(endOfDay(addMonths(kstDate(paidAt), WINDOW_MONTHS)), -1)

/** The document says "within six months of the payment date": the whole last day is read as inside. */
export const cancelWindow = rule(
  'CANCEL-WINDOW',
  { document: documents.ksnetThroughPortone, basis: 'reading' },
  (facts, say) => {
    if (!throughKsnet(facts) || !givesBack(facts)) return null
    if (facts.paidAt === null) return say.warned('unknown_date')
    const lastAt = lastOfWindow(facts.paidAt)
    if (facts.now > lastAt) return say.never('over', { paidAt: facts.paidAt, lastAt })
    return say.allowed('until', { lastAt })
  },
)

/** The document says "06:00 to 23:00": 23:00:00 itself is read as closed. */
export const cancelVaHours = rule(
  'CANCEL-VA-HOURS',
  { document: documents.ksnetThroughPortone, basis: 'reading' },
  (facts, say) => {
    if (!throughKsnet(facts) || facts.method !== 'VIRTUAL_ACCOUNT' || !givesBack(facts)) return null
    const today = kstDate(facts.now)
    const time = timeOfDayMs(facts.now)
    if (time >= VA_OPENS_MS && time < VA_CLOSES_MS)
      return say.allowed('open', { closesAt: plus(startOfDay(today), VA_CLOSES_MS) })
    const opensAt = plus(startOfDay(time < VA_OPENS_MS ? today : addDays(today, 1)), VA_OPENS_MS)
    const lastAt = facts.paidAt === null ? null : lastOfWindow(facts.paidAt)
    if (lastAt !== null && opensAt > lastAt) return say.notNow(null, 'closed_to_the_end', { lastAt })
    return say.notNow(opensAt, 'closed', { opensAt })
  },
)

/** KCP hands the day's cards to the issuers then, and answers 8136. */
export const cancelKcpNight = rule(
  'CANCEL-KCP-NIGHT',
  { document: documents.kcpCancel, basis: 'protocol' },
  (facts, say) => {
    if (facts.pg !== 'KCP' || facts.method !== 'CARD' || !givesBack(facts)) return null
    const time = timeOfDayMs(facts.now)
    if (time < NIGHT_FROM_MS || time >= NIGHT_TO_MS) return null
    const opensAt = plus(startOfDay(kstDate(facts.now)), NIGHT_TO_MS)
    return say.notNow(opensAt, 'capture', { opensAt })
  },
)

/** The carriers' rule, which not every gateway states: a warning. */
export const cancelMobileMonth = rule(
  'CANCEL-MOBILE-MONTH',
  { document: documents.portoneCancel, basis: 'protocol' },
  (facts, say) => {
    if (facts.method !== 'MOBILE' || !givesBack(facts)) return null
    if (facts.paidAt === null) return say.warned('unknown_date')
    const month = startOfMonth(kstDate(facts.paidAt))
    const lastAt = plus(startOfDay(addMonths(month, 1)), -1)
    return facts.now > lastAt ? say.warned('later_month', { lastAt }) : say.allowed('this_month', { lastAt })
  },
)
