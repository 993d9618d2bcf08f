import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import {
  createServer as createHttp,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { encodeCp949 } from '#lib/gateways/wire/cp949.ts'
import { listen, readBody, stop } from '../http.ts'
import { modulePath } from './kcp.ts'
import { common, parseAnswer, runBytes, runProgram, setOf, textOf, US, useKcp } from './kcp-under-test.ts'

/** The program against peers of the test's own: what it sends, and what it makes of what comes back (kcp.md section 2). */

const kcp = useKcp()
const folder = mkdtempSync(join(tmpdir(), 'jeonpyo-pp-cli-'))
let answer: RequestListener = (_, response) => response.end()
let peer: Server
let port = 0
const seen: { url: string; headers: IncomingHttpHeaders; body: string }[] = []

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  seen.push({ url: request.url ?? '', headers: request.headers, body: await readBody(request) })
  answer(request, response)
}

beforeAll(async () => {
  peer = createHttp((request, response) => {
    void take(request, response)
  })
  port = await listen(peer, 0)
})
afterEach(() => (seen.length = 0))
afterAll(async () => {
  await stop(peer)
  rmSync(folder, { recursive: true })
})

const eucKr = (text: string): Buffer => encodeCp949(text) ?? Buffer.alloc(0)
const answering = (body: Buffer | string, headers: Record<string, string> = {}, status = 200): void => {
  answer = (_, response) => {
    response
      .writeHead(status, { 'content-type': 'text/html; charset=euc-kr', connection: 'close', ...headers })
      .end(body)
  }
}
const data = (more: Record<string, string> = {}): string =>
  Object.entries({
    home: '/nowhere',
    site_cd: 'J1001',
    site_key: 'key',
    tx_cd: '00200000',
    pa_url: '127.0.0.1',
    pa_port: String(port),
    ...more,
  })
    .map(([key, value]) => `${key}=${value}`)
    .join(',')

test('it is a program, and called wrongly it says S102 on stdout, the rest on stderr, and ends with 105', async () => {
  expect(statSync(modulePath).mode & 0o111).toBe(0o111)
  for (const args of [['-h'], ['-v'], ['-v', data()]]) {
    const { stdout, stderr, exit } = await runProgram(...args)
    expect(textOf(stdout)).toBe(`res_cd=S102${US}res_msg=연동 모듈 호출 오류\n`)
    expect(stderr).toContain('ver 2.14')
    expect(exit).toBe(105)
  }
  expect(await runProgram('-h')).toMatchObject({ stderr: expect.stringContaining('option requires an argument') })
})

test('nothing at all is 160 and silence; an empty or senseless text an empty line', async () => {
  expect(await runProgram()).toEqual({ stdout: Buffer.alloc(0), stderr: '', exit: 160 })
  for (const text of ['', 'junk']) {
    expect(await runProgram('-h', text)).toEqual({ stdout: Buffer.from('\n'), stderr: '', exit: 0 })
  }
})

test('what it sends: the merchant in the headers, the sets readable, FS after each', async () => {
  answering('res_cd=0000')
  await runBytes(data({ payx_data: `payx_data=acnt=owner_nm=홍길동${US}\x1e`, modx_data: `mod_data=a=1=2${US}` }))
  const [sent] = seen
  expect(sent).toMatchObject({
    url: '/00200000',
    headers: {
      site_cd: 'J1001',
      site_key: 'key',
      'content-type': 'application/x-pay_form-urlencoded',
      'user-agent': 'pp_cli_214_exec',
      trace_no: expect.stringMatching(/^J1001.{11}$/),
    },
  })
  expect(sent?.body).toContain('%C8%AB%B1%E6%B5%BF')
  expect(sent?.body).toContain('mod_data%3Da%3D1%3D2%1F%1C')
})

test('any order, unknown keys, and a comma that cuts the rest of its set', async () => {
  answering('res_cd=0000')
  const cut = `ordr_data=good=a,b${US}tail=1${US}`
  const turned = data({ nonsense: '1', ordr_data: cut }).split(',').toReversed().join(',')
  for (const text of [data({ nonsense: '1', ordr_data: cut }), turned]) await runBytes(text)
  for (const { body } of seen) expect(body).toBe('plan_data=ordr_data%3Dgood%3Da%1C&enc_data=')
})

test('opt: EUC-KR as it came, or UTF-8; what was UTF-8 before is turned into rubbish', async () => {
  answering(eucKr(`res_cd=0000${US}res_msg=정상처리${US}`))
  expect((await runProgram('-h', data())).stdout).toEqual(eucKr(`res_cd=0000${US}res_msg=정상처리\n`))
  expect((await runProgram('-h', data({ opt: '1' }))).stdout.toString()).toBe(`res_cd=0000${US}res_msg=정상처리\n`)
  answering('res_msg=정상처리')
  expect((await runProgram('-h', data({ opt: '0' }))).stdout.toString()).toBe('res_msg=정상처리\n')
  expect((await runProgram('-h', data({ opt: '1' }))).stdout.toString()).not.toContain('정상처리')
})

test('8191 bytes and no more; new lines go through; the status does not matter', async () => {
  answering('x'.repeat(9000))
  expect((await runProgram('-h', data())).stdout.toString()).toBe(`${'x'.repeat(8191)}\n`)
  answering('res_cd=0000\nsecond', {}, 500)
  expect(await runProgram('-h', data())).toMatchObject({ stdout: Buffer.from('res_cd=0000\nsecond\n'), exit: 0 })
  answering('')
  expect(await runProgram('-h', data())).toMatchObject({ stdout: Buffer.from('\n'), exit: 0 })
})

