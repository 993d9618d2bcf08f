import { addDays, addMonths, startOfMonth, weekday, type KstDate } from './kst.ts'

/** Periods that have a name, as merchants' consoles offer them. */
export const presets = [
  'today',
  'yesterday',
  'thisWeek',
  'thisMonth',
  'lastWeek',
  'lastMonth',
  'month1',
  'month3',
  'month6',
] as const
export type Preset = (typeof presets)[number]
export type Period = { readonly from: KstDate; readonly to: KstDate }

const DAYS = 7

export function periodOf(preset: Preset, today: KstDate): Period {
  const monday = addDays(today, -((weekday(today) + DAYS - 1) % DAYS))
  const first = startOfMonth(today)
  switch (preset) {
    case 'today':
      return { from: today, to: today }
    case 'yesterday':
      return { from: addDays(today, -1), to: addDays(today, -1) }
    case 'thisWeek':
      return { from: monday, to: today }
    case 'lastWeek':
      return { from: addDays(monday, -DAYS), to: addDays(monday, -1) }
    case 'thisMonth':
      return { from: first, to: today }
    case 'lastMonth':
      return { from: addMonths(first, -1), to: addDays(first, -1) }
    case 'month1':
      return { from: addMonths(today, -1), to: today }
    case 'month3':
      return { from: addMonths(today, -3), to: today }
    case 'month6':
      return { from: addMonths(today, -6), to: today }
  }
}
