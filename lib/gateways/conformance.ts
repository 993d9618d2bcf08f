import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { instant } from '#lib/domain/kst.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import type { Call, Connector, Operation, Reply, Wire } from './connector.ts'
import { exchange, type Transcript } from './exchange.ts'
import { describeReply, scrubber } from './scrub.ts'
import { storedWire } from './stored-wire.ts'
import { decodeCp949, encodeCp949 } from './wire/cp949.ts'
import { splitRecord } from './wire/fixed-length.ts'
import { fromVisible } from './wire/separated.ts'

/**
 * What every connector must be. Give it the connector, credentials in which no value is another's, and for each operation inputs
 * and answers as the gateway's documents print them; `conforms` makes the tests.
 */
export type Subject = {
  readonly connector: Connector
  readonly call: Call
  /** Every host it may talk to, but for the sandbox's. */
  readonly hosts: readonly string[]
  /** Words from the inputs that nobody may find in a transcript: numbers of accounts, names. */
  readonly personal: readonly string[]
  readonly trials: readonly Trial[]
}

/** An answer as the gateway gives it, to the first of the operation's inputs, and what it must be understood as. */
export type Recording = { readonly reply: Reply; readonly outcome: Partial<Outcome<unknown>> }

/** One operation with its types closed over. */
export type Trial = {
  readonly name: string
  readonly deadlineMs: number
  readonly recordings: readonly Recording[]
  readonly wires: (call: Call) => readonly Wire[]
  readonly replies: (raw: Reply) => readonly Outcome<unknown>[]
  readonly exchanges: (
    connector: Connector,
    call: Call,
  ) => Promise<readonly { readonly outcome: Outcome<unknown>; readonly transcript: Transcript }[]>
}

export function trial<Input, Value>(
  name: keyof Connector['operations'],
  operation: Operation<Input, Value> | undefined,
  inputs: readonly Input[],
  recordings: readonly Recording[],
): Trial {
  if (!operation) throw new Error(`no operation ${name}`)
  return {
    name,
    deadlineMs: operation.deadlineMs,
    recordings,
    wires: (call) => inputs.map((input) => operation.request(input, call)),
    replies: (raw) => inputs.map((input) => operation.reply(raw, input)),
    exchanges: (connector, call) =>
      Promise.all(inputs.map((input) => exchange(connector, operation, operation.request(input, call), input, call))),
  }
}

/** The tests of one connector, for a `describe` of its own. */
export function conforms(subject: Subject): void {
  const { connector, trials } = subject
  describe('what it declares', () => {
    declared(subject)
  })
  describe.each(trials)('$name', (one) => {
    messages(subject, one)
    answers(one)
    recordings(subject, one)
  })
  describe('what is kept of an exchange', () => {
    transcripts(subject)
  })
  it('is tried in every operation that it has', () => {
    const has = Object.entries(connector.operations).flatMap(([name, operation]) => (operation ? [name] : []))
    expect(trials.map(({ name }) => name).toSorted()).toEqual(has.toSorted())
  })
}

