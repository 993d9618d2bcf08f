import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { SandboxClock } from '../clock.ts'
import type { Call } from './call.ts'
import { KcpError } from './codes.ts'
import { bodyOf, type Desk, type Wire } from './desk.ts'
import { findSite, type Site } from './merchant.ts'
import { operationByModule } from './operations.ts'
import type { KcpState } from './state.ts'
import { readPlan, writeAnswer } from './wire.ts'

/** Any type but `enc/html` is handed to stdout as it is (kcp.md 2.6). */
const wire: Wire = {
  contentType: 'text/html; charset=euc-kr',
  headers: { connection: 'close' },
  write: writeAnswer,
}

/** The plain HTTP under KCP's program: `POST /<tx_cd>`, the merchant in the headers. */
export function moduleServer(state: KcpState, clock: SandboxClock, desk: Desk): Server {
  return createServer((request, response) => {
    tellPatience(request, state)
    void desk.serve({ request, response, wire }, async () => {
      const call = await readCall(request, state, clock)
      return { call, operation: operationByModule(call) }
    })
  })
}

async function readCall(request: IncomingMessage, state: KcpState, clock: SandboxClock): Promise<Call> {
  const body = await bodyOf(request)
  const site = siteOf(request)
  // What KCP's own clients send is encrypted for KCP, whole; the stand-in program marks what it leaves readable.
  if (header(request, 'sandbox-stand-in') === '') throw new KcpError('SBX1')
  const sets = readPlan(/(?:^|&)plan_data=([^&]*)/.exec(body)?.[1] ?? '')
  return {
    state,
    now: clock.now(),
    way: 'module',
    site,
    txCd: (request.url ?? '').slice(1),
    fields: sets.mod,
    payx: sets.payx,
    orderIdxx: sets.ordr['ordr_idxx'] ?? header(request, 'sandbox-ordr-idxx'),
  }
}

function siteOf(request: IncomingMessage): Site {
  const siteCd = header(request, 'site_cd')
  if (siteCd === '') throw new KcpError('9002')
  const site = findSite(siteCd)
  if (!site) throw new KcpError('9200')
  if (header(request, 'site_key') !== site.siteKey) throw new KcpError('8002')
  return site
}

const header = (request: IncomingMessage, name: string): string => {
  const value = request.headers[name] ?? ''
  return Array.isArray(value) ? value.join(', ') : value
}

/** How long the stand-in waits for the answer is a setting of the sandbox, which it hears of by an interim answer. */
function tellPatience(request: IncomingMessage, { settings }: KcpState): void {
  if (header(request, 'sandbox-stand-in') === '') return
  request.socket.write(`HTTP/1.1 103 Early Hints\r\nsandbox-receive-ms: ${settings.moduleReceiveMs}\r\n\r\n`)
}
