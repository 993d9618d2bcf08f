import { expect, test } from 'vitest'
import { z } from 'zod'
import { encodeCp949 } from '#lib/gateways/wire/cp949.ts'
import { example, useKsnet } from './ksnet-under-test.ts'

const ksnet = useKsnet()

const generations = ['KSPayWebV1.4', 'KSPayMobileV1.4', 'mb2', 'KSPayFlashV1.3']
const names = 'authyn`trno`trddt`trdtm`amt`authno`msg1`msg2`ordno`isscd`aqucd`result`halbu`cbtrno`cbauthno`cardno'
const recv = '/store/KSPayWebV1.4/web_host/recv_post.jsp'
const escaped = (asked: string): string => asked.replaceAll('`', '%60')

/** The buyer has gone through the window; the shop has not asked yet. */
async function authenticated(wish: object = {}): Promise<string> {
  const body = { gateway: 'ksnet', method: 'CARD', amount: 10_000, status: 'AUTHENTICATED', ...wish }
  const made = await ksnet.sandbox.control('POST', '/payments', body)
  return z.object({ commConId: z.string() }).parse(made).commConId
}

const ask = (key: string, more = '', asked = names) =>
  ksnet.page(recv, `sndCommConId=${key}&sndActionType=1&sndRpyParams=${escaped(asked)}${more}`)

/** As every sample takes the answer apart. */
const valuesOf = (answer: string): string[] => answer.split('`').slice(1)

test('what a shop gets has the form of the example: a back-tick first, one after each value, spaces kept', async () => {
  await ksnet.sandbox.clock('2026-09-01T12:34:56+09:00')
  const wish = { trno: '197430000012', approvalNo: '15608820', orderNo: 'ORD-20260901-0001', amount: 1004 }
  const { commConId } = await ksnet.pay(wish)
  const answer = encodeCp949(await ask(commConId)) ?? Buffer.alloc(0)
  const expected = example('wh_response')
  // The card's last four digits, and their back-tick, are invented.
  expect(answer.subarray(0, -5)).toEqual(expected.subarray(0, -5))
  expect(answer.length).toBe(expected.length)
})

test.each(generations)(
  '%s: nothing is paid before the shop asks; by POST, then by GET the same again',
  async (name) => {
    const key = await authenticated()
    expect(await ksnet.sandbox.journal()).toEqual([])
    const path = `/store/${name}/web_host/recv_post.jsp`
    const query = `sndCommConId=${key}&sndActionType=1&sndRpyParams=${escaped(names)}`
    const first = await ksnet.page(path, query)
    const [authyn, trno = '', , , amount] = valuesOf(first)
    expect([authyn, amount]).toEqual(['O', '10000'])
    expect(await ksnet.page(`${path}?${query}`)).toBe(first)
    expect(await ksnet.show(trno)).toMatchObject({ status: 'PAID', left: 10_000, commConId: key })
    const effects = (await ksnet.sandbox.journal(trno)).map((entry) => entry.effect)
    expect(effects).toEqual(['executed', 'replayed'])
  },
)

test('values come in the order that is asked for, unknown ones empty; escaped twice, or not at all, too', async () => {
  const { commConId, trno, approval } = await ksnet.pay()
  const asked = 'ordno`nothing`trno`authyn'
  const values = [approval['ordno'], '', trno, 'O', '']
  expect(valuesOf(await ask(commConId, '', asked))).toEqual(values)
  const raw = `sndCommConId=${commConId}&sndActionType=1&sndRpyParams=`
  expect(valuesOf(await ksnet.page(recv, `${raw}${escaped(asked).replaceAll('%', '%25')}`))).toEqual(values)
  expect(valuesOf(await ksnet.page(recv, `${raw}${asked}`))).toEqual(values)
})

test('after action 3, on another day, or for a key nobody has: no back-tick, so nothing can be concluded', async () => {
  const { commConId, trno } = await ksnet.pay()
  expect(await ksnet.page(recv, `sndCommConId=${commConId}&sndActionType=3`)).toBe('')
  expect(await ask(commConId)).toBe('')
  const other = await ksnet.pay()
  await ksnet.sandbox.clock('2026-11-22T00:00:00+09:00')
  expect(await ask(other.commConId)).toBe('')
  expect(await ask('w1nobody')).toBe('')
  expect(await ksnet.show(trno)).toMatchObject({ status: 'PAID' })
})

test('another amount than the buyer saw, or less than a card may be: X with a code, once and for all', async () => {
  const key = await authenticated()
  const declined = await ask(key, '&sndAmount=9999')
  expect(valuesOf(declined).slice(0, 1)).toEqual(['X'])
  expect(valuesOf(declined)[5]?.trim()).toBe('P10I')
  expect(await ask(key, '&sndAmount=10000')).toBe(declined)
  const small = await ask(await authenticated({ amount: 999 }))
  expect([valuesOf(small)[0], valuesOf(small)[5]?.trim()]).toEqual(['X', '8006'])
  const right = await ask(await authenticated(), '&sndAmount=10000')
  expect(valuesOf(right)[0]).toBe('O')
})

