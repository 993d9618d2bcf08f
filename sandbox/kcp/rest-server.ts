import { verify, X509Certificate } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { z } from 'zod'
import type { SandboxClock } from '../clock.ts'
import { parseJson } from '../json.ts'
import type { Call, Operation } from './call.ts'
import { KcpError } from './codes.ts'
import { bodyOf, type Desk, type Wire } from './desk.ts'
import { findSite, type Site } from './merchant.ts'
import { inquire } from './operations/inquire.ts'
import { operationByRest } from './operations.ts'
import type { KcpState } from './state.ts'
import type { Fields } from './wire.ts'

const wire: Wire = {
  contentType: 'application/json; charset=UTF-8',
  write: (answer) => Buffer.from(JSON.stringify(answer), 'utf8'),
}

interface Endpoint {
  /** What has to be there (else M112). */
  readonly required: readonly string[]
  /** The third part of the text that is signed, after site_cd and tno. */
  signed(fields: Fields, state: KcpState): string
  operation(call: Call): Operation
}

/** kcp.md 5.4, 5.5. */
const endpoints: Readonly<Record<string, Endpoint>> = {
  '/gw/mod/v1/cancel': {
    required: ['tno', 'mod_type'],
    signed: (fields) => fields['mod_type'] ?? '',
    operation: operationByRest,
  },
  '/std/inquery': {
    required: ['tno', 'pay_type'],
    signed: (fields, { settings }) => fields[settings.inquirySigns] ?? '',
    operation: () => inquire,
  },
}

/** KCP's REST interface: JSON, a certificate on one line, a signature over `site_cd^tno^…`. */
export function restServer(state: KcpState, clock: SandboxClock, desk: Desk): Server {
  return createServer((request, response) => {
    void desk.serve({ request, response, wire }, async () => {
      const path = (request.url ?? '').split('?')[0] ?? ''
      const endpoint = request.method === 'POST' ? endpoints[path] : undefined
      if (!endpoint) throw new KcpError('SBX2', `샌드박스: ${request.method} ${path} 없음`)
      const fields = fieldsOf(await bodyOf(request))
      const site = provenSite(fields, endpoint, state)
      const common = { state, now: clock.now(), way: 'rest', site, txCd: '', payx: {}, orderIdxx: '' } as const
      const call: Call = { ...common, fields }
      return { call, operation: endpoint.operation(call) }
    })
  })
}

const bodySchema = z.record(z.string(), z.union([z.string(), z.number().int().transform(String)]))

/** Numbers are taken as numbers and as strings. */
function fieldsOf(text: string): Fields {
  const body = bodySchema.safeParse(parseJson(text))
  if (!body.success) throw new KcpError('8009', 'JSON 형식 오류')
  return body.data
}

function provenSite(fields: Fields, endpoint: Endpoint, state: KcpState): Site {
  const missing = ['site_cd', 'kcp_cert_info', 'kcp_sign_data', ...endpoint.required].find((name) => !fields[name])
  if (missing !== undefined) throw new KcpError('M112', `${missing}: 누락`)
  const site = findSite(fields['site_cd'] ?? '')
  if (!site) throw new KcpError('9200')
  if (fields['kcp_cert_info'] !== oneLine(site.certificate)) throw new KcpError('S034', '인증서 불일치')
  const text = `${site.siteCd}^${fields['tno']}^${endpoint.signed(fields, state)}`
  const signature = Buffer.from(fields['kcp_sign_data'] ?? '', 'base64')
  const { publicKey } = new X509Certificate(site.certificate)
  if (!verify('RSA-SHA256', Buffer.from(text, 'utf8'), publicKey, signature)) throw new KcpError('S034')
  return site
}

const oneLine = (pem: string): string => pem.replaceAll(/\r?\n/g, '')
