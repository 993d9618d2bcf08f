import { expect, test } from 'vitest'
import { account, escrowAccount, useKcp } from './kcp-under-test.ts'

const kcp = useKcp()

const ship = { mod_type: 'STE1', deli_numb: '123456789012', deli_corp: 'CJ대한통운' }
const paid = (input: object = {}) => kcp.pay({ escrow: true, ...input })
const confirmed = async (input: object = {}) => {
  const payment = await paid(input)
  await kcp.escrow({ tno: payment.tno, ...ship })
  await kcp.happen(payment.tno, 'confirm')
  return payment
}
const types = async (tno: string) => (await kcp.notices(tno)).map((notice) => notice.type)

test('before shipping STE2; never STSC; and not twice', async () => {
  const { tno, approval } = await paid()
  expect(approval).toMatchObject({ escw_yn: 'Y' })
  expect(await kcp.escrow({ tno, mod_type: 'STSC' })).toMatchObject({ res_cd: '5002' })
  expect(await kcp.escrow({ tno, mod_type: 'STE4' })).toMatchObject({ res_cd: '5002' })
  expect(await kcp.escrow({ tno, mod_type: 'STE2' })).toMatchObject({ res_cd: '0000', tno })
  expect(await kcp.escrow({ tno, mod_type: 'STE2' })).toMatchObject({ res_cd: '8E01' })
  expect(await types(tno)).toEqual(['TX05'])
  expect(await kcp.journal(tno)).toEqual({ executed: 1, asked: 4 })
})

test('shipped once, by courier name or by oneself; then STE4', async () => {
  const { tno } = await paid()
  expect(await kcp.escrow({ tno, ...ship, deli_corp: '' })).toMatchObject({ res_cd: '8009' })
  expect(await kcp.escrow({ tno, ...ship, deli_corp: '가'.repeat(13) })).toMatchObject({ res_cd: '8009' })
  expect(await kcp.escrow({ tno, ...ship, deli_numb: '0000', deli_corp: '자가배송' })).toMatchObject({ res_cd: '0000' })
  expect(await kcp.escrow({ tno, ...ship })).toMatchObject({ res_cd: '5002' })
  expect(await kcp.escrow({ tno, mod_type: 'STE2' })).toMatchObject({ res_cd: '5002' })
  expect(await kcp.escrow({ tno, mod_type: 'STE3' })).toMatchObject({ res_cd: '0000' })
  expect(await kcp.show(tno)).toMatchObject({ escrow: { stage: 'shipped', held: true } })
  expect(await kcp.escrow({ tno, mod_type: 'STE4' })).toMatchObject({ res_cd: '0000' })
  expect(await types(tno)).toEqual(['TX03', 'TX04', 'TX06'])
  const [shipped] = await kcp.notices(tno)
  expect(shipped?.fields).toMatchObject({ waybill_no: '0000', waybill_corp: '자가배송' })
})

test('confirmed, only STE9 is left; the code for a wrong moment is a setting', async () => {
  const { tno } = await confirmed()
  expect(await kcp.escrow({ tno, mod_type: 'STE4' })).toMatchObject({ res_cd: '8E02' })
  await kcp.settings({ escrowStateCode: '8134' })
  expect(await kcp.escrow({ tno, mod_type: 'STE3' })).toMatchObject({ res_cd: '8134' })
  const ste9 = { tno, mod_type: 'STE9', mod_desc_cd: 'CA06', sub_mod_type: 'STSC', mod_sub_type: 'MDSC03' }
  expect(await kcp.escrow({ ...ste9, mod_desc_cd: 'CA01' })).toMatchObject({ res_cd: '8009' })
  expect(await kcp.escrow({ ...ste9, mod_sub_type: 'MDSC04' })).toMatchObject({ res_cd: '8009' })
  expect(await kcp.escrow(ste9)).toMatchObject({ res_cd: '0000' })
  expect(await kcp.escrow(ste9)).toMatchObject({ res_cd: '8E01' })
  const early = await paid()
  expect(await kcp.escrow({ ...ste9, tno: early.tno })).toMatchObject({ res_cd: '8134' })
})

