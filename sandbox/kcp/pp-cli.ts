// What KCP's Linux program (2.14) was measured to do (kcp.md section 2), but for the encryption: this one sends its data readable.
// Texts are strings of bytes (latin1) throughout, since the program changes none.
import { appendFileSync, existsSync, mkdirSync } from 'node:fs'
import { request, type ClientRequest, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fromDate } from '#lib/domain/kst.ts'
import { stamp } from './stamp.ts'

type Argument = ReadonlyMap<string, string>
/** What goes to standard output, in EUC-KR unless KCP answered otherwise, and how the program ends. */
interface Result {
  readonly output: Buffer
  readonly exit: number
}

const US = '\x1f'
const FS = '\x1c'
const OUTPUT_BYTES = 8191
const RECEIVE_MS = 60_000
const sets = ['payx_data', 'ordr_data', 'rcvr_data', 'escw_data', 'modx_data']
const merchant = ['home', 'site_cd', 'site_key', 'tx_cd', 'pa_url', 'pa_port', 'ordr_idxx']
const rest = ['enc_data', 'enc_info', 'trace_no', 'cust_ip', 'log_path', 'log_level', 'opt']
const known = [...merchant, ...sets, ...rest]

/** EUC-KR of the messages the program makes by itself; S102's is known, the others are the sandbox's wording. */
const failures = {
  S102: { exit: 105, message: '연동 모듈 호출 오류' },
  S202: { exit: 116, message: 'PG 서버 접속 오류' },
  S203: { exit: 68, message: '요청 전송 오류' },
  S204: { exit: 72, message: '응답 수신 오류' },
  '6001': { exit: 117, message: '요청 생성 오류' },
  '6003': { exit: 117, message: '응답 복호화 오류' },
  '9601': { exit: 123, message: '결제정보 오류' },
} as const
type Failure = keyof typeof failures

/** What a failed exchange has come to, with the words the log has for it. */
class Failed extends Error {
  readonly code: Failure
  readonly exit: number

  constructor(code: Failure, message: string, exit: number = failures[code].exit) {
    super(message)
    this.code = code
    this.exit = exit
  }
}

const eucKr = new Map<string, Buffer>()
/** Node reads EUC-KR but does not write it, so the table is turned round. */
function toEucKr(text: string): Buffer {
  if (eucKr.size === 0) {
    const decoder = new TextDecoder('euc-kr')
    for (let lead = 0xb0; lead <= 0xc8; lead++)
      for (let trail = 0xa1; trail <= 0xfe; trail++) {
        const bytes = Buffer.from([lead, trail])
        eucKr.set(decoder.decode(bytes), bytes)
      }
  }
  return Buffer.concat([...text].map((sign) => eucKr.get(sign) ?? Buffer.from(sign, 'latin1')))
}

const own = (code: Failure, exit: number = failures[code].exit): Result => ({
  output: toEucKr(`res_cd=${code}${US}res_msg=${failures[code].message}`),
  exit,
})

async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? '0')
  const args = (await buffer(process.stdin)).toString('latin1').split('\0').slice(0, count)
  if (count === 0) process.exitCode = 160
  else if (args[0] !== '-h' || args[1] === undefined) tellUsage(args[0])
  else await runWith(readArgument(args[1]))
}

function tellUsage(option = ''): void {
  const what = option === '-h' ? 'option requires an argument' : 'invalid option'
  process.stderr.write(
    `pp_cli: ${what} -- ${option.slice(1)}\npp_cli ver 2.14 (sandbox stand-in)\nusage: pp_cli -h <data>\n`,
  )
  print(own('S102'), '0')
}

/** A comma ends the pair it stands in, wherever that is. Of what comes twice the last holds (not measured). */
function readArgument(text: string): Argument {
  const pairs = text.split(',').map((part) => [part.slice(0, part.indexOf('=')), part] as const)
  return new Map(
    pairs.flatMap(([name, part]) => (known.includes(name) ? [[name, part.slice(name.length + 1)] as const] : [])),
  )
}

