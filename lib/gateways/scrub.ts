import { hideCardNumbers } from '#lib/domain/mask.ts'
import type { Connector, Credentials, Reply, Wire } from './connector.ts'

const TEXT_MAX = 16_000

/** What may be kept of an exchange: no secret, no card number, none of the members that hold personal data. */
export function scrubber(connector: Connector, credentials: Credentials): (text: string) => string {
  const secrets = connector.credentials
    .filter((field) => field.secret)
    .flatMap((field) => credentials[field.name] ?? [])
    .filter((value) => value !== '')
    .flatMap((value) => [value, encodeURIComponent(value), Buffer.from(value).toString('base64')])
  const personal = new Set(connector.personal)
  return (text) => {
    const bare = secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), scrubJson(text, personal))
    return hideCardNumbers(bare).slice(0, TEXT_MAX)
  }
}

function scrubJson(text: string, personal: ReadonlySet<string>): string {
  try {
    return JSON.stringify(JSON.parse(text), (key, value: unknown) =>
      personal.has(key) && (typeof value === 'string' || typeof value === 'number') ? '[personal]' : value,
    )
  } catch {
    // Not JSON: the text as it is, less secrets and card numbers.
    return text
  }
}

export function describeWire(wire: Wire, scrub: (text: string) => string): Record<string, string> {
  switch (wire.via) {
    case 'http':
      return {
        via: 'http',
        method: wire.method,
        url: scrub(wire.url),
        body: wire.body === null ? '' : scrub(wire.body),
        ...headersOf(wire.headers, scrub),
      }
    case 'tcp':
      return { via: 'tcp', to: `${wire.host}:${wire.port}`, bytes: String(wire.frame.length) }
    case 'cli':
      return { via: 'cli', program: wire.program, arguments: String(wire.args.length) }
  }
}

const headersOf = (headers: Readonly<Record<string, string>>, scrub: (text: string) => string) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [`header ${name}`, scrub(value)]))

export function describeReply(reply: Reply, scrub: (text: string) => string): Record<string, string> {
  switch (reply.via) {
    case 'http':
      return { status: String(reply.status), contentType: reply.contentType, body: scrub(reply.body) }
    case 'tcp':
      return { bytes: String(reply.bytes.length) }
    case 'cli':
      return { exitCode: String(reply.exitCode), bytes: String(reply.stdout.length) }
  }
}
