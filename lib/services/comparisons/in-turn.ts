import 'server-only'

let last: Promise<unknown> = Promise.resolve()

/** One after the other: a file of 16 MB takes some hundred MB while it is read, and several at once could take all there is. */
export function inTurn<Value>(run: () => Promise<Value>): Promise<Value> {
  const mine = last.then(run)
  // Whoever runs it is told of a failure; who comes next only waits.
  last = mine.catch(() => undefined)
  return mine
}