async function runWith(argument: Argument): Promise<void> {
  const opt = argument.get('opt') ?? '0'
  if (argument.size === 0) {
    print({ output: Buffer.alloc(0), exit: 0 }, opt)
    return
  }
  const log = new Log(argument)
  log.start()
  const result = await resultOf(argument, log)
  const line = print(result, opt)
  log.end(line)
}

async function resultOf(argument: Argument, log: Log): Promise<Result> {
  try {
    if (argument.get('enc_data') && !argument.get('enc_info')) throw new Failed('9601', 'enc_info')
    return { output: stripped(await exchange(argument, log)), exit: 0 }
  } catch (error) {
    if (!(error instanceof Failed)) throw error
    log.failed(error)
    return own(error.code, error.exit)
  }
}

const stripped = (body: Buffer): Buffer => (body.at(-1) === US.charCodeAt(0) ? body.subarray(0, -1) : body)

/** `opt=1` turns EUC-KR into UTF-8, also what was UTF-8 before. Answers the line as it was printed. */
function print({ output, exit }: Result, opt: string): Buffer {
  const converted = opt === '1' ? Buffer.from(new TextDecoder('euc-kr').decode(output), 'utf8') : output
  const line = converted.subarray(0, OUTPUT_BYTES)
  process.stdout.write(Buffer.concat([line, Buffer.from('\n')]))
  process.exitCode = exit
  return line
}

async function exchange(argument: Argument, log: Log): Promise<Buffer> {
  const body = planOf(argument)
  const { sent, answered } = post(argument, body)
  sent.once('socket', (socket) => socket.once('connect', () => log.step('PG_SERVER_CONN__SUCC')))
  sent.once('finish', () => log.step('PG_SERVER_REQ_MSG_SEND__SUCC'))
  const answer = await answered
  log.step('PG_SERVER_RES_MSG_RECV__SUCC')
  return answer
}

/** All sets, FS after each, as percent-encoded bytes; the genuine program encrypts this. */
function planOf(argument: Argument): string {
  const plan = sets
    .map((name) => argument.get(name) ?? '')
    .filter((set) => set !== '')
    .map((set) => `${set}${FS}`)
    .join('')
  return `plan_data=${percent(plan)}&enc_data=${percent(argument.get('enc_data') ?? '')}`
}

const percent = (bytes: string): string =>
  // oxlint-disable-next-line no-control-regex
  bytes.replaceAll(/[^A-Za-z0-9_.-]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)

function post(argument: Argument, body: string): { sent: ClientRequest; answered: Promise<Buffer> } {
  const sent = open(argument, body)
  const answered = new Promise<Buffer>((resolve, reject) => {
    let timer = setTimeout(giveUp, RECEIVE_MS)
    function giveUp(): void {
      sent.destroy(new Failed('S204', 'timeout', 70))
    }
    // The sandbox may want it shorter.
    sent.on('information', ({ headers }) => {
      clearTimeout(timer)
      timer = setTimeout(giveUp, Number(headers['sandbox-receive-ms'] ?? RECEIVE_MS))
    })
    sent.once('response', (response) => {
      read(response).then(resolve, reject)
    })
    sent.once('error', (error) => reject(failureOf(error)))
    sent.once('close', () => clearTimeout(timer))
  })
  sent.end(body, 'latin1')
  return { sent, answered }
}

function open(argument: Argument, body: string): ClientRequest {
  const value = (name: string) => argument.get(name) ?? ''
  try {
    return request({
      host: value('pa_url'),
      port: Number(value('pa_port')),
      method: 'POST',
      path: `/${value('tx_cd')}`,
      agent: false,
      headers: {
        accept: '*/*',
        'content-type': 'application/x-pay_form-urlencoded',
        'content-length': body.length,
        'user-agent': 'pp_cli_214_exec',
        site_cd: value('site_cd'),
        trace_no: value('trace_no') || traceNo(value('site_cd'), value('cust_ip')),
        site_key: value('site_key'),
        enc_info: value('enc_info'),
        'sandbox-stand-in': 'pp_cli',
        'sandbox-ordr-idxx': value('ordr_idxx'),
      },
    })
  } catch (error) {
    throw new Failed('6001', error instanceof Error ? error.message : String(error))
  }
}