test.each([
  ['CARD', { card: '02' }, { result: 'I001', isscd: '02    ', halbu: '00' }],
  ['EASY_PAY', {}, { result: '1001', msg2: `OK:${' '.repeat(13)}`, isscd: '52    ', cardno: 'NPAY' }],
  ['TRANSFER', { cashReceipt: true }, { result: '2201', authno: `04${' '.repeat(10)}`, cbtrno: /^H98249/ }],
  ['MOBILE', {}, { result: 'M131', aqucd: '1     ' }],
  ['VIRTUAL_ACCOUNT', {}, { result: '6001', authno: `04${' '.repeat(10)}`, isscd: /^790\d{11} $/ }],
])('%s as the shop gets it', async (method, wish, expected) => {
  const { approval, trno } = await ksnet.pay({ method, ...wish })
  expect(approval).toMatchObject({ authyn: 'O', trno, amt: '10000', trddt: '20261121', trdtm: '120000' })
  for (const [name, value] of Object.entries(expected))
    expect(approval[name]).toEqual(value instanceof RegExp ? expect.stringMatching(value) : value)
})

const order = {
  sndPaymethod: '1000000000000',
  sndStoreid: '2041700201',
  sndOrdernumber: 'ORD-9',
  sndGoodname: '후드티',
  sndAmount: '5000',
  sndOrdername: '홍길동',
  sndReply: 'http://127.0.0.1:1/reply',
}
const euckr = (text: string): string =>
  [...(encodeCp949(text) ?? Buffer.alloc(0))].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
const formOf = (fields: Record<string, string>, encode: (text: string) => string) =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join('&')

async function openPage(path: string, form: string): Promise<string> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return (await fetch(`${ksnet.url}${path}`, { method: 'POST', headers, body: form })).text()
}

test.each([
  ['/store/KSPayWebV1.4/KSPayPWeb.jsp', euckr],
  ['/store/KSPayWebV1.4/KSPayPWeb.jsp?sndCharSet=utf-8', encodeURIComponent],
  ['/store/mb2/KSPayPWeb_utf8.jsp', encodeURIComponent],
])('%s: the window hands the shop five values, and what it asked to have back', async (path, encode) => {
  const page = await openPage(path, formOf({ ...order, ECHA: '<a>' }, encode))
  expect(page).toContain('후드티 · 5000원 · CARD')
  const [through = '', closed = ''] = page.split('</form>')
  const hidden = (form: string) =>
    Object.fromEntries([...form.matchAll(/name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]))
  const key = hidden(through)['reCommConId'] ?? ''
  expect(hidden(through)).toMatchObject({ reCommType: 'WH', reCnclType: '0', reEncData: '', ECHA: '&lt;a&gt;' })
  expect(hidden(closed)).toMatchObject({ reCommConId: '', reCnclType: '1' })
  const [authyn, , , , amount, , , , ordno] = valuesOf(await ask(key))
  expect([authyn, amount, ordno]).toEqual(['O', '5000', 'ORD-9'])
})

test.each([
  [{ sndStoreid: '1' }, 'sndStoreid'],
  [{ sndAmount: '5,000' }, 'sndAmount'],
  [{ sndPaymethod: '0000000000' }, 'sndPaymethod'],
  [{ sndGoodname: '가'.repeat(26) }, '상품명 오류'],
  [{ sndOrdername: '홍`길동' }, '금지 문자'],
  [{ sndReply: '' }, 'sndReply'],
])('no window for %j', async (wrong, says) => {
  const page = await openPage('/store/KSPayWebV1.4/KSPayPWeb.jsp', formOf({ ...order, ...wrong }, euckr))
  expect(page).toContain(says)
  expect(page).not.toContain('<form')
})

test.each([
  '/pg_infoc/src/bill/credit_view.jsp?tr_no=',
  '/pg_infoc/src/bill/new_credit_view.jsp?tr_no=',
  '/mint/tsk/pgi01/mad/pgimad04m0.jsp?tr_no=',
  '/pg_infoc/src/bill/ps2.jsp?s_pg_deal_numb=',
])('%s is a slip that prints', async (path) => {
  const { trno } = await ksnet.pay()
  await ksnet.cancelCard(trno)
  const page = await (await fetch(`${ksnet.url}${path}${trno}`)).text()
  expect(page).toContain(`승인 전표 ${trno}`)
  expect(page).toContain('취소 10,000')
  expect(page).toContain('print()')
  expect(await (await fetch(`${ksnet.url}${path}199999999999`)).text()).toContain('찾을 수 없습니다')
  expect((await fetch(`${ksnet.url}/elsewhere`)).status).toBe(404)
})
