import { expect, test } from 'vitest'
import { firstStore, secondStore, useSandbox } from '../sandbox-under-test.ts'

const sandbox = useSandbox()

/** PortOne REST V2 1.16, `Payment`: what every answer must have, and what each status adds. */
const always =
  'status id transactionId merchantId storeId version requestedAt updatedAt statusChangedAt orderName amount currency customer origin'

const required: Record<string, string[]> = {
  READY: [],
  VIRTUAL_ACCOUNT_ISSUED: ['channel'],
  PAY_PENDING: ['channel'],
  PAID: ['channel', 'paidAt', 'disputes'],
  FAILED: ['failedAt', 'failure'],
  PARTIAL_CANCELLED: ['channel', 'cancellations', 'cancelledAt'],
  CANCELLED: ['channel', 'cancellations', 'cancelledAt'],
}

test.each(Object.entries(required))('a payment that is %s has every required field', async (status, more) => {
  const isCancelled = status === 'PARTIAL_CANCELLED' || status === 'CANCELLED'
  const method = status === 'VIRTUAL_ACCOUNT_ISSUED' ? 'VIRTUAL_ACCOUNT' : 'CARD'
  const { paymentId } = await sandbox.pay({ method, status: isCancelled ? 'PAID' : status })
  if (isCancelled) await sandbox.cancel(paymentId, status === 'CANCELLED' ? {} : { amount: 1 })
  const payment = await sandbox.sdk().payment.getPayment({ paymentId })
  expect(payment.status).toBe(status)
  for (const field of [...always.split(' '), ...more]) expect(payment, field).toHaveProperty(field)
})

test('a card payment looks as KSNET leaves it', async () => {
  const { paymentId, pgTxId, approvalNumber } = await sandbox.pay({ amount: 11_000, taxFree: 1000 })
  const payment = await sandbox.sdk().payment.getPayment({ paymentId })
  expect(pgTxId).toMatch(/^198240\d{6}$/)
  expect(approvalNumber).toMatch(/^\d{8}$/)
  expect(payment).toMatchObject({
    pgTxId,
    paidAt: '2026-11-21T03:00:00.000Z',
    receiptUrl: `${sandbox.baseUrl}/receipts/${pgTxId}`,
    channel: { type: 'LIVE', pgProvider: 'KSNET', pgMerchantId: '2041700123' },
    method: { type: 'PaymentMethodCard', approvalNumber, card: { number: expect.stringMatching(/^\d{6}\*{6}\d{4}$/) } },
    amount: {
      total: 11_000,
      taxFree: 1000,
      vat: 909,
      supply: 9091,
      discount: 0,
      paid: 11_000,
      cancelled: 0,
      cancelledTaxFree: 0,
    },
    customer: { name: '홍길동', phoneNumber: '01012345678', email: 'buyer@example.com' },
  })
})

test.each([
  ['CARD', '1', true],
  ['EASY_PAY', '1', true],
  ['TRANSFER', '2', false],
  ['VIRTUAL_ACCOUNT', '6', false],
  ['MOBILE', 'M', false],
])('%s: the trno begins with %s, and there is a slip: %s', async (method, first, hasSlip) => {
  const { paymentId, pgTxId } = await sandbox.pay({ method, status: 'PAID' })
  const payment = await sandbox.sdk().payment.getPayment({ paymentId })
  expect(pgTxId).toMatch(new RegExp(`^${first}98240\\d{6}$`))
  expect('receiptUrl' in payment).toBe(hasSlip)
})

test('K17: Kakao Pay and Payco give no card data, the others do', async () => {
  for (const [easyPayProvider, hasCard] of [
    ['KAKAOPAY', false],
    ['PAYCO', false],
    ['NAVERPAY', true],
  ] as const) {
    const { paymentId } = await sandbox.pay({ method: 'EASY_PAY', easyPayProvider })
    const { body } = await sandbox.raw('GET', `/payments/${paymentId}`)
    expect(body).toMatchObject({ method: { provider: easyPayProvider, easyPayMethod: { type: 'PaymentMethodCard' } } })
    expect(JSON.stringify(body).includes('"issuer"')).toBe(hasCard)
  }
})

