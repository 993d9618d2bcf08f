import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { decodeCp949 } from '#lib/gateways/wire/cp949.ts'
import { readRecord, sizeOf, writeRecord, type Layout } from '#lib/gateways/wire/fixed-length.ts'
import { z } from 'zod'
import { useSandbox, type SandboxUnderTest } from '../sandbox-under-test.ts'
import { cancelRequest, cardAnswer, head } from './layouts.ts'
import { findMerchant, plainMerchant } from './merchant.ts'

/** A shop at the KSNET stand-in: records over a real socket, REST calls, and the payments it has taken. */

export type Fields = Readonly<Record<string, string>>

const madeSchema = z.object({
  trno: z.string(),
  orderNo: z.string(),
  mid: z.string(),
  status: z.string(),
  received: z.number(),
  left: z.number(),
  accountNumber: z.string().optional(),
  approvalNumber: z.string().optional(),
  commConId: z.string(),
  approval: z.record(z.string(), z.string()),
})
const noticeSchema = z.object({
  id: z.string(),
  type: z.string(),
  state: z.string(),
  fields: z.record(z.string(), z.string()),
  attempts: z.array(z.object({ status: z.number().nullable(), answer: z.string().optional() })),
})
const envelope = z.object({
  aid: z.string(),
  code: z.string(),
  message: z.string(),
  data: z.record(z.string(), z.string()).nullable(),
})

const examples = join(import.meta.dirname, '..', '..', 'lib', 'gateways', 'ksnet', 'examples')
/** An example record of the protocol pages. */
export const example = (name: string): Buffer => readFileSync(join(examples, `${name}.bin`))

/** The fields of a record that has these parts one after the other. */
export function partsOf(bytes: Buffer, ...layouts: readonly Layout[]): Fields[] {
  let at = 0
  return layouts.map((layout) => {
    const part = bytes.subarray(at, at + sizeOf(layout))
    at += sizeOf(layout)
    const fields = readRecord(layout, part)
    if (!fields) throw new Error(`no such record: ${part.toString('latin1')}`)
    return fields
  })
}

/** A request as KSNET's samples send it. */
export function record(body: Layout, fields: Fields, more: Fields = {}): Buffer {
  const parts = [
    writeRecord(head, {
      length: String(sizeOf(head) - 4 + sizeOf(body)),
      encType: '2',
      version: '0210',
      type: '00',
      resend: '0',
      requestDate: '20261121120000',
      storeId: plainMerchant.mid,
      goodType: '0',
      keyInType: 'K',
      lineType: '1',
      approvalCount: '1',
      ...more,
    }),
    writeRecord(body, fields),
  ]
  if (!parts.every((part) => part !== null)) throw new Error(`no such record: ${JSON.stringify(fields)}`)
  return Buffer.concat(parts)
}

export class KsnetUnderTest {
  readonly sandbox: SandboxUnderTest

  constructor(sandbox: SandboxUnderTest) {
    this.sandbox = sandbox
  }

  get url(): string {
    return `http://127.0.0.1:${this.sandbox.running.ksnetHttpPort}`
  }

  /** What comes back until the other side closes; an error where the connection breaks. */
  async exchange(...chunks: readonly Buffer[]): Promise<Buffer> {
    const socket = connect(this.sandbox.running.ksnetTcpPort, '127.0.0.1')
    const answer = buffer(socket)
    for (const chunk of chunks) socket.write(chunk)
    return answer
  }

  /** One record and the fields of the answer, `headOrder` being the order number in its head. */
  async ask(request: Buffer, body: Layout): Promise<Fields> {
    const answer = await this.exchange(request)
    const [top = {}, fields = {}] = partsOf(answer, head, body)
    if (Number(top['length']) !== answer.length - 4) throw new Error(`length ${top['length']} of ${answer.length}`)
    return { ...fields, headOrder: top['orderNumber'] ?? '' }
  }

  /** 1010, whole, unless `fields` say otherwise. */
  cancelCard(transactionNo: string, fields: Fields = {}, top: Fields = {}): Promise<Fields> {
    const all = { approvalType: '1010', cancelType: '0', transactionNo, ...fields }
    return this.ask(record(cancelRequest, all, top), cardAnswer)
  }

  part(trno: string, amount: number, sequence: string): Promise<Fields> {
    return this.cancelCard(trno, { cancelType: '3', cancelData: `${String(amount).padStart(9, '0')}${sequence}` })
  }

  /** Any of the cancels that have an answer of their own. */
  cancel(approvalType: string, transactionNo: string, answer: Layout, fields: Fields = {}): Promise<Fields> {
    const all = { approvalType, cancelType: '0', transactionNo, ...fields }
    return this.ask(record(cancelRequest, all), answer)
  }

  async rest(path: string, body: object, mid = plainMerchant.mid, headers?: Fields) {
    const authorization = `pgapi ${findMerchant(mid)?.apiKey}`
    const response = await fetch(`${this.url}/kspay/webfep${path}`, {
      method: 'POST',
      headers: headers ?? { authorization, 'content-type': 'application/json; charset=utf-8' },
      body: typeof body === 'string' ? body : JSON.stringify({ mid, payload: 'P1', ...body }),
    })
    return { status: response.status, ...envelope.parse(await response.json()) }
  }

  restCancel(trno: string, more: object = {}, path = '/api/v1/card/cancel') {
    return this.rest(path, { cancelType: 'FULL', orgTradeKeyType: 'TID', orgTradeKey: trno, ...more })
  }

  /** A page of KSNET's, as bytes of EUC-KR. */
  async page(path: string, form?: string): Promise<string> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const init = form === undefined ? {} : { method: 'POST', headers, body: form }
    const response = await fetch(`${this.url}${path}`, init)
    const bytes = Buffer.from(await response.arrayBuffer())
    return decodeCp949(bytes) ?? `not EUC-KR: ${bytes.toString('latin1')}`
  }

  async pay(input: object = {}) {
    const body = { gateway: 'ksnet', method: 'CARD', amount: 10_000, ...input }
    return madeSchema.parse(await this.sandbox.control('POST', '/payments', body))
  }

  async show(trno: string) {
    return madeSchema.parse(await this.sandbox.control('GET', `/payments/${trno}`))
  }

  happen(trno: string, change: string, input: object = {}): Promise<unknown> {
    return this.sandbox.control('POST', `/payments/${trno}/${change}`, input)
  }

  settings(change: object): Promise<unknown> {
    return this.sandbox.control('POST', '/settings', { gateway: 'ksnet', ...change })
  }

  fault(fault: string, operation = 'cancel', more: object = {}): Promise<unknown> {
    return this.sandbox.control('POST', '/faults', { gateway: 'ksnet', operation, fault, ...more })
  }

  async notices(trno: string) {
    return z.array(noticeSchema).parse(await this.sandbox.control('GET', `/notices?payment=${trno}`))
  }

  /** How often money moved, and how often it was asked to. */
  async journal(trno: string) {
    const cancels = (await this.sandbox.journal(trno)).filter((entry) => entry.operation === 'cancel')
    return { executed: cancels.filter((one) => one.effect === 'executed').length, asked: cancels.length }
  }
}

/** One sandbox for a test file, as `useSandbox`. */
export const useKsnet = (): KsnetUnderTest => new KsnetUnderTest(useSandbox())