function declared({ connector, call, hosts }: Subject): void {
  const { operations, credentials } = connector

  it('talks to the hosts of its list, and encrypted unless its program does that', () => {
    // Through a program of the merchant's the account itself says where.
    const elsewhere = connector.endpointOf !== undefined
    const own = Object.entries(connector.environments).flatMap(([environment, place]) => {
      expect(place?.host === null, environment).toBe(environment === 'sandbox' || elsewhere)
      return place?.host ?? []
    })
    expect([...new Set(own)].toSorted()).toEqual(hosts.toSorted())
    for (const host of own) {
      expect(new URL(host).origin).toBe(host)
      if (connector.mode !== 'module') expect(host).toMatch(/^https:/)
    }
  })
  it('is reached where its account says, and nowhere without a place that may be named', () => {
    if (!connector.endpointOf) return
    expect(connector.endpointOf(call.credentials)).toBe(call.endpoint)
    expect(connector.endpointOf({})).toBeNull()
    const places = [
      '169.254.169.254:80',
      'example.com:29991',
      '8.8.8.8:21001',
      '127.0.0.1:25',
      '127.0.0.1:29991/x',
      '::1:29991',
    ]
    for (const value of places)
      for (const { name } of credentials) expect(connector.endpointOf({ [name]: value }), value).toBeNull()
  })
  it('names each credential once, with an example of its form where it is no secret, and calls no secret usual', () => {
    const names = credentials.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const field of credentials) {
      if (field.usual !== undefined) expect(field.usual, field.name).toMatch(field.pattern)
      if (field.assumed) expect([field.secret, field.usual === undefined], field.name).toEqual([false, false])
      if (!field.secret) expect(field.example, field.name).toMatch(field.pattern)
      const value = call.credentials[field.name]
      if (field.required) expect(value, field.name).toMatch(field.pattern)
    }
  })
  it('can be asked wherever it relies on being asked', () => {
    const asks = operations.inquire !== undefined
    if (connector.refusedUnlessFound.size > 0) expect(asks).toBe(true)
    if (connector.replayWithinMs !== null) expect(asks).toBe(true)
    if (connector.absentProvesAfterMs !== null) expect(asks).toBe(true)
  })
  it('either sends again what is absent or believes after a time that it was not done', () => {
    expect(connector.replayWithinMs !== null && connector.absentProvesAfterMs !== null).toBe(false)
  })
  it('takes deliveries exactly where it has couriers, and changes or holds only what it takes', () => {
    const { registerShipment, changeShipment, holdSettlement } = operations
    expect(registerShipment !== undefined).toBe(connector.couriers !== null)
    if (changeShipment ?? holdSettlement) expect(registerShipment).toBeDefined()
  })
  it('issues no cash receipt that it cannot read', () => {
    if (operations.issueCashReceipt) expect(operations.cashReceipt).toBeDefined()
  })
  it('reads notices in one way, and answers those that nobody signs', () => {
    expect(connector.verifyNotice !== undefined && connector.readNotice !== undefined).toBe(false)
    expect(connector.noticeReceipt !== undefined).toBe(connector.readNotice !== undefined)
  })
  it('is the merchant its credentials name, in its own channel too', () => {
    const store = connector.storeKeyOf(call.credentials)
    expect(store).not.toBe('')
    const channel = connector.channelOf?.(call.credentials)
    if (channel) expect(channel).toMatchObject({ key: store, mid: store })
  })
  it('says of credentials that are none what is wrong with them, and never throws', () => {
    for (const given of [{}, call.credentials])
      expect(JSON.stringify(connector.inspect?.(given, instant(0)) ?? [])).not.toMatch(secretsIn(connector, call))
  })
}

function messages({ connector, call, personal }: Subject, one: Trial): void {
  const wires = () => one.wires(call)

  it('says the same in the same bytes, without a secret, before it is signed', () => {
    expect(one.wires(call)).toEqual(wires())
    for (const wire of wires()) expect(readable(wire)).not.toMatch(secretsIn(connector, call))
  })
  it('is signed the same way twice, and stays what it was otherwise', () => {
    for (const wire of wires()) {
      const signed = connector.sign(wire, call.credentials)
      expect(connector.sign(wire, call.credentials)).toEqual(signed)
      expect(targetOf(signed)).toEqual(targetOf(wire))
    }
  })
  it('goes where the account is, and nowhere else', () => {
    const endpoint = new URL(call.endpoint)
    for (const wire of wires()) {
      if (wire.via === 'http') expect(new URL(wire.url).origin).toBe(endpoint.origin)
      if (wire.via === 'cli') expect(wire.program).toBe(call.program)
      if (wire.via === 'cli' && wire.args.length > 1)
        expect(readable(wire)).toContain(`pa_url=${endpoint.hostname},pa_port=${endpoint.port},`)
      if (wire.via === 'tcp') expect([wire.host, String(wire.port)]).toEqual([endpoint.hostname, endpoint.port])
    }
  })
  it('can be stored and read back', () => {
    for (const wire of wires()) expect(storedWire.parse(JSON.parse(JSON.stringify(wire)))).toEqual(wire)
  })
  it('answers in time: within a minute and a half', () => {
    expect(one.deadlineMs).toBeGreaterThan(0)
    expect(one.deadlineMs).toBeLessThanOrEqual(90_000)
  })
  it('is made also without a program, a key or an address', () => {
    const bare: Call = { credentials: {}, endpoint: '', program: null }
    expect(() => one.wires(bare)).not.toThrow()
    expect(personal.length).toBeGreaterThan(0)
  })
}