/** site_cd, five signs of the time, six of the address. */
function traceNo(siteCd: string, custIp: string): string {
  const time = Date.now().toString(36).slice(-5)
  const address = [...custIp].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) % 36 ** 6, 0).toString(36)
  return `${siteCd.padEnd(5).slice(0, 5)}${time}${address.padStart(6, '0')}`.toUpperCase()
}

async function read(response: IncomingMessage): Promise<Buffer> {
  try {
    const body = await buffer(response)
    if (response.headers['content-type']?.startsWith('enc/html')) throw new Failed('6003', 'not encrypted')
    return body
  } catch (error) {
    throw error instanceof Failed ? error : new Failed('S204', 'short answer')
  }
}

/** A reset is a peer that closed at once; one that closed in order had at least taken the request. */
function failureOf(error: Error): Failed {
  if (error instanceof Failed) return error
  const syscall = 'syscall' in error ? error.syscall : undefined
  const isReset = 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
  if (isReset) return new Failed(syscall === undefined ? 'S204' : 'S203', error.message)
  return new Failed(syscall === undefined ? 'S204' : 'S202', error.message)
}

/** `log_path` (or `home`/log) `/YYYYMM/DD_pp_cli.log`. Written only where that folder is there already (not measured). */
class Log {
  readonly #argument: Argument
  readonly #trace: string

  constructor(argument: Argument) {
    this.#argument = argument
    this.#trace = (argument.get('trace_no') || traceNo(this.#value('site_cd'), this.#value('cust_ip'))).padEnd(16)
  }

  start(): void {
    const { site, tx, order } = {
      site: this.#value('site_cd'),
      tx: this.#value('tx_cd'),
      order: this.#value('ordr_idxx'),
    }
    const how = `log_level=[${this.#value('log_level')}]+opt=[${this.#value('opt')}]`
    this.#write('MSG', `TX_START - site_cd=[${site}]+tx_cd=[${tx}]+ordr_idxx=[${order}]+${how}`)
  }

  step(text: string): void {
    if (Number(this.#value('log_level')) >= 3) this.#write('MSG', text)
  }

  failed({ code, message }: Failed): void {
    const peer = `${this.#value('pa_url')}:${this.#value('pa_port')}`
    const step = code === 'S202' ? 'CONN' : code === 'S203' ? 'REQ_MSG_SEND' : 'RES_MSG_RECV'
    this.#write('ERR', `PG_SERVER_${step}__FAIL - CONN_INFO=[${peer}]+ERR_MSG=[${message}]`)
  }

  end(line: Buffer): void {
    this.#write('MSG', `TX_ENDED - res=[${line.toString('latin1')}]`)
  }

  #value(name: string): string {
    return this.#argument.get(name) ?? ''
  }

  #write(kind: 'MSG' | 'ERR', text: string): void {
    const now = fromDate(new Date())
    const day = stamp(now)
    const time = `${day.slice(4, 8)}-${day.slice(8)}.${String(now % 1000).padStart(3, '0')}`
    const line = Buffer.from(`${time} - ${process.pid} - ${this.#trace} - ${kind} : ${text}\n`, 'latin1')
    const folder = Buffer.from(this.#value('log_path') || join(this.#value('home'), 'log'), 'latin1').toString('utf8')
    if (folder === '/dev/stdout') process.stderr.write(line)
    else if (existsSync(folder)) this.#append(folder, day, line)
  }

  #append(folder: string, day: string, line: Buffer): void {
    const month = join(folder, day.slice(0, 6))
    mkdirSync(month, { recursive: true })
    appendFileSync(join(month, `${day.slice(6, 8)}_pp_cli.log`), line)
  }
}

await main()
