import { expect, test } from 'vitest'
import { useKsnet } from './ksnet-under-test.ts'
import { escrowMerchant, plainMerchant } from './merchant.ts'

const ksnet = useKsnet()
const ACCOUNT = '/api/v1/account/cancel'
const part = (cancelTotalAmount: string, cancelSeq: string) => ({ cancelType: 'PARTIAL', cancelTotalAmount, cancelSeq })

test('a whole cancel has the members of the reference, in its order', async () => {
  const { trno, approvalNumber } = await ksnet.pay({ card: '08' })
  const answer = await ksnet.restCancel(trno)
  expect(answer).toMatchObject({ status: 200, code: 'A0200', message: 'Success' })
  expect(answer.aid).toMatch(/^WFVCCSE\d{17}$/)
  expect(answer.data).toEqual({
    payload: 'P1',
    tid: trno,
    tradeDateTime: '20261121120000',
    cancelAmount: '10000',
    respCode: '0000',
    respMessage: '승인취소완료/매입취소요청',
    issuerCardType: 'HYUNDAI',
    issuerCardName: '현대카드',
    purchaseCardType: 'HYUNDAI',
    purchaseCardName: '현대카드',
    approvalNumb: approvalNumber,
    cardNumb: expect.stringMatching(/^433290XXXXXX\d{4}$/),
    expiryDate: '',
    installMonth: '00',
  })
  expect(Object.keys(answer.data ?? {}).slice(0, 6)).toEqual([
    'payload',
    'tid',
    'tradeDateTime',
    'cancelAmount',
    'respCode',
    'respMessage',
  ])
})

test('once more is A0200 too: P10Q, and nothing is done; a double slash is none', async () => {
  const { trno } = await ksnet.pay()
  await ksnet.restCancel(trno)
  const again = await ksnet.restCancel(trno, {}, '//api/v1/card/cancel')
  expect(again).toMatchObject({ code: 'A0200' })
  expect(again.data).toMatchObject({
    tid: trno,
    respCode: 'P10Q',
    respMessage: '취소거절/기취소거래',
    cancelAmount: '',
  })
  expect(await ksnet.journal(trno)).toEqual({ executed: 1, asked: 2 })
})

test('parts have a number from 1 to 9; by order and day too', async () => {
  const { trno, orderNo } = await ksnet.pay()
  expect((await ksnet.restCancel(trno, part('1000', '1'))).data).toMatchObject({
    respCode: '0000',
    cancelAmount: '1000',
  })
  expect((await ksnet.restCancel(trno, part('1000', '1'))).data).toMatchObject({ respCode: 'P105' })
  expect((await ksnet.restCancel(trno, part('1000', '0'))).data).toMatchObject({ respCode: '8038' })
  const named = { orgTradeKeyType: 'ORDER_NUMB', orgTradeKey: orderNo, orgTradeDate: '20261121' }
  const byOrder = await ksnet.rest('/api/v1/card/cancel', { ...part('2000', '2'), ...named })
  expect(byOrder.data).toMatchObject({ tid: trno, respCode: '0000', cancelAmount: '2000' })
  expect((await ksnet.restCancel(trno)).data).toMatchObject({ respCode: '6101' })
  const numbers = { cancelType: 'PARTIAL', cancelTotalAmount: 7000, cancelSeq: 3 }
  expect((await ksnet.restCancel(trno, numbers)).data).toMatchObject({ respCode: '0000' })
  expect(await ksnet.show(trno)).toMatchObject({ left: 0 })
})

test('a number by socket is the same number by REST', async () => {
  const { trno } = await ksnet.pay()
  await ksnet.part(trno, 1000, '01')
  expect((await ksnet.restCancel(trno, part('1000', '1'))).data).toMatchObject({ respCode: 'P105' })
})

test('a refusal has a number that is none, and its code twice', async () => {
  const { trno } = await ksnet.pay({ paidAt: '2026-05-20T12:00:00+09:00' })
  const answer = await ksnet.restCancel(trno)
  expect(answer).toMatchObject({ status: 200, code: 'A0201', message: 'Fail' })
  expect(answer.data).toMatchObject({
    tid: expect.stringMatching(/^Lbd\d{9}$/),
    respCode: '7003',
    respMessage: '취소거절기간경과/Tel:1544-6030',
    issuerCardType: 'UNDEFINED',
    issuerCardName: '미등록카드사',
    approvalNumb: '7003',
    cancelAmount: '',
  })
  expect((await ksnet.restCancel('199999999999')).data).toMatchObject({ respCode: 'P10O' })
})