const status = fc.integer({ min: 100, max: 599 })
const httpReply = (body: fc.Arbitrary<string>): fc.Arbitrary<Reply> =>
  fc.record({
    via: fc.constant('http'),
    status,
    contentType: fc.constantFrom('application/json', 'text/html', ''),
    body,
  })
const cliReply = (stdout: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Reply> =>
  fc.record({
    via: fc.constant('cli'),
    stdout,
    exitCode: fc.constantFrom<(number | null)[]>(0, 1, 116, 123, 124, 125, 126, 127, null),
  })
const anyReply: fc.Arbitrary<Reply> = fc.oneof(
  httpReply(fc.string()),
  httpReply(fc.jsonValue().map((value) => JSON.stringify(value))),
  cliReply(fc.uint8Array({ maxLength: 400 })),
  cliReply(fc.string().map((text) => Buffer.from(text))),
  fc.record({ via: fc.constant('tcp'), bytes: fc.uint8Array({ maxLength: 400 }) }),
  // With a length that is right.
  fc.uint8Array({ maxLength: 900 }).map((bytes): Reply => ({ via: 'tcp', bytes: framed(bytes) })),
)
const framed = (bytes: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(String(bytes.length).padStart(4, '0')), bytes])

/** Findings of a self test are an answer whatever was heard, but prove nothing by it. */
const believed = ({ name }: Trial, outcome: Outcome<unknown>): boolean =>
  name === 'selfTest'
    ? JSON.stringify(outcome).includes('"proven"')
    : outcome.kind === 'done' || outcome.kind === 'declined' || outcome.kind === 'pending'

function answers(one: Trial): void {
  it('believes nothing that is random, and never throws', () => {
    fc.assert(
      fc.property(anyReply, (raw) => {
        for (const outcome of one.replies(raw)) {
          expect(believed(one, outcome)).toBe(false)
          expect(outcome.kind).not.toBe('not_sent')
        }
      }),
      { numRuns: 300 },
    )
  })
  it('believes no good answer that is cut short, spoilt or comes another way', () => {
    const good = one.recordings.filter((recording) => recording.outcome.kind === 'done')
    for (const { reply } of good) {
      expect(one.replies(otherWay(reply)).some((outcome) => believed(one, outcome))).toBe(false)
      const [expected] = one.replies(reply)
      for (let end = 0; end < sizeOf(reply); end++) {
        const [heard] = one.replies(cut(reply, end))
        if (heard && believed(one, heard) && isMoney(one))
          expect(resultOf(heard)).toEqual(expected && resultOf(expected))
      }
    }
  })
}

const isMoney = ({ name }: Trial) => name === 'cancel' || name === 'close'

/** What a store acts by: the end, and the number by which it is known. */
const resultOf = (outcome: Outcome<unknown>) => ({
  kind: outcome.kind,
  ...('reference' in outcome && { reference: outcome.reference }),
  ...('code' in outcome && { code: outcome.code }),
})

function otherWay(reply: Reply): Reply {
  switch (reply.via) {
    case 'http':
      return { via: 'cli', stdout: Buffer.from(reply.body), exitCode: 0 }
    case 'cli':
      return { via: 'http', status: 200, contentType: 'text/html', body: Buffer.from(reply.stdout).toString('latin1') }
    case 'tcp':
      return { via: 'cli', stdout: reply.bytes, exitCode: 0 }
  }
}