test('ids with reserved characters survive the path', async () => {
  const paymentId = '주문/2026 #1?&%'
  await sandbox.pay({ paymentId })
  const payment = await sandbox.sdk().payment.getPayment({ paymentId })
  expect(payment).toMatchObject({ id: paymentId })
  const { cancellation } = await sandbox.sdk().payment.cancelPayment({ paymentId, reason: ' 그대로 "둔다" ' })
  expect(cancellation).toMatchObject({ status: 'SUCCEEDED', reason: ' 그대로 "둔다" ', trigger: 'API' })
})

test('a payment of another store is not found without naming it', async () => {
  const { paymentId } = await sandbox.pay({ storeId: secondStore })
  await expect(sandbox.sdk().payment.getPayment({ paymentId })).rejects.toMatchObject({
    data: { type: 'PAYMENT_NOT_FOUND' },
  })
  expect(await sandbox.sdk().payment.getPayment({ paymentId, storeId: secondStore })).toMatchObject({ id: paymentId })
  const stranger = sandbox.sdk().payment.getPayment({ paymentId, storeId: 'store-of-others' })
  await expect(stranger).rejects.toMatchObject({ data: { type: 'FORBIDDEN' } })
})

test('statuses of errors: 401, 403, 404, 400', async () => {
  const wrong = await sandbox.raw('GET', '/payments/x', { headers: { authorization: 'PortOne wrong' } })
  expect(wrong).toMatchObject({ status: 401, body: { type: 'UNAUTHORIZED' } })
  expect(await sandbox.raw('GET', '/payments/x?storeId=y')).toMatchObject({ status: 403, body: { type: 'FORBIDDEN' } })
  expect(await sandbox.raw('GET', '/payments/x')).toMatchObject({ status: 404, body: { type: 'PAYMENT_NOT_FOUND' } })
  expect(await sandbox.raw('GET', '/payments/%zz')).toMatchObject({ status: 400, body: { type: 'INVALID_REQUEST' } })
  expect(await sandbox.raw('GET', '/elsewhere')).toMatchObject({
    status: 404,
    body: { type: 'SANDBOX_NO_SUCH_OPERATION' },
  })
  const noJson = await sandbox.raw('POST', '/payments/x/cancel', { body: '{' })
  expect(noJson).toMatchObject({ status: 400, body: { type: 'INVALID_REQUEST' } })
  expect(await sandbox.raw('POST', '/payments/x/cancel', { body: '{}' })).toMatchObject({ status: 400 })
})

test('the list by page: filters, order, total', async () => {
  const card = await sandbox.pay({ paidAt: '2026-11-20T12:00:00+09:00' })
  const kakao = await sandbox.pay({ method: 'EASY_PAY', paidAt: '2026-11-19T12:00:00+09:00' })
  const other = await sandbox.pay({ storeId: secondStore })
  await sandbox.pay({ paidAt: '2026-06-01T12:00:00+09:00' })
  const list = async (filter: object, page?: { number: number; size: number }) => {
    const answer = await sandbox.sdk().payment.getPayments({ filter, ...(page ? { page } : {}) })
    return { ids: answer.items.map((payment) => ('id' in payment ? payment.id : '')), total: answer.page.totalCount }
  }
  expect(await list({})).toEqual({ ids: [other.paymentId, card.paymentId, kakao.paymentId], total: 3 })
  expect(await list({}, { number: 1, size: 2 })).toEqual({ ids: [kakao.paymentId], total: 3 })
  expect((await list({ sortOrder: 'ASC' })).ids[0]).toBe(kakao.paymentId)
  expect((await list({ storeId: secondStore })).ids).toEqual([other.paymentId])
  expect((await list({ methods: ['EASY_PAY'] })).ids).toEqual([kakao.paymentId])
  expect((await list({ isTest: false, storeId: firstStore })).total).toBe(2)
  expect((await list({ from: '2026-01-01T00:00:00Z' })).total).toBe(4)
  await sandbox.cancel(card.paymentId, {})
  expect((await list({ status: ['CANCELLED'] })).ids).toEqual([card.paymentId])
  expect((await list({ timestampType: 'CREATED_AT', until: '2026-11-20T12:00:00+09:00' })).total).toBe(2)
})

