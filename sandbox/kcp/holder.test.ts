import { expect, test } from 'vitest'
import { parseAnswer, runBytes, US, useKcp } from './kcp-under-test.ts'

const kcp = useKcp()

const usual = { owner_nm: '홍길동', account_no: '110123456789', bank_code: '88' }
async function ask(fields: Record<string, string>, { txCd = '00100000', subset = 'acnt' } = {}) {
  const set = Object.entries(fields).map(([key, value]) => `${key}=${value}${US}`)
  const payx = `payx_data=${subset}=${set.join('')}\x1e`
  return parseAnswer((await runBytes(kcp.data(txCd, { ordr_idxx: 'check-1', payx_data: payx }))).stdout)
}

test('number and name belong together: 0000, with a number of its own', async () => {
  expect(await ask(usual)).toEqual({
    res_cd: '0000',
    res_msg: '정상처리',
    ordr_idxx: 'check-1',
    tno: expect.stringMatching(/^20261121\d{6}$/),
    app_time: '20261121120000',
  })
  expect(await kcp.sandbox.journal()).toMatchObject([{ operation: 'holder', effect: 'none', payment: null }])
})

test.each([
  ['8999', '예금주명 불일치', { ...usual, owner_nm: '홍길순' }],
  ['8999', '해지 계좌', { ...usual, account_no: '110000000001' }],
  ['8999', '계좌번호 오류', { ...usual, account_no: '1' }],
])('%s %s has a number too', async (code, message, fields) => {
  const tno = expect.stringMatching(/^\d{14}$/)
  expect(await ask(fields)).toMatchObject({ res_cd: code, res_msg: message, tno })
})

test.each([
  ['8995', { ...usual, account_no: '110000000002' }],
  ['8711', { ...usual, account_no: '110-1234' }],
  ['8711', { ...usual, account_no: '1'.repeat(21) }],
  ['8711', { ...usual, bank_code: 'BK88' }],
  ['8090', { ...usual, owner_nm: '' }],
  ['8090', { ...usual, owner_nm: '가'.repeat(11) }],
  ['8090', { ...usual, owner_nm: '홍"길동' }],
])('%s without one', async (code, fields) => {
  const answer = await ask(fields)
  expect(answer).toMatchObject({ res_cd: code })
  expect(answer).not.toHaveProperty('tno')
})

test('how it is called is a setting, and so is the contract', async () => {
  expect(await ask(usual, { subset: 'cert' })).toMatchObject({ res_cd: '8005' })
  await kcp.settings({
    accoTxCd: '00405000',
    accoSubset: 'hold',
    accoFields: { owner: 'nm', account: 'no', bank: 'bk' },
  })
  expect(await ask(usual)).toMatchObject({ res_cd: '8004' })
  const renamed = { nm: '홍길동', no: '110123456789', bk: '88' }
  expect(await ask(renamed, { txCd: '00405000', subset: 'hold' })).toMatchObject({ res_cd: '0000' })
  await kcp.settings({ accoContract: false })
  expect(await ask(renamed, { txCd: '00405000', subset: 'hold' })).toMatchObject({ res_cd: '8998' })
})