function sizeOf(reply: Reply): number {
  switch (reply.via) {
    case 'http':
      return reply.body.length
    case 'cli':
      return reply.stdout.length
    case 'tcp':
      return reply.bytes.length
  }
}

function cut(reply: Reply, end: number): Reply {
  switch (reply.via) {
    case 'http':
      return { ...reply, body: reply.body.slice(0, end) }
    case 'cli':
      return { ...reply, stdout: reply.stdout.slice(0, end) }
    case 'tcp':
      return { ...reply, bytes: reply.bytes.slice(0, end) }
  }
}

function recordings({ connector, call }: Subject, one: Trial): void {
  it('understands the answers of the gateway’s documents, and the same again from what was kept of them', () => {
    expect(one.recordings.length).toBeGreaterThan(0)
    const scrub = scrubber(connector, call.credentials)
    for (const { reply, outcome } of one.recordings) {
      const [heard] = one.replies(reply)
      expect(heard).toMatchObject(outcome)
      const [again] = one.replies(replyOf(describeReply(reply, scrub)))
      if (!heard || !again) return expect.fail('no answer')
      expect(again.kind).toBe(heard.kind)
      // What else is told by a number may be hidden: a cash receipt's is the buyer's telephone.
      if (isMoney(one) || heard.kind !== 'done') expect(resultOf(again)).toEqual(resultOf(heard))
    }
  })
}

/** A reply as a transcript keeps it, as it was heard. */
export function replyOf(kept: Readonly<Record<string, string>>): Reply {
  const { body, contentType = '', stdout, exitCode, frame, bytes } = kept
  if (frame !== undefined || bytes !== undefined)
    return { via: 'tcp', bytes: encodeCp949(fromVisible(frame ?? '')) ?? expect.fail('no CP949') }
  if (stdout === undefined) return { via: 'http', status: Number(kept['status']), contentType, body: body ?? '' }
  const text = fromVisible(stdout)
  return {
    via: 'cli',
    stdout: encodeCp949(text) ?? Buffer.from(text, 'latin1'),
    exitCode: exitCode === 'null' || exitCode === undefined ? null : Number(exitCode),
  }
}