test.each(['PAYMENT_ID', 'PG_TX_ID', 'TX_ID', 'CARD_APPROVAL_NUMBER', 'ALL'] as const)(
  'text search on %s',
  async (field) => {
    const wanted = await sandbox.pay()
    await sandbox.pay({ method: 'MOBILE' })
    const values = {
      PAYMENT_ID: wanted.paymentId,
      PG_TX_ID: wanted.pgTxId ?? '',
      TX_ID: wanted.transactionId,
      CARD_APPROVAL_NUMBER: wanted.approvalNumber ?? '',
      ALL: wanted.approvalNumber ?? '',
    }
    const { items } = await sandbox
      .sdk()
      .payment.getPayments({ filter: { textSearch: [{ field, value: values[field] }] } })
    expect(items).toMatchObject([{ id: wanted.paymentId }])
  },
)

test('the list refuses what its schema refuses', async () => {
  const list = (body: object) => sandbox.raw('GET', `/payments?requestBody=${encodeURIComponent(JSON.stringify(body))}`)
  for (const body of [
    { filter: { status: ['PAY_PENDING'] } },
    { filter: { textSearch: [{ field: 'NOTHING', value: 'x' }] } },
    { filter: { from: '2026-01-01' } },
    { filter: { cardBrand: 'VISA' } },
    { page: { number: 6000, size: 10 } },
  ]) {
    expect(await list(body), JSON.stringify(body)).toMatchObject({ status: 400, body: { type: 'INVALID_REQUEST' } })
  }
  expect(await list({ filter: { storeId: 'y' } })).toMatchObject({ status: 403 })
  expect(await list({ filter: { somethingNew: 1 } })).toMatchObject({ status: 200 })
})

test('both feeds give everything once, page by page, in either order', async () => {
  const ids: string[] = []
  for (let index = 0; index < 5; index++) ids.push((await sandbox.pay()).paymentId)
  for (const cursorOrder of ['ASC', 'DESC']) {
    await sandbox.control('POST', '/settings', { cursorOrder })
    const seen: string[] = []
    let cursor: string | undefined
    for (let page = 0; page < 4; page++) {
      const { items } = await sandbox.sdk().payment.getAllPaymentsByCursor({ size: 2, ...(cursor ? { cursor } : {}) })
      seen.push(...items.map(({ payment }) => ('id' in payment ? payment.id : '')))
      cursor = items.at(-1)?.cursor
    }
    expect(seen.toSorted()).toEqual(ids.toSorted())
  }
  expect(await sandbox.raw('GET', '/payments-by-cursor?requestBody={"cursor":"x"}')).toMatchObject({ status: 400 })
})

test('the event feed is a ledger', async () => {
  const { paymentId } = await sandbox.pay()
  await sandbox.cancel(paymentId, { amount: 3000 })
  await sandbox.clock('2026-11-21T13:00:00+09:00')
  await sandbox.cancel(paymentId, {})
  const { items } = await sandbox.sdk().payment.getAllPaymentEventsByCursor({ storeId: firstStore, size: 100 })
  const ledger = items.map(({ paymentEvent }) => paymentEvent)
  expect(ledger).toHaveLength(3)
  expect(ledger).toContainEqual(expect.objectContaining({ type: 'PAID', eventAmount: 10_000, disputes: [] }))
  expect(ledger).toContainEqual(expect.objectContaining({ type: 'PARTIAL_CANCELLED', eventAmount: -3000 }))
  expect(ledger.at(-1)).toMatchObject({ type: 'CANCELLED', eventAmount: -7000, cancellation: { totalAmount: 7000 } })
})

