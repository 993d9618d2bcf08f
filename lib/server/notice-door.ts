// Not `server-only`: instrumentation.ts loads it before any page.
import { subscribe } from 'node:diagnostics_channel'
import { IncomingMessage, ServerResponse } from 'node:http'

/** What stands behind the `?` of a notice's address as it came over the wire. */
export const RAW_QUERY = 'x-jeonpyo-raw-query'
/** Every answer to a notice has this many bytes. */
export const NOTICE_ANSWER_BYTES = 9

const NOTICE = /^\/gateways\/ksnet\/[\da-f-]{36}\/notice\/[\w-]{1,100}(?:\?(.*))?$/s

/**
 * Next decodes a query as UTF-8, in which EUC-KR does not survive, and sends what a route answers in pieces without a length. KSNET
 * escapes EUC-KR in the query and looks for a length: so the query is kept as it came, and the length is said beforehand. Where
 * something else than the route answers (a redirect, an error), that length is wrong: the line ends with each answer, so that no
 * proxy takes the next visitor's for the rest of it.
 */
export function keepNotices(): void {
  subscribe('http.server.request.start', (message) => {
    if (typeof message !== 'object' || message === null || !('request' in message && 'response' in message)) return
    const { request, response } = message
    if (!(request instanceof IncomingMessage && response instanceof ServerResponse)) return
    if (request.method !== 'GET' && request.method !== 'POST') return
    const [path, query = ''] = NOTICE.exec(request.url ?? '') ?? []
    if (path === undefined) return
    request.headers[RAW_QUERY] = query
    response.setHeader('Content-Length', NOTICE_ANSWER_BYTES)
    response.shouldKeepAlive = false
  })
}
