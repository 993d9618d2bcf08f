/** Why somebody was signed out without pressing it: words of `login.ended`. */
export const endings = ['idle', 'age', 'other'] as const
export type Ending = (typeof endings)[number]
