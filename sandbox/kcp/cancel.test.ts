import { expect, test } from 'vitest'
import { useKcp } from './kcp-under-test.ts'

const kcp = useKcp()

test('the recorded numbers: 27,900 less 22,500 leaves 5,400, then the rest as a part', async () => {
  const { tno, orderNo } = await kcp.pay({ amount: 27_900 })
  const part = await kcp.change({ tno, mod_type: 'STPC', mod_mny: '22500', rem_mny: '27900' })
  expect(part).toMatchObject({
    res_cd: '0000',
    tno,
    amount: '27900',
    panc_mod_mny: '22500',
    panc_card_mod_mny: '22500',
    panc_rem_mny: '5400',
    mod_seq_no: expect.stringMatching(/^\d{15}$/),
    mod_pcan_seq_no: expect.stringMatching(/^\d{14}$/),
    canc_time: '20261121120000',
    ca_order_id: orderNo,
  })
  expect(await kcp.change({ tno, mod_type: 'STSC' })).toMatchObject({ res_cd: '8040' })
  const rest = await kcp.change({ tno, mod_type: 'STPC', mod_mny: '5400', rem_mny: '5400' })
  expect(rest).toMatchObject({ res_cd: '0000', panc_rem_mny: '0' })
  expect(await kcp.change({ tno, mod_type: 'STPC', mod_mny: '1', rem_mny: '0' })).toMatchObject({ res_cd: '8133' })
  expect(await kcp.journal(tno)).toEqual({ executed: 2, asked: 4 })
})

test('a whole cancel tells what the log of a real merchant has', async () => {
  const { tno, orderNo, approval } = await kcp.pay()
  expect(Object.keys(approval)).toEqual(expect.arrayContaining(['tno', 'order_no', 'app_no', 'app_time', 'card_no']))
  const answer = await kcp.change({ tno, mod_type: 'STSC' })
  expect(answer).toMatchObject({
    res_cd: '0000',
    res_msg: '정상처리',
    pay_method: 'PACA',
    order_no: orderNo,
    tno,
    amount: '10000',
    canc_gubn: 'B',
    app_no: approval['app_no'],
  })
  expect(answer).not.toHaveProperty('panc_rem_mny')
  expect(await kcp.change({ tno, mod_type: 'STSC' })).toMatchObject({ res_cd: '8133' })
})

test('a transfer has its own answer, and its own code for done before', async () => {
  const { tno } = await kcp.pay({ method: 'TRANSFER' })
  expect(tno).toMatch(/^20261121\d{6}$/)
  expect(await kcp.change({ tno, mod_type: 'STSC' })).toMatchObject({
    res_cd: '0000',
    pay_method: 'PABK',
    bank_code: 'BK88',
    mod_time: '20261121120000',
  })
  expect(await kcp.change({ tno, mod_type: 'STSC' })).toMatchObject({ res_cd: '8023' })
})

test.each<[string, object, Record<string, string>]>([
  ['8037', {}, { mod_mny: '1000', rem_mny: '9000' }],
  ['8036', {}, { mod_mny: '10001', rem_mny: '10000' }],
  ['8082', {}, { rem_mny: '10000' }],
  ['8082', {}, { mod_mny: '1.000', rem_mny: '10000' }],
  ['8084', {}, { mod_mny: '1000' }],
  ['8082', {}, { mod_mny: '0', rem_mny: '10000' }],
  ['8074', {}, { mod_mny: '1000', rem_mny: '10000', tax_flag: 'TG03' }],
  ['8392', { partialCancel: false }, { mod_mny: '1000', rem_mny: '10000' }],
  ['8386', { maxPartialCancels: 0 }, { mod_mny: '1000', rem_mny: '10000' }],
  ['8012', { addressRegistered: false }, { mod_mny: '1000', rem_mny: '10000' }],
  ['8178', { settlementBalance: 999 }, { mod_mny: '1000', rem_mny: '10000' }],
  ['8058', {}, { mod_mny: '1000', rem_mny: '10000', mod_ip: '' }],
  ['8009', {}, { mod_mny: '1000', rem_mny: '10000', mod_desc: '' }],
  ['8009', {}, { mod_mny: '1000', rem_mny: '10000', mod_desc: '가'.repeat(129) }],
])('%s, with %j and %j', async (code, settings, fields) => {
  const { tno } = await kcp.pay()
  await kcp.settings(settings)
  expect(await kcp.change({ tno, mod_type: 'STPC', ...fields })).toMatchObject({ res_cd: code })
  expect(await kcp.journal(tno)).toEqual({ executed: 0, asked: 1 })
})

test('what KCP still has to settle falls with every cancel', async () => {
  await kcp.settings({ settlementBalance: 15_000 })
  const [first, second] = [await kcp.pay(), await kcp.pay()]
  expect(await kcp.change({ tno: first.tno, mod_type: 'STSC' })).toMatchObject({ res_cd: '0000' })
  expect(await kcp.change({ tno: second.tno, mod_type: 'STSC' })).toMatchObject({ res_cd: '8178' })
})

