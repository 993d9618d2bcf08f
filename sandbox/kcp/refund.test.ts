import { expect, test } from 'vitest'
import { account, useKcp } from './kcp-under-test.ts'

const kcp = useKcp()

const whole = { mod_type: 'STHD', mod_sub_type: 'MDSC00', mod_comp_type: 'MDCP01', ...account }
const part = { ...whole, mod_type: 'STPD', mod_sub_type: 'MDSC03' }

test('a paid account is refunded into an account: ordered, then paid out, and never twice', async () => {
  const { tno } = await kcp.pay({ method: 'VIRTUAL_ACCOUNT', status: 'PAID' })
  expect(await kcp.change({ tno, mod_type: 'STSC' })).toMatchObject({ res_cd: '8024' })
  expect(await kcp.change({ tno, ...whole, mod_mny: '9999' })).toMatchObject({ res_cd: '8344' })
  const answer = await kcp.change({ tno, ...whole, mod_mny: '10000' })
  expect(answer).toEqual({ res_cd: '0000', res_msg: '정상처리', res_en_msg: 'processing completed', tno })
  expect(await kcp.change({ tno, ...whole })).toMatchObject({ res_cd: '8340' })
  await kcp.happen(tno, 'pay-out')
  expect(await kcp.change({ tno, ...whole })).toMatchObject({ res_cd: '8337' })
  expect((await kcp.notices(tno)).map((notice) => notice.type)).toEqual(['TX00', 'TX01'])
  expect(await kcp.journal(tno)).toEqual({ executed: 1, asked: 5 })
})

test('in parts: what is left before has to be right, and the rest is a part too', async () => {
  const { tno } = await kcp.pay({ method: 'VIRTUAL_ACCOUNT', status: 'PAID' })
  await kcp.settings({ refundTellsBalance: true })
  const first = await kcp.change({ tno, ...part, mod_mny: '4000', rem_mny: '10000' })
  expect(first).toMatchObject({ res_cd: '0000', panc_rem_mny: '6000' })
  expect(await kcp.change({ tno, ...part, mod_mny: '4000', rem_mny: '10000' })).toMatchObject({ res_cd: '8037' })
  expect(await kcp.change({ tno, ...whole })).toMatchObject({ res_cd: '8040' })
  const rest = await kcp.change({ tno, ...part, mod_mny: '6000', rem_mny: '6000' })
  expect(rest).toMatchObject({ res_cd: '0000', panc_rem_mny: '0' })
})

test('a mixed payment’s part is MDSC04 and says how it is made up', async () => {
  const { tno } = await kcp.pay({ method: 'VIRTUAL_ACCOUNT', status: 'PAID', taxFree: 1000 })
  const tax = { tax_flag: 'TG03', mod_tax_mny: '1000', mod_vat_mny: '100', mod_free_mny: '900' }
  const wish = { tno, ...part, mod_mny: '2000', rem_mny: '10000' }
  expect(await kcp.change({ ...wish, ...tax })).toMatchObject({ res_cd: '8009' })
  expect(await kcp.change({ ...wish, ...tax, mod_sub_type: 'MDSC04' })).toMatchObject({ res_cd: '0000' })
})

test.each<[string, object, Record<string, string>]>([
  ['8999', {}, { mod_depositor: '김아무' }],
  ['8999', {}, { mod_account: '110000000001' }],
  ['8999', {}, { mod_account: '5551234' }],
  ['8995', {}, { mod_account: '110000000002' }],
  ['8711', {}, { mod_bankcode: '88' }],
  ['8711', {}, { mod_account: '110-123' }],
  ['8090', {}, { mod_depositor: '' }],
  ['8009', {}, { mod_comp_type: '' }],
  ['8009', {}, { mod_comp_type: 'MDCP02' }],
  ['8009', {}, { mod_sub_type: 'MDSC03' }],
  ['8327', { vaRefund: false }, {}],
])('%s, with %j and %j', async (code, settings, fields) => {
  const { tno } = await kcp.pay({ method: 'VIRTUAL_ACCOUNT', status: 'PAID' })
  await kcp.settings(settings)
  expect(await kcp.change({ tno, ...whole, ...fields })).toMatchObject({ res_cd: code })
  expect(await kcp.journal(tno)).toMatchObject({ executed: 0 })
})

test('without the contract no parts; unpaid there is nothing to refund; other methods have no such refund', async () => {
  const { tno } = await kcp.pay({ method: 'VIRTUAL_ACCOUNT' })
  expect(await kcp.change({ tno, ...whole })).toMatchObject({ res_cd: '8329' })
  await kcp.happen(tno, 'deposit')
  await kcp.settings({ vaPartialRefund: false })
  expect(await kcp.change({ tno, ...part, mod_mny: '1', rem_mny: '10000' })).toMatchObject({ res_cd: '8328' })
  const card = await kcp.pay()
  expect(await kcp.change({ tno: card.tno, ...whole })).toMatchObject({ res_cd: '8024' })
})

test('another amount than ordered is what can be refunded; taken back by the bank, nothing is', async () => {
  const { tno } = await kcp.pay({ method: 'VIRTUAL_ACCOUNT' })
  await kcp.happen(tno, 'deposit', { amount: 12_000 })
  const asked = await kcp.change({ tno, mod_type: 'STSQ', pay_type: 'PAVC' })
  expect(asked).toMatchObject({ shop_status: 'STSR', amount: '10000', rem_mny: '12000' })
  await kcp.happen(tno, 'reverse-deposit')
  expect(await kcp.show(tno)).toMatchObject({ status: 'ISSUED', received: 0 })
  expect(await kcp.change({ tno, ...whole })).toMatchObject({ res_cd: '8329' })
})