/** The nastiest gateway there is: it sends back all that it was sent, and everything it knows of us. */
function transcripts({ connector, call, personal, trials }: Subject): void {
  let close = () => {}
  let place = call
  let requests = 0

  beforeAll(async () => {
    const everything = JSON.stringify([call.credentials, Object.values(call.credentials).flatMap(disguises)])
    if (connector.mode === 'module') {
      const folder = mkdtempSync(join(tmpdir(), 'jeonpyo-conformance-'))
      const program = join(folder, 'pp_cli')
      const answer = join(folder, 'answer')
      const members = connector.personal.map((name) => `${name}=${personal.join(' ')}\x1f`).join('')
      writeFileSync(answer, Buffer.from(`\x1f${members}all=${everything}`, 'latin1'))
      writeFileSync(program, `#!/bin/sh\nprintf '%s' "$2"\ncat '${answer}'\n`)
      chmodSync(program, 0o755)
      place = { ...call, program }
      close = () => rmSync(folder, { recursive: true, force: true })
      return
    }
    if (connector.layoutOf) {
      const tcp = createTcpServer((socket) => {
        socket.on('error', () => undefined)
        socket.once('data', (frame) => {
          requests += 1
          socket.end(betrayal(connector, frame, [...personal, everything]))
        })
      }).listen(0, '127.0.0.1')
      await once(tcp, 'listening')
      place = { ...call, endpoint: `tcp://127.0.0.1:${portOf(tcp.address())}` }
      close = () => void tcp.close()
      return
    }
    const server = createServer((request, response) => {
      requests += 1
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const members = Object.fromEntries(connector.personal.map((name) => [name, personal.join(' ')]))
        const body = Buffer.concat(chunks).toString('utf8')
        const sent: unknown = body === '' ? null : JSON.parse(body)
        const echoed = { headers: request.headers, sent, everything, members }
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(echoed))
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    place = { ...call, endpoint: `http://127.0.0.1:${portOf(server.address())}` }
    close = () => void server.close()
  })
  afterAll(() => close())

  it.each(trials)('$name: no secret and nothing personal, though the answer repeats them all', async (one) => {
    requests = 0
    const heard = await one.exchanges(connector, place)
    if (connector.mode !== 'module') expect(requests).toBe(heard.length)
    for (const { outcome, transcript } of heard) {
      expect(transcript.reply).not.toBeNull()
      const kept = JSON.stringify({ outcome, transcript })
      expect(kept).not.toMatch(secretsIn(connector, call))
      // A question may hold it in its address; of such, nothing is ever kept.
      if (transcript.request['method'] !== 'GET') expect(personal.filter((word) => kept.includes(word))).toEqual([])
      // What a database takes as text: no NUL, no half of a character.
      expect(kept).not.toMatch(/\\u0000|\\ud[89ab][0-9a-f]{2}/)
    }
  })
  it.each(trials)('$name: nothing personal of any record that was ever heard', ({ recordings: heard }) => {
    const scrub = scrubber(connector, call.credentials)
    for (const { reply } of heard) {
      if (reply.via !== 'tcp' || !connector.layoutOf?.(reply.bytes)) continue
      const bytes = betrayal(connector, reply.bytes, personal)
      const kept = JSON.stringify(describeReply({ via: 'tcp', bytes }, scrub))
      expect(personal.filter((word) => kept.includes(word))).toEqual([])
      expect(kept).toContain('"frame"')
    }
  })
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** The record that it was sent, with something of somebody in every field that may hold it. */
function betrayal(connector: Connector, frame: Uint8Array, words: readonly string[]): Uint8Array {
  const table = connector.layoutOf?.(frame) ?? expect.fail('not a record')
  const told = words.map((word) => encodeCp949(word) ?? expect.fail(word))
  const parts = splitRecord(table, frame).map(([name, part], index) => {
    const word = told[index % told.length] ?? part
    const padded = Buffer.concat([word, Buffer.alloc(part.length, ' ')]).subarray(0, part.length)
    return connector.personal.includes(name) ? padded : part
  })
  return Buffer.concat(parts)
}

const disguises = (value: string): string[] => [
  encodeURIComponent(value),
  Buffer.from(value).toString('base64'),
  value.replace(/\s*\n\s*/g, ''),
]

/** Any secret in any form in which it may be met. Of a long one, any of its lines. */
function secretsIn({ credentials }: Connector, call: Call): RegExp {
  const values = credentials.filter(({ secret }) => secret).flatMap(({ name }) => call.credentials[name] ?? [])
  const forms = values.flatMap((value) => [value, ...disguises(value), ...value.split('\n').filter(isTelling)])
  const escaped = forms.filter((form) => form !== '').map((form) => form.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
  return new RegExp(escaped.length > 0 ? escaped.join('|') : '(?!)')
}
const isTelling = (line: string) => line.length >= 40 && !line.startsWith('-----')

/** Where a message goes, without what it says. */
function targetOf(wire: Wire): readonly (string | number)[] {
  switch (wire.via) {
    case 'http':
      return [wire.method, wire.url]
    case 'tcp':
      return [wire.host, wire.port]
    case 'cli':
      return [wire.program, wire.args.length]
  }
}

function readable(wire: Wire): string {
  if (wire.via === 'http') return JSON.stringify(wire)
  if (wire.via === 'tcp') return `${wire.host}:${wire.port}\n${Buffer.from(wire.frame, 'base64').toString('latin1')}`
  const args = wire.args.map((one) => Buffer.from(one, 'base64'))
  return [wire.program, ...args.map((one) => decodeCp949(one) ?? one.toString('latin1'))].join('\n')
}