test('in pieces or by the end of the connection: both are whole answers', async () => {
  answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.write('res_cd=')
    response.end('0000')
  }
  expect((await runProgram('-h', data())).stdout.toString()).toBe('res_cd=0000\n')
  answer = (request) => request.socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nres_cd=0001')
  expect((await runProgram('-h', data())).stdout.toString()).toBe('res_cd=0001\n')
})

const failed = async (text = data()) => {
  const { stdout, exit } = await runProgram('-h', text)
  return [parseAnswer(stdout)['res_cd'], exit]
}

test('what goes wrong on the way, and how the program ends then', async () => {
  expect(await failed(data({ pa_port: '1' }))).toEqual(['S202', 116])
  answer = (request) =>
    request.socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99\r\n\r\nres_cd=0000')
  expect(await failed()).toEqual(['S204', 72])
  answer = (request) => request.socket.destroy()
  expect(await failed()).toEqual(['S204', 72])
  answering('res_cd=0000', { 'content-type': 'enc/html' })
  expect(await failed()).toEqual(['6003', 117])
  expect(await failed(data({ enc_data: 'x' }))).toEqual(['9601', 123])
})

test('a peer that closes at once is S203', async () => {
  const closing = createTcp((socket) => socket.resetAndDestroy())
  await new Promise<void>((resolve) => closing.listen(0, '127.0.0.1', resolve))
  const address = closing.address()
  const own = String(typeof address === 'object' ? address?.port : '')
  expect(await failed(data({ pa_port: own }))).toEqual(['S203', 68])
  closing.close()
})

test('silence is S204 once its patience ends, and what was done is done', async () => {
  const { tno } = await kcp.pay()
  await kcp.settings({ moduleReceiveMs: 300 })
  await kcp.fault('slow')
  const set = setOf('mod_data', { tno, mod_type: 'STSC', mod_ip: '127.0.0.1', mod_desc: 'x' })
  expect(await failed(kcp.data('00200000', { modx_data: set }))).toEqual(['S204', 70])
  expect(await kcp.journal(tno)).toEqual({ executed: 1, asked: 1 })
})

test('what KCP’s own clients send cannot be read, is said so, and is in the journal', async () => {
  const { tno } = await kcp.pay()
  const headers = { site_cd: 'J1001', site_key: 'sandbox-key-of-J1001__', trace_no: 'J100112345678901' }
  const response = await fetch(`http://127.0.0.1:${kcp.modulePort}/00200000`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-pay_form-urlencoded', 'user-agent': 'pp_cli_214_exec' },
    body: 'enc_data=AAAA',
  })
  expect(response.headers.get('content-type')).toBe('text/html; charset=euc-kr')
  expect(response.headers.get('connection')).toBe('close')
  expect(parseAnswer(Buffer.from(await response.arrayBuffer()))).toMatchObject({ res_cd: 'SBX1' })
  expect(await kcp.sandbox.journal()).toMatchObject([{ operation: 'unreadable', effect: 'none', code: 'SBX1' }])
  expect(await kcp.show(tno)).toMatchObject({ left: 10_000 })
})

function logged(): string {
  const [month] = readdirSync(folder)
  const [day] = readdirSync(join(folder, month ?? ''))
  return textOf(readFileSync(join(folder, month ?? '', day ?? '')))
}

test('its log has the site, the order, every step and the answer, but neither key nor data', async () => {
  const { tno } = await kcp.pay()
  const set = setOf('mod_data', { ...common, tno, mod_type: 'STSC' })
  const text = (level: string) =>
    kcp.data('00200000', { ordr_idxx: 'order-7', modx_data: set, log_path: folder, log_level: level, opt: '0' })
  await runBytes(text('3'))
  const log = logged()
  expect(log).toMatch(
    /^\d{4}-\d{6}\.\d{3} - \d+ - J1001.{11} - MSG : TX_START - site_cd=\[J1001\]\+tx_cd=\[00200000\]\+ordr_idxx=\[order-7\]\+log_level=\[3\]\+opt=\[0\]\n/,
  )
  for (const step of ['CONN', 'REQ_MSG_SEND', 'RES_MSG_RECV']) expect(log).toContain(`PG_SERVER_${step}__SUCC`)
  expect(log).toContain(`TX_ENDED - res=[res_cd=0000${US}res_msg=정상처리`)
  expect(log).not.toContain('sandbox-key-of')
  expect(log).not.toContain('단순 변심')
  rmSync(folder, { recursive: true })
  mkdirSync(folder)
  await runBytes(text('1'))
  expect(logged().split('\n')).toHaveLength(3)
})

test('without log_path the log is in home/log, and /dev/stdout means stderr', async () => {
  const home = join(folder, 'home')
  mkdirSync(join(home, 'log'), { recursive: true })
  await runProgram('-h', data({ home, pa_port: '1' }))
  expect(readdirSync(join(home, 'log'))).toHaveLength(1)
  const { stderr } = await runProgram('-h', data({ pa_port: '1', log_path: '/dev/stdout' }))
  expect(stderr).toContain('ERR : PG_SERVER_CONN__FAIL - CONN_INFO=[127.0.0.1:1]')
})
