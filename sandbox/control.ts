import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { z } from 'zod'
import { DAY_MS, toIso } from '#lib/domain/kst.ts'
import { realNow, type SandboxClock } from './clock.ts'
import { ControlError, readInput } from './control-error.ts'
import { defaultDelayMs, faultKinds } from './faults.ts'
import type { Gateway } from './gateway.ts'
import { BodyTooLarge, readBody, sendJson } from './http.ts'
import { isoInstant } from './iso-instant.ts'
import { parseJson, type Json } from './json.ts'
import { noticeModes } from './notice-mode.ts'
import { report } from './report.ts'

type Handler = (input: unknown, query: URLSearchParams) => Json

/** The switches of the sandbox, for tests and for the demo. What it cannot read or do is 400 with one sentence. */
export class Control {
  readonly http: Server
  readonly #clock: SandboxClock
  readonly #gateways: readonly [Gateway, ...Gateway[]]

  constructor(clock: SandboxClock, gateways: readonly [Gateway, ...Gateway[]]) {
    this.#clock = clock
    this.#gateways = gateways
    this.http = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        report(error)
        response.destroy()
      })
    })
  }

  readonly #routes: Readonly<Record<string, Handler>> = {
    'GET /health': () => ({ ok: true, gateways: this.#gateways.map((gateway) => gateway.name) }),
    'POST /reset': () => this.#reset(),
    'GET /clock': () => this.#showClock(),
    'POST /clock': (input) => this.#setClock(input),
    'POST /payments': (input) => this.#createPayment(input),
    'POST /outside-cancel': (input) => this.#ofPayment(input).outsideCancel(input),
    'GET /notices': (_, query) => this.#notices(query),
    'POST /notices': (input) => this.#setNoticeMode(input),
    'POST /notices/send': (input) => this.#ofPayment(input).sendNoticeAgain(readInput(named, input).payment),
    'GET /faults': () => this.#faults(),
    'POST /faults': (input) => this.#addFault(input),
    'DELETE /faults': () => this.#clearFaults(),
    'GET /journal': (_, query) => this.#journal(query),
    'GET /settings': (_, query) => this.#asked(query).settings(),
    'POST /settings': (input) => this.#forGateway(input, (gateway, rest) => gateway.changeSettings(rest)),
    'GET /webhook-target': (_, query) => this.#asked(query).webhookTargets(),
    'POST /webhook-target': (input) => this.#setWebhookTarget(input),
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const text = await readBody(request)
      sendJson(response, 200, this.#answer(request.method ?? '', request.url ?? '/', text))
    } catch (error) {
      if (!(error instanceof ControlError || error instanceof BodyTooLarge)) throw error
      sendJson(response, 400, { error: error.message })
    }
  }

  #answer(method: string, url: string, text: string): Json {
    const [path = '', queryText = ''] = url.split(/\?(.*)/s)
    const input = text === '' ? {} : parseJson(text)
    if (input === undefined) throw new ControlError('the body is not JSON')
    const handler = this.#routes[`${method} ${path}`]
    if (handler) return handler(input, new URLSearchParams(queryText))
    const [, root, payment, change, ...more] = path.split('/')
    if (root !== 'payments' || !payment || more.length > 0) throw new ControlError(`no ${method} ${path} here`)
    return this.#onePayment(method, decode(payment), change, input)
  }

  #onePayment(method: string, payment: string, change: string | undefined, input: unknown): Json {
    const gateway = this.#owner(payment)
    if (method === 'GET' && change === undefined) return gateway.showPayment(payment)
    const carryOut = method === 'POST' && change !== undefined ? gateway.changes[change] : undefined
    if (!carryOut)
      throw new ControlError(`${method} ${change ?? 'on a payment'}: one of ${Object.keys(gateway.changes).join(', ')}`)
    return carryOut(payment, input)
  }

  #createPayment(input: unknown): Json {
    return this.#named(readInput(z.object({ gateway: z.string() }), input).gateway).createPayment(input)
  }

  #reset(): Json {
    for (const gateway of this.#gateways) gateway.reset()
    this.#clock.set({ now: null })
    return { ok: true }
  }

  #showClock(): Json {
    const { moved, ticking } = this.#clock
    return { now: toIso(this.#clock.now()), real: toIso(realNow()), moved, ticking }
  }

  #setClock(input: unknown): Json {
    const { now, ticking } = readInput(clockInput, input)
    this.#clock.set({ ...(now === undefined ? {} : { now }), ...(ticking === undefined ? {} : { ticking }) })
    return this.#showClock()
  }

  #notices(query: URLSearchParams): Json {
    const { payment } = readInput(z.strictObject({ payment: z.string().optional() }), Object.fromEntries(query))
    const all = this.#gateways.flatMap((gateway) => gateway.notices())
    return all.filter((notice) => payment === undefined || notice['payment'] === payment)
  }

  #setNoticeMode(input: unknown): Json {
    const { payment, mode } = readInput(z.strictObject({ payment: z.string(), mode: z.enum(noticeModes) }), input)
    const concerned = payment === '*' ? this.#gateways : [this.#owner(payment)]
    for (const gateway of concerned) gateway.setNoticeMode(payment, mode)
    return { payment, mode }
  }

  #faults(): Json {
    return this.#gateways.flatMap((gateway) => gateway.faults())
  }

  #addFault(input: unknown): Json {
    const { ms, ...fault } = readInput(faultInput, input)
    const gateway = this.#named(fault.gateway)
    if (fault.operation !== '*' && !gateway.operations.includes(fault.operation)) {
      throw new ControlError(`operation: one of *, ${gateway.operations.join(', ')}`)
    }
    if (!gateway.faultKinds.includes(fault.fault)) {
      throw new ControlError(`fault: one of ${gateway.faultKinds.join(', ')}`)
    }
    if (fault.fault.startsWith('async') && fault.operation !== 'cancel') {
      throw new ControlError(`operation: ${fault.fault} is for cancel only`)
    }
    gateway.setFaults([...gateway.faults(), { ...fault, ms: ms ?? defaultDelayMs(fault.fault) }])
    return this.#faults()
  }

  #clearFaults(): Json {
    for (const gateway of this.#gateways) gateway.setFaults([])
    return []
  }

  #journal(query: URLSearchParams): Json {
    const { gateway, payment } = readInput(journalQuery, Object.fromEntries(query))
    const concerned = gateway === undefined ? this.#gateways : [this.#named(gateway)]
    return concerned
      .flatMap((one) => one.journal())
      .filter((entry) => payment === undefined || entry.payment === payment)
      .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  }

  #setWebhookTarget(input: unknown): Json {
    return this.#forGateway(input, (gateway, rest) => {
      gateway.setWebhookTarget(rest)
      return gateway.webhookTargets()
    })
  }

  /** The input says which gateway it is for, or means the first. */
  #forGateway(input: unknown, use: (gateway: Gateway, rest: JsonInput) => Json): Json {
    const { gateway, ...rest } = readInput(forGateway, input)
    return use(this.#named(gateway), rest)
  }

  #asked(query: URLSearchParams): Gateway {
    return this.#named(readInput(gatewayQuery, Object.fromEntries(query)).gateway)
  }

  #named(name: string | undefined): Gateway {
    const gateway = this.#gateways.find((one) => one.name === (name ?? this.#gateways[0].name))
    if (!gateway) throw new ControlError(`gateway: one of ${this.#gateways.map((one) => one.name).join(', ')}`)
    return gateway
  }

  #ofPayment(input: unknown): Gateway {
    return this.#owner(readInput(z.object({ payment: z.string() }), input).payment)
  }

  #owner(payment: string): Gateway {
    const gateway = this.#gateways.find((one) => one.hasPayment(payment))
    if (!gateway) throw new ControlError(`payment: no payment ${payment}`)
    return gateway
  }
}

type JsonInput = z.infer<typeof forGateway>

const named = z.strictObject({ payment: z.string() })
const gatewayQuery = z.strictObject({ gateway: z.string().optional() })
const journalQuery = z.strictObject({ gateway: z.string().optional(), payment: z.string().optional() })
const forGateway = z.looseObject({ gateway: z.string().optional() })
const clockInput = z
  .strictObject({ now: isoInstant.nullable().optional(), ticking: z.boolean().optional() })
  .refine((input) => input.now !== undefined || input.ticking !== undefined, 'now or ticking is missing')
const faultInput = z.strictObject({
  gateway: z.string(),
  operation: z.string(),
  fault: z.enum(faultKinds),
  times: z.number().int().positive().default(1),
  ms: z.number().int().nonnegative().max(DAY_MS).optional(),
})

function decode(piece: string): string {
  try {
    return decodeURIComponent(piece)
  } catch {
    throw new ControlError(`${piece} is not percent-encoded text`)
  }
}