test('a transfer: three zeros, part by part too; what is not there is 994', async () => {
  const { trno } = await ksnet.pay({ method: 'TRANSFER', paidAt: '2026-11-01T12:00:00+09:00' })
  expect((await ksnet.restCancel(trno)).data).toMatchObject({ respCode: 'P10B' })
  expect((await ksnet.restCancel(trno, part('4000', '1'), ACCOUNT)).data).toMatchObject({
    tid: trno,
    respCode: '000',
    cancelAmount: '4000',
    agencyType: '5',
    agencyName: '금융결제원',
    approvalNumb: expect.stringMatching(/^\d{12}$/),
  })
  const none = await ksnet.restCancel('298249999999', {}, ACCOUNT)
  expect(none).toMatchObject({ code: 'A0201' })
  expect(none.data).toMatchObject({ respCode: '994', respMessage: '취소거절/취소원거래없음' })
})

test('who asks has to be who it says, in 200 all the same', async () => {
  const { trno } = await ksnet.pay()
  const body = { cancelType: 'FULL', orgTradeKeyType: 'TID', orgTradeKey: trno }
  const path = '/api/v1/card/cancel'
  const missing = await ksnet.rest(path, body, plainMerchant.mid, {})
  expect(missing).toMatchObject({
    status: 200,
    code: 'A0403',
    message: 'Invalid authorization header format',
    data: null,
  })
  for (const authorization of ['Bearer x', plainMerchant.apiKey, 'pgapi'])
    expect(await ksnet.rest(path, body, plainMerchant.mid, { authorization })).toMatchObject({ code: 'A0403' })
  for (const authorization of ['pgapi nobodys', `pgapi ${escrowMerchant.apiKey}`])
    expect(await ksnet.rest(path, body, plainMerchant.mid, { authorization })).toMatchObject({ code: 'A0401' })
  expect(await ksnet.rest('/api/v1/card/nothing', body)).toMatchObject({ status: 200, code: 'A0403' })
  expect((await ksnet.rest(path, body, escrowMerchant.mid)).data).toMatchObject({ respCode: '6051' })
  expect(await ksnet.show(trno)).toMatchObject({ left: 10_000 })
})

test('what is missing, is no JSON, or cannot be said in EUC-KR is A0400', async () => {
  const { trno } = await ksnet.pay()
  for (const wrong of [
    { orgTradeKey: '' },
    { cancelType: '' },
    { orgTradeKeyType: '' },
    { mid: '' },
    { payload: '🙂' },
  ])
    expect(await ksnet.restCancel(trno, wrong)).toMatchObject({ status: 200, code: 'A0400' })
  expect(await ksnet.restCancel(trno, { payload: ['x'] })).toMatchObject({ code: 'A0400' })
})

test('an account is issued under either spelling; nothing of a card’s number is kept but its ends', async () => {
  const body = { orderNumb: 'ORD-1', totalAmount: '5000', bankType: 'NONGHYUP', virtAccountType: '0' }
  const due = { closeDateTime: '20261125235959' }
  const path = '/api/v1/vaccount/permanent'
  for (const names of [
    { userName: '홍길동', productName: '후드티' },
    { orderName: '홍길동', goodName: '후드티' },
  ]) {
    const { data } = await ksnet.rest(path, { ...body, ...names, ...due })
    expect(data).toMatchObject({ respCode: '0000', respMessage: '계좌요청완료', bankType: 'NONGHYUP' })
    expect(await ksnet.show(data?.['tid'] ?? '')).toMatchObject({
      status: 'ISSUED',
      accountNumber: data?.['virtualAccountNumb'],
    })
  }
  const noDue = await ksnet.rest(path, { ...body, userName: '홍길동', productName: '후드티' })
  expect(noDue.data).toMatchObject({ respCode: 'B013' })
  const card = { cardNumb: '4332901234561234', expiryDate: '2812', installMonth: '00', currencyType: 'KRW' }
  const order = { orderNumb: 'ORD-2', userName: '홍길동', productType: 'REAL', productName: '후드티' }
  const keyed = await ksnet.rest('/api/v1/card/pay/noncert', { ...order, ...card, totalAmount: '5000' })
  expect(keyed.data).toMatchObject({ respCode: '0000', issuerCardType: 'HYUNDAI', cardType: 'CREDIT' })
  expect(keyed.data?.['cardNumb']).toMatch(/^433290XXXXXX\d{4}$/)
  const late = await ksnet.rest('/api/v1/card/pay/noncert', {
    ...order,
    ...card,
    totalAmount: '5000',
    expiryDate: '2610',
  })
  expect(late.data).toMatchObject({ respCode: 'P10J' })
  const cert = { ...order, ...card, password2: '00', userInfo: '900101' }
  expect((await ksnet.rest('/api/v1/card/cert', cert)).data).toMatchObject({
    respCode: '0000',
    cardNumb: '433290XXXXXX1234',
  })
})
