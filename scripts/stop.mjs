/** A reason not to go on, in one sentence for the person at the keyboard. Printed without a stack. */
export class Stop extends Error {}