test('escrow: registered at once, changed only later (K11), by delivery and buyer after that', async () => {
  const { paymentId } = await sandbox.pay({ escrow: true })
  const logistics = { company: 'CJ', invoiceNumber: '123', sentAt: '2026-11-21T12:10:00+09:00' } as const
  const { payment } = sandbox.sdk()
  await expect(payment.modifyEscrowLogistics({ paymentId, logistics })).rejects.toMatchObject({
    data: { pgCode: 'SBX-ESCROW-UNREGISTERED' },
  })
  expect(await payment.applyEscrowLogistics({ paymentId, logistics })).toMatchObject({
    invoiceNumber: '123',
    appliedAt: expect.any(String),
  })
  await expect(payment.modifyEscrowLogistics({ paymentId, logistics })).rejects.toMatchObject({
    data: { pgCode: 'SBX-ESCROW-EARLY' },
  })
  await expect(payment.applyEscrowLogistics({ paymentId, logistics })).rejects.toMatchObject({
    data: { pgCode: 'SBX-ESCROW-REGISTERED' },
  })
  await sandbox.clock('2026-11-21T12:30:00+09:00')
  const changed = { ...logistics, invoiceNumber: '456' }
  expect(await payment.modifyEscrowLogistics({ paymentId, logistics: changed })).toMatchObject({
    invoiceNumber: '456',
    modifiedAt: expect.any(String),
  })
  expect(await payment.getPayment({ paymentId })).toMatchObject({
    escrow: { status: 'REGISTERED', company: 'CJ', invoiceNumber: '456' },
  })
  await sandbox.control('POST', `/payments/${paymentId}/escrow`, { status: 'CONFIRMED' })
  expect(await payment.getPayment({ paymentId })).toMatchObject({
    escrow: { status: 'CONFIRMED', isAutomaticallyConfirmed: false },
  })
})

test('escrow refuses: a plain payment, an unpaid one, a time without a zone', async () => {
  const logistics = { company: 'CJ', invoiceNumber: '123', sentAt: '2026-11-21T12:10:00Z' }
  const register = (paymentId: string, form: object) =>
    sandbox.raw('POST', `/payments/${paymentId}/escrow/logistics`, { body: JSON.stringify({ logistics: form }) })
  const plain = await sandbox.pay()
  expect(await register(plain.paymentId, logistics)).toMatchObject({ status: 502, body: { pgCode: 'SBX-ESCROW-NONE' } })
  const issued = await sandbox.pay({ method: 'VIRTUAL_ACCOUNT', escrow: true })
  expect(await register(issued.paymentId, logistics)).toMatchObject({ status: 409, body: { type: 'PAYMENT_NOT_PAID' } })
  for (const form of [
    { ...logistics, sentAt: '2026-11-21 12:10' },
    { ...logistics, company: 'NOBODY' },
  ]) {
    expect(await register(plain.paymentId, form)).toMatchObject({ status: 400, body: { type: 'INVALID_REQUEST' } })
  }
})

test('K12: without the contract an escrow payment goes through as a plain one', async () => {
  await sandbox.control('POST', '/settings', { escrowContract: false })
  const { paymentId } = await sandbox.pay({ escrow: true })
  expect(await sandbox.sdk().payment.getPayment({ paymentId })).not.toHaveProperty('escrow')
})

