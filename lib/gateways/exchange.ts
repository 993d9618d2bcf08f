import type { Outcome } from '#lib/domain/outcome.ts'
import type { Call, Connector, Operation, Wire } from './connector.ts'
import { describeReply, describeWire, scrubber, type Scrub } from './scrub.ts'
import { sendCli } from './transports/cli.ts'
import { sendHttp, type Transmission } from './transports/http.ts'
import { sendTcp } from './transports/tcp.ts'

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
  const signed = sign(connector, wire, call)
  const transmission = signed ? await transmit(signed, operation.deadlineMs) : unsigned
  const transcript: Transcript = {
    startedAt: new Date(started).toISOString(),
    durationMs: Date.now() - started,
    request: describeWire(wire, scrub),
    reply: transmission.kind === 'answered' ? describeReply(transmission.reply, scrub) : null,
    broken: transmission.kind === 'broken' ? scrub.text(transmission.cause) : null,
  }
  return { outcome: scrubbed(outcomeOf(operation, transmission, input), scrub), transcript }
}

/** What the other side said in words of its own is kept too. */
function scrubbed<Value>(outcome: Outcome<Value>, { text }: Scrub): Outcome<Value> {
  if ('cause' in outcome) return { ...outcome, cause: text(outcome.cause) }
  return outcome.kind === 'declined' && outcome.message !== undefined
    ? { ...outcome, message: text(outcome.message) }
    : outcome
}

const unsigned: Transmission = { kind: 'broken', sent: false, cause: 'sign: the key could not be used' }

/** A key that cannot be opened is no reason to fail: nothing was sent. What the library says of it is not kept. */
function sign(connector: Connector, wire: Wire, { credentials }: Call): Wire | null {
  try {
    return connector.sign(wire, credentials)
  } catch {
    return null
  }
}

/** Asks without keeping anything: for reading, where nothing moves. */
export const ask = <Input, Value>(connector: Connector, operation: Operation<Input, Value>, input: Input, call: Call) =>
  exchange(connector, operation, operation.request(input, call), input, call)

function transmit(wire: Wire, deadlineMs: number): Promise<Transmission> {
  switch (wire.via) {
    case 'http':
      return sendHttp(wire, deadlineMs)
    case 'cli':
      return sendCli(wire, deadlineMs)
    case 'tcp':
      return sendTcp(wire, deadlineMs)
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
