/** A cancellation's life: which state may follow which. The database holds the same table and refuses the rest. */
export const successors = {
  AWAITING_APPROVAL: ['READY', 'SCHEDULED', 'REJECTED', 'WITHDRAWN'],
  SCHEDULED: ['READY', 'WITHDRAWN'],
  READY: ['SENDING', 'WITHDRAWN'],
  SENDING: ['DONE', 'DECLINED', 'ACCEPTED', 'UNCONFIRMED', 'READY'],
  ACCEPTED: ['DONE', 'DECLINED', 'UNCONFIRMED'],
  UNCONFIRMED: ['DONE', 'DECLINED', 'ACCEPTED'],
  DONE: [],
  DECLINED: [],
  REJECTED: [],
  WITHDRAWN: [],
} as const satisfies Record<string, readonly string[]>

export type CancellationState = keyof typeof successors
export type CancellationKind = 'CANCEL' | 'CLOSE'

const isState = (text: string): text is CancellationState => Object.hasOwn(successors, text)
export const states = Object.keys(successors).filter(isState)
export const isOpen = (state: CancellationState): boolean => successors[state].length > 0
export const openStates = states.filter(isOpen)
/** The gateway may have it: nothing else may be sent for the payment, and it cannot be taken back. */
export const isOut = (state: CancellationState): boolean =>
  state === 'SENDING' || state === 'ACCEPTED' || state === 'UNCONFIRMED'
/** Nothing left this machine yet, so it can be withdrawn. */
export const isUnsent = (state: CancellationState): boolean => isOpen(state) && !isOut(state)