test('a virtual account: issued, paid by deposit, or closed', async () => {
  const { payment } = sandbox.sdk()
  const paid = await sandbox.pay({ method: 'VIRTUAL_ACCOUNT' })
  expect(await payment.getPayment(paid)).toMatchObject({
    status: 'VIRTUAL_ACCOUNT_ISSUED',
    method: { remitteeName: '전표상점' },
    amount: { paid: 0 },
  })
  await sandbox.control('POST', `/payments/${paid.paymentId}/deposit`)
  expect(await payment.getPayment(paid)).toMatchObject({ status: 'PAID', amount: { paid: 10_000 } })
  await expect(payment.closeVirtualAccount(paid)).rejects.toMatchObject({
    data: { type: 'PAYMENT_NOT_WAITING_FOR_DEPOSIT' },
  })

  const closed = await sandbox.pay({ method: 'VIRTUAL_ACCOUNT' })
  expect(await payment.closeVirtualAccount(closed)).toEqual({ closedAt: '2026-11-21T03:00:00.000Z' })
  expect(await payment.getPayment(closed)).toMatchObject({
    status: 'CANCELLED',
    amount: { paid: 0 },
    cancellations: [{ totalAmount: 10_000 }],
  })
  const events = await payment.getAllPaymentEventsByCursor({ size: 100 })
  expect(JSON.stringify(events)).not.toContain(closed.paymentId)
})

test('U6: a closed account may become FAILED; money may still come late', async () => {
  await sandbox.control('POST', '/settings', { vaCloseStatus: 'FAILED' })
  const { paymentId } = await sandbox.pay({ method: 'VIRTUAL_ACCOUNT' })
  const { payment } = sandbox.sdk()
  await payment.closeVirtualAccount({ paymentId })
  expect(await payment.getPayment({ paymentId })).toMatchObject({
    status: 'FAILED',
    failure: { pgCode: 'SBX-VA-CLOSED' },
  })
  expect(await sandbox.ask('POST', `/payments/${paymentId}/deposit`)).toMatchObject({ status: 400 })
  await sandbox.control('POST', `/payments/${paymentId}/deposit`, { late: true, amount: 9000 })
  expect(await payment.getPayment({ paymentId })).toMatchObject({
    status: 'PAID',
    amount: { total: 10_000, paid: 9000 },
  })
})

test('K6: a one-off virtual account takes no tax split', async () => {
  expect(await sandbox.pay({ method: 'VIRTUAL_ACCOUNT', taxFree: 1000 })).toMatchObject({ taxFree: 0 })
  expect(await sandbox.pay({ method: 'VIRTUAL_ACCOUNT', taxFree: 1000, accountType: 'FIXED' })).toMatchObject({
    taxFree: 1000,
  })
  await sandbox.control('POST', '/settings', { oneOffVaTax: 'reject' })
  const refused = await sandbox.ask('POST', '/payments', {
    gateway: 'portone',
    method: 'VIRTUAL_ACCOUNT',
    amount: 10_000,
    taxFree: 1000,
  })
  expect(refused).toMatchObject({ status: 400 })
})

test('K18: a cash receipt of the window survives the cancel, and is cancelled by itself', async () => {
  const { paymentId } = await sandbox.pay({ method: 'TRANSFER', cashReceipt: { number: '01012345678' } })
  await sandbox.cancel(paymentId, {})
  const { payment } = sandbox.sdk()
  expect(await payment.getPayment({ paymentId })).toMatchObject({
    status: 'CANCELLED',
    cashReceipt: { status: 'ISSUED' },
  })
  expect(await payment.cashReceipt.getCashReceiptByPaymentId({ paymentId })).toMatchObject({
    status: 'ISSUED',
    amount: 10_000,
    isManual: false,
  })
  expect(await payment.cashReceipt.cancelCashReceiptByPaymentId({ paymentId })).toMatchObject({
    cancelledAmount: 10_000,
  })
  expect(await payment.cashReceipt.getCashReceiptByPaymentId({ paymentId })).toMatchObject({
    status: 'CANCELLED',
    cancelledAt: expect.any(String),
  })
  await expect(payment.cashReceipt.cancelCashReceiptByPaymentId({ paymentId })).rejects.toMatchObject({
    data: { type: 'CASH_RECEIPT_NOT_ISSUED' },
  })
})