const partOf = { part_canc_yn: 'Y', rem_mny: '10000', mod_mny: '4000' }
test.each<[string, string, Record<string, string>, number]>([
  ['card, part', 'CARD', { sub_mod_type: 'STPC', mod_sub_type: 'MDSC03', amount: '10000', ...partOf }, 6000],
  ['transfer, whole', 'TRANSFER', { sub_mod_type: 'STSC', mod_sub_type: 'MDSC03' }, 0],
  ['transfer, part', 'TRANSFER', { sub_mod_type: 'STPC', mod_sub_type: 'MDSC04', amount: '10000', ...partOf }, 6000],
  ['transfer, account', 'TRANSFER', { sub_mod_type: 'STHD', mod_sub_type: 'MDSC04', mod_mny: '10000', ...account }, 0],
  ['VA, whole', 'VIRTUAL_ACCOUNT', { sub_mod_type: 'STHD', mod_sub_type: 'MDSC00', mod_mny: '10000', ...account }, 0],
  ['VA, part', 'VIRTUAL_ACCOUNT', { sub_mod_type: 'STPD', mod_sub_type: 'MDSC04', ...partOf, ...account }, 6000],
])('STE9 of a %s', async (_, method, fields, left) => {
  const { tno } = await confirmed({ method, status: 'PAID' })
  const ste9 = { tno, mod_type: 'STE9', mod_desc_cd: 'CA06', ...fields }
  expect(await kcp.escrow({ ...ste9, sub_mod_type: 'STXX' })).toMatchObject({ res_cd: '8009' })
  expect(await kcp.escrow(ste9)).toMatchObject({ res_cd: '0000' })
  expect(await kcp.show(tno)).toMatchObject({ left })
  expect(await kcp.journal(tno)).toEqual({ executed: 1, asked: 2 })
})

test('a virtual account goes back into an account; unpaid it is closed by STE5', async () => {
  const { tno } = await paid({ method: 'VIRTUAL_ACCOUNT' })
  expect(await kcp.escrow({ tno, mod_type: 'STSC' })).toMatchObject({ res_cd: '5002' })
  expect(await kcp.escrow({ tno, ...ship })).toMatchObject({ res_cd: '5002' })
  await kcp.happen(tno, 'deposit')
  expect(await kcp.escrow({ tno, mod_type: 'STE5' })).toMatchObject({ res_cd: '8329' })
  expect(await kcp.escrow({ tno, mod_type: 'STE2' })).toMatchObject({ res_cd: '8711' })
  const wrong = { ...escrowAccount, refund_nm: '김아무' }
  expect(await kcp.escrow({ tno, mod_type: 'STE2', ...wrong })).toMatchObject({ res_cd: '8999' })
  expect(await kcp.escrow({ tno, mod_type: 'STE2', ...escrowAccount })).toMatchObject({ res_cd: '0000' })
  const other = await paid({ method: 'VIRTUAL_ACCOUNT' })
  expect(await kcp.escrow({ tno: other.tno, mod_type: 'STE5' })).toMatchObject({ res_cd: '0000' })
  expect(await kcp.show(other.tno)).toMatchObject({ status: 'CLOSED' })
  expect(await types(other.tno)).toEqual(['TX07'])
})

test('the buyer refuses, or says nothing for too long', async () => {
  const { tno } = await paid()
  expect(await kcp.sandbox.ask('POST', `/payments/${tno}/confirm`, {})).toMatchObject({ status: 400 })
  await kcp.escrow({ tno, ...ship })
  await kcp.happen(tno, 'refuse', { reason: '파손' })
  await kcp.happen(tno, 'auto-confirm')
  const [, refused, auto] = await kcp.notices(tno)
  expect(refused).toMatchObject({ type: 'TX02', fields: { st_cd: 'N', can_msg: '파손' } })
  expect(auto).toMatchObject({ type: 'TX02', fields: { st_cd: 'S' } })
})

test('what is no escrow payment, and a site without the contract', async () => {
  const { tno } = await kcp.pay({ siteCd: 'J1002' })
  expect(await kcp.escrow({ tno, ...ship })).toMatchObject({ res_cd: '5002' })
  const wish = { gateway: 'kcp', method: 'CARD', amount: 1000, escrow: true, siteCd: 'J1001' }
  expect(await kcp.sandbox.ask('POST', '/payments', wish)).toMatchObject({ status: 400 })
})
