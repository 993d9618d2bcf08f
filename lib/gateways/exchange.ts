import type { Outcome } from '#lib/domain/outcome.ts'
import type { Call, Connector, Operation, Wire } from './connector.ts'
import { describeReply, describeWire, scrubber } from './scrub.ts'
import { sendHttp, type Transmission } from './transports/http.ts'

/** Scrubbed: what was said and heard, for the timeline. */
export type Transcript = {
  readonly startedAt: string
  readonly durationMs: number
  readonly request: Readonly<Record<string, string>>
  readonly reply: Readonly<Record<string, string>> | null
  readonly broken: string | null
}

/**
 * The one place that talks to a gateway. Takes a message that was already made (and, for money, already stored), signs it,
 * sends it once, and answers what is known. Never throws and never sends twice.
 */
export async function exchange<Input, Value>(
  connector: Connector,
  operation: Operation<Input, Value>,
  wire: Wire,
  input: Input,
  call: Call,
): Promise<{ readonly outcome: Outcome<Value>; readonly transcript: Transcript }> {
  const scrub = scrubber(connector, call.credentials)
  const started = Date.now()
  const transmission = await transmit(connector.sign(wire, call.credentials), operation.deadlineMs)
  const transcript: Transcript = {
    startedAt: new Date(started).toISOString(),
    durationMs: Date.now() - started,
    request: describeWire(wire, scrub),
    reply: transmission.kind === 'answered' ? describeReply(transmission.reply, scrub) : null,
    broken: transmission.kind === 'broken' ? scrub(transmission.cause) : null,
  }
  const outcome = outcomeOf(operation, transmission, input)
  return { outcome: 'cause' in outcome ? { ...outcome, cause: scrub(outcome.cause) } : outcome, transcript }
}

/** Asks without keeping anything: for reading, where nothing moves. */
export const ask = <Input, Value>(connector: Connector, operation: Operation<Input, Value>, input: Input, call: Call) =>
  exchange(connector, operation, operation.request(input, call), input, call)

function transmit(wire: Wire, deadlineMs: number): Promise<Transmission> {
  switch (wire.via) {
    case 'http':
      return sendHttp(wire, deadlineMs)
    case 'tcp':
    case 'cli':
      return Promise.resolve({ kind: 'broken', sent: false, cause: `no ${wire.via} transport in this release` })
  }
}

function outcomeOf<Input, Value>(
  operation: Operation<Input, Value>,
  transmission: Transmission,
  input: Input,
): Outcome<Value> {
  if (transmission.kind === 'answered') return operation.reply(transmission.reply, input)
  return { kind: transmission.sent ? 'unknown' : 'not_sent', cause: transmission.cause }
}