test('K19: a receipt number with a dash is paid without a receipt', async () => {
  const { paymentId } = await sandbox.pay({ method: 'TRANSFER', cashReceipt: { number: '010-1234-5678' } })
  const { payment } = sandbox.sdk()
  expect(await payment.getPayment({ paymentId })).toMatchObject({
    status: 'PAID',
    cashReceiptIssuanceStatus: 'NOT_ISSUED',
  })
  await expect(payment.cashReceipt.getCashReceiptByPaymentId({ paymentId })).rejects.toMatchObject({
    data: { type: 'CASH_RECEIPT_NOT_FOUND' },
  })
})

test('a cash receipt is issued again for the rest', async () => {
  const input = {
    paymentId: 'sale-outside',
    channelKey: 'channel-key-00000000-0000-4000-8000-000000000012',
    type: 'PERSONAL',
    orderName: '현장 판매',
    currency: 'KRW',
    amount: { total: 5500 },
    customer: { identityNumber: '01012345678' },
  } as const
  const { cashReceipt } = sandbox.sdk().payment
  expect(await cashReceipt.issueCashReceipt(input)).toMatchObject({
    cashReceipt: { issueNumber: expect.stringMatching(/^\d{9}$/) },
  })
  await expect(cashReceipt.issueCashReceipt(input)).rejects.toMatchObject({
    data: { type: 'CASH_RECEIPT_ALREADY_ISSUED' },
  })
  await cashReceipt.cancelCashReceiptByPaymentId(input)
  await cashReceipt.issueCashReceipt(input)
  const unknown = { ...input, channelKey: 'channel-key-00000000-0000-4000-8000-000000000021' }
  await expect(cashReceipt.issueCashReceipt(unknown)).rejects.toMatchObject({ data: { type: 'CHANNEL_NOT_FOUND' } })
})

test('the account holder: a product of its own', async () => {
  const { account } = sandbox.sdk().platform
  const ask = (accountNumber: string, bank: 'SHINHAN' | 'HSBC' = 'SHINHAN') =>
    account.getPlatformAccountHolder({ bank, accountNumber })
  await expect(ask('110123456789')).rejects.toMatchObject({ data: { type: 'PLATFORM_NOT_ENABLED' } })
  await sandbox.control('POST', '/settings', { platform: true })
  expect(await ask('110123456789')).toMatchObject({ holderName: '홍길동', accountVerificationId: expect.any(String) })
  expect(await ask('110222333444')).toMatchObject({ holderName: '홍길순' })
  await expect(ask('110000000001')).rejects.toMatchObject({ data: { type: 'PLATFORM_EXTERNAL_API_FAILED' } })
  await expect(ask('110000000002')).rejects.toMatchObject({
    data: { type: 'PLATFORM_EXTERNAL_API_TEMPORARILY_FAILED' },
  })
  await expect(ask('110-12')).rejects.toMatchObject({ data: { type: 'INVALID_REQUEST' } })
  await expect(ask('110123456789', 'HSBC')).rejects.toMatchObject({ data: { type: 'PLATFORM_NOT_SUPPORTED_BANK' } })
})

test('the banks need no secret', async () => {
  const answer = await sandbox.raw('GET', '/banks', { headers: { authorization: '' } })
  expect(answer).toMatchObject({
    status: 200,
    body: { items: expect.arrayContaining([{ bank: 'SHINHAN', name: { ko: '신한은행' } }]) },
  })
})

test('the slip is a page (K21: it prints by itself)', async () => {
  const { pgTxId } = await sandbox.pay()
  const slip = await sandbox.raw('GET', `/receipts/${pgTxId}`, { headers: { authorization: '' } })
  expect(slip.text).toContain('10,000원')
  expect(slip.text).toContain('print()')
})
