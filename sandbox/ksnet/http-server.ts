import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { SandboxClock } from '../clock.ts'
import { readBody, sendText } from '../http.ts'
import { report } from '../report.ts'
import type { Desk, Line } from './desk.ts'
import { readForm } from './form.ts'
import { recvPost } from './recv-post.ts'
import { isRest, restWork } from './rest.ts'
import { findSlip } from './slip.ts'
import type { KsnetState } from './state.ts'
import { openWindow, page } from './window-page.ts'

/** Of every generation of the pages (ksnet.md 1.2). */
const STORE = /^\/store\/(KSPayWebV1\.4|KSPayMobileV1\.4|mb2|KSPayFlashV1\.3)\/(.+)$/
const HTML = 'text/html; charset=utf-8'
const BAD_GATEWAY = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>'

interface Ask {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly path: string
  readonly query: string
  readonly text: string
}

/** Everything KSNET has on the web: the window, the approval behind it, REST, and slips. */
export function httpServer(state: KsnetState, clock: SandboxClock, desk: Desk): Server {
  return createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!request.destroyed) report(error)
      response.destroy()
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', query = ''] = (request.url ?? '/').split(/\?(.*)/s)
    const ask: Ask = { request, response, path, query, text: await readBody(request) }
    const place = STORE.exec(path)?.[2]
    if (place === 'web_host/recv_post.jsp') return approve(ask)
    if (place === 'KSPayPWeb.jsp' || place === 'KSPayPWeb_utf8.jsp') return show(ask)
    if (isRest(path) && request.method === 'POST') return rest(ask)
    const slip = findSlip(state, path, readForm(query, 'utf-8'))
    return sendText(response, slip === null ? 404 : 200, HTML, slip ?? page('404', ''))
  }

  /** By GET and by POST. */
  async function approve(ask: Ask): Promise<void> {
    const form = readForm(`${ask.query}&${ask.text.trim()}`, 'euc-kr')
    await desk.serve(lineOf(ask, 'text/html; charset=euc-kr'), recvPost(form, state, clock.now()))
  }

  function show({ response, path, query, text }: Ask): void {
    const isUtf8 = path.endsWith('_utf8.jsp') || /sndCharSet=utf-8/i.test(`${query}&${text}`)
    const { html, events } = openWindow(readForm(`${query}&${text}`, isUtf8 ? 'utf-8' : 'euc-kr'), clock.now())
    state.record(...events)
    sendText(response, 200, HTML, html)
  }

  async function rest(ask: Ask): Promise<void> {
    const line = lineOf(ask, 'application/json; charset=utf-8')
    const { authorization = '' } = ask.request.headers
    const work = restWork({ path: ask.path, authorization, text: ask.text }, state, clock.now())
    if ('run' in work) return desk.serve(line, work)
    desk.unreadable(ask.path, work.code, 200)
    line.reply(work.answer)
  }
}

function lineOf({ request, response }: Ask, contentType: string): Line {
  const send = (bytes: Buffer, whole = bytes.length) => {
    response.writeHead(200, { 'content-type': contentType, 'content-length': whole })
    return response.end(bytes)
  }
  return {
    reply: (answer) => void send(answer),
    cut: (answer) => {
      response.writeHead(200, { 'content-type': contentType, 'content-length': answer.length })
      response.write(answer.subarray(0, answer.length >> 1), () => response.destroy())
    },
    badGateway: () => sendText(response, 502, 'text/html', BAD_GATEWAY),
    empty: () => void send(Buffer.alloc(0)),
    reset: () => void request.socket.resetAndDestroy(),
  }
}