test('a mixed payment says how a part is made up, and of neither kind more than there is', async () => {
  const { tno } = await kcp.pay({ amount: 10_000, taxFree: 1200 })
  const part = (tax: string, vat: string, free: string, mod = '1000', rem = '10000') =>
    kcp.change({
      tno,
      mod_type: 'STPC',
      mod_mny: mod,
      rem_mny: rem,
      tax_flag: 'TG03',
      mod_tax_mny: tax,
      mod_vat_mny: vat,
      mod_free_mny: free,
    })
  const without = await kcp.change({ tno, mod_type: 'STPC', mod_mny: '1000', rem_mny: '10000' })
  expect(without).toMatchObject({ res_cd: '8011' })
  expect(await part('800', '80', '119')).toMatchObject({ res_cd: '8011' })
  expect(await part('0', '0', '1300', '1300')).toMatchObject({ res_cd: '8099' })
  expect(await part('8000', '801', '0', '8801')).toMatchObject({ res_cd: '8098' })
  expect(await part('800', '80', '120')).toMatchObject({ res_cd: '0000', panc_rem_mny: '9000' })
  expect(await part('7200', '720', '1080', '9000', '9000')).toMatchObject({ res_cd: '0000', panc_rem_mny: '0' })
})

test('cards wait while captures run, 01:50 to 02:30 in Seoul', async () => {
  const { tno } = await kcp.pay()
  const transfer = await kcp.pay({ method: 'TRANSFER' })
  await kcp.sandbox.clock('2026-11-22T01:50:00+09:00')
  expect(await kcp.change({ tno, mod_type: 'STSC' })).toMatchObject({ res_cd: '8136' })
  expect(await kcp.change({ tno: transfer.tno, mod_type: 'STSC' })).toMatchObject({ res_cd: '0000' })
  await kcp.sandbox.clock('2026-11-22T02:30:00+09:00')
  expect(await kcp.change({ tno, mod_type: 'STSC' })).toMatchObject({ res_cd: '0000' })
})

test('an account nobody paid into is closed, once, and no money moves', async () => {
  const { tno, approval } = await kcp.pay({ method: 'VIRTUAL_ACCOUNT' })
  expect(approval).toMatchObject({
    pay_method: 'PAVC',
    account: expect.stringMatching(/^\d+$/),
    va_date: '20261124120000',
  })
  expect(await kcp.change({ tno, mod_type: 'STSC' })).toMatchObject({ res_cd: '0000' })
  expect(await kcp.show(tno)).toMatchObject({ status: 'CLOSED' })
  expect(await kcp.change({ tno, mod_type: 'STSC' })).toMatchObject({ res_cd: '8023' })
  expect(await kcp.journal(tno)).toEqual({ executed: 0, asked: 1 })
})

test('who asks, for what, under which code', async () => {
  const { tno } = await kcp.pay()
  const stsc = { tno, mod_type: 'STSC' }
  expect(await kcp.change(stsc, 'J9999')).toMatchObject({ res_cd: '9200' })
  expect(await kcp.change(stsc, '')).toMatchObject({ res_cd: '9002' })
  expect(await kcp.change(stsc, 'J2001')).toMatchObject({ res_cd: '8061' })
  expect(await kcp.change(stsc, 'J1001', '99999999')).toMatchObject({ res_cd: '8004' })
  expect(await kcp.change({ ...stsc, tno: '123' })).toMatchObject({ res_cd: '8072' })
  expect(await kcp.change({ ...stsc, tno: '26000000000001' })).toMatchObject({ res_cd: '8061' })
  expect(await kcp.change({ tno, mod_type: 'STPA' })).toMatchObject({ res_cd: '8009' })
  expect(await kcp.journal(tno)).toMatchObject({ executed: 0 })
})

test('STSQ tells status and balance, by tno or by day and order number', async () => {
  const { tno, orderNo } = await kcp.pay()
  await kcp.change({ tno, mod_type: 'STPC', mod_mny: '4000', rem_mny: '10000' })
  const told = { res_cd: '0000', tno, order_no: orderNo, stat_ca_cd: 'STPC', amount: '10000', rem_mny: '6000' }
  expect(await kcp.change({ tno, mod_type: 'STSQ', pay_type: 'PACA' })).toMatchObject(told)
  const byOrder = { tno: '20261121000000', mod_type: 'STSQ', pay_type: 'PACA', mod_ordr_idxx: orderNo }
  expect(await kcp.change(byOrder)).toMatchObject(told)
  expect(await kcp.change({ tno, mod_type: 'STSQ', pay_type: 'PABK' })).toMatchObject({ res_cd: '8061' })
  await kcp.settings({ statusTellsBalance: false })
  expect(await kcp.change({ tno, mod_type: 'STSQ', pay_type: 'PACA' })).not.toHaveProperty('rem_mny')
})

test('a cancel in KCP’s admin is seen by asking, and by what is left', async () => {
  const { tno } = await kcp.pay()
  await kcp.sandbox.control('POST', '/outside-cancel', { payment: tno, amount: 4000 })
  const asked = await kcp.change({ tno, mod_type: 'STSQ', pay_type: 'PACA' })
  expect(asked).toMatchObject({ stat_ca_cd: 'STPC', rem_mny: '6000' })
  const stale = await kcp.change({ tno, mod_type: 'STPC', mod_mny: '1000', rem_mny: '10000' })
  expect(stale).toMatchObject({ res_cd: '8037' })
  expect(await kcp.sandbox.ask('POST', '/outside-cancel', { payment: tno, amount: 6001 })).toMatchObject({
    status: 400,
  })
})
