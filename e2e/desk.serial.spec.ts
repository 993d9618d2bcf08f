// By hours of the day that these set, and with a gateway that stays silent: alone.
import { Buffer } from 'node:buffer'
import { expect, test, type Control } from './fixtures.ts'
import { withDatabase } from './database.ts'
import { ACCOUNT, pressAndAnswer, signedInFreshly, typeAccount } from './desk.ts'
import { fillSheet, idOf, journalOf, newPayment, openPayment, viewOf, type Made } from './payments.ts'
import { expectWellMade } from './well-made.ts'

const seoulDay = () => new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10)
const at = (control: Control, time: string) =>
  control.post('/clock', { now: `${seoulDay()}T${time}+09:00`, ticking: true })

const paidAccount = (control: Control): Promise<Made> =>
  newPayment(control, {
    amount: 10_000,
    method: 'VIRTUAL_ACCOUNT',
    status: 'PAID',
    paidAt: new Date(Date.now() - 86_400_000).toISOString(),
  })

test.afterEach(async ({ control }) => {
  await control.delete('/faults')
  await control.post('/clock', { now: null })
  await withDatabase((client) => client.query(`UPDATE "GatewayAccount" SET "holderCheck" = NULL`))
})

test('a refund into an account whose holder the gateway confirmed; an edit after the check drops it', async ({
  operator: page,
  control,
}) => {
  const payment = await paidAccount(control)
  await at(control, '12:00:00')
  const id = await openPayment(page, payment)
  await page.getByRole('button', { name: '취소하기' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('취소 금액', { exact: true }).fill('3,000')
  await sheet.getByLabel('취소 사유').fill('고객 변심')
  const send = sheet.getByRole('button', { name: '3,000원 취소' })
  await expect(send).toBeDisabled()
  await typeAccount(sheet, { ...ACCOUNT, holder: '홍길순' })
  await sheet.getByRole('button', { name: '예금주 확인' }).click()
  await expect(sheet.getByText('예금주가 다릅니다')).toBeVisible()
  await expect(send).toBeDisabled()
  await sheet.getByLabel('예금주', { exact: true }).fill(ACCOUNT.holder)
  await expect(sheet.getByText('계좌가 바뀌었습니다. 다시 확인해 주십시오')).toBeVisible()
  await sheet.getByRole('button', { name: '예금주 확인' }).click()
  await expect(sheet.getByText('예금주가 확인되었습니다', { exact: true })).toBeVisible()
  await expect(sheet.getByRole('timer').first()).toContainText('9분')
  await expect(sheet.getByText(/국민은행 \*\*\*\*6789 홍\*동 계좌로 환불합니다/)).toBeVisible()
  await expect(send).toBeEnabled()
  await sheet.getByLabel('계좌번호').fill('110222333444')
  await expect(sheet.getByText('계좌가 바뀌었습니다. 다시 확인해 주십시오')).toBeVisible()
  await expect(send).toBeDisabled()
  expect(await journalOf(control, payment)).toEqual({ executed: 0, asked: 0 })
  await sheet.getByLabel('계좌번호').fill(ACCOUNT.number)
  await sheet.getByRole('button', { name: '예금주 확인' }).click()
  await expect(send).toBeEnabled()
  await send.click()
  await expect(sheet.getByRole('status')).toContainText('취소되었습니다')
  expect(await journalOf(control, payment)).toEqual({ executed: 1, asked: 1 })
  await page.reload()
  await expect(page.getByText('환불 계좌 국민은행 ****6789 홍*동').first()).toBeVisible()
  expect(await page.content()).not.toContain(ACCOUNT.number)
  expect((await viewOf(page, id)).refunded).toBe(3_000)
})

test('at night it is taken for the morning, shown as scheduled, and withdrawn', async ({ operator: page, control }) => {
  const payment = await paidAccount(control)
  await at(control, '01:30:00')
  const id = await openPayment(page, payment)
  await expect(page.getByText('06:00:00').first()).toBeVisible()
  await page.getByRole('button', { name: '취소하기' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('취소 금액', { exact: true }).fill('3,000')
  await sheet.getByLabel('취소 사유').fill('고객 변심')
  await typeAccount(sheet)
  await sheet.getByRole('button', { name: '예금주 확인' }).click()
  await expect(sheet.getByText('예금주가 확인되었습니다', { exact: true })).toBeVisible()
  await sheet.getByRole('button', { name: '3,000원 06:00에 취소' }).click()
  await expect(sheet.getByRole('status')).toContainText('자동으로 보냅니다')
  expect((await viewOf(page, id)).cancellations.map((one) => one.state)).toEqual(['SCHEDULED'])
  await page.goto('/cancellations?view=scheduled')
  const card = page.getByRole('listitem').filter({ hasText: payment.pgTxId ?? payment.paymentId })
  await expect(card).toContainText('06:00:00')
  await card.getByRole('button', { name: '예약 철회' }).click()
  await expect(card).toHaveCount(0)
  const after = await viewOf(page, id)
  expect([after.cancellations.map((one) => one.state), after.left]).toEqual([['WITHDRAWN'], 10_000])
  expect(await journalOf(control, payment)).toEqual({ executed: 0, asked: 0 })
})

test('where the gateway cannot check holders, a bankbook and a second person prove the account', async ({
  operator,
  manager,
  control,
}) => {
  const payment = await paidAccount(control)
  await at(control, '12:00:00')
  // As the gateway's own answer leaves it: its look-up is not part of the contract.
  await withDatabase((client) => client.query(`UPDATE "GatewayAccount" SET "holderCheck" = 'not_enabled'`))
  const id = await openPayment(operator, payment)
  await operator.getByRole('button', { name: '취소하기' }).click()
  const sheet = operator.getByRole('dialog')
  await expect(sheet).toContainText('파트너 정산')
  await sheet.getByLabel('취소 금액', { exact: true }).fill('3,000')
  await sheet.getByLabel('취소 사유').fill('고객 변심')
  await typeAccount(sheet)
  const ask = sheet.getByRole('button', { name: '다른 사람에게 확인 요청' })
  const file = sheet.getByLabel('통장 사본')
  await file.setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('x') })
  await expect(sheet.getByRole('alert').first()).toContainText('PDF, PNG, JPEG, WebP 파일만')
  await file.setInputFiles({ name: 'big.png', mimeType: 'image/png', buffer: Buffer.alloc(2 * 1024 * 1024 + 1) })
  await expect(sheet.getByRole('alert').first()).toContainText('2MB를 넘는')
  await expect(ask).toBeDisabled()
  await file.setInputFiles({ name: 'book.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%copy\n') })
  await expect(sheet.getByText('올렸습니다: book.pdf')).toBeVisible()
  await ask.click()
  await expect(sheet.getByText('다른 사람의 확인을 기다립니다').first()).toBeVisible()
  await expect(sheet.getByRole('button', { name: '3,000원 취소' })).toBeDisabled()

  await signedInFreshly()
  await manager.goto(`/payments/${id}`)
  await manager.getByRole('button', { name: '취소하기' }).click()
  await manager.getByRole('dialog').getByRole('button', { name: '예금주가 맞음을 확인' }).click()
  await expect(manager.getByRole('dialog').getByText('확인됨').first()).toBeVisible()

  const send = sheet.getByRole('button', { name: '3,000원 취소' })
  await expect(send).toBeEnabled()
  await send.click()
  await expect(sheet.getByRole('status')).toContainText('취소되었습니다')
  expect((await viewOf(operator, id)).refunded).toBe(3_000)
})

test('what nobody can tell is decided by two people with evidence, marked, and later seen in the gateway’s record', async ({
  operator,
  manager,
  owner,
  control,
}) => {
  const payment = await newPayment(control, { amount: 5_000 })
  const id = await openPayment(operator, payment)
  await control.post('/notices', { payment: payment.paymentId, mode: 'withhold' })
  await control.post('/faults', { gateway: 'portone', operation: 'cancel', fault: 'reply-lost', times: 1 })
  await control.post('/faults', { gateway: 'portone', operation: 'cancel', fault: 'html-502', times: 50 })
  await control.post('/faults', { gateway: 'portone', operation: 'inquire', fault: 'html-502', times: 50 })
  await control.post('/faults', { gateway: 'portone', operation: 'list', fault: 'html-502', times: 50 })
  await control.post('/faults', { gateway: 'portone', operation: 'cursor', fault: 'html-502', times: 50 })
  await fillSheet(operator, '1,000')
  await operator.getByRole('dialog').getByRole('button', { name: '1,000원 취소' }).click()
  await expect(operator.getByRole('dialog').getByRole('status')).toContainText('결과를 확인하고 있습니다')

  await manager.goto('/cancellations?view=confirming')
  const card = manager.getByRole('listitem').filter({ hasText: payment.pgTxId ?? payment.paymentId })
  await expect(card).toContainText('1,000원 취소')
  await expect(card).toContainText('게이트웨이에 문의')
  await expect(card.getByRole('button', { name: '결과 확정' })).toBeDisabled()
  await expectWellMade(manager)
  for (const _ of ['first', 'second', 'third']) {
    await card.getByRole('button', { name: '지금 확인' }).click()
    await expect(card.getByRole('button', { name: '지금 확인' })).toBeEnabled()
  }
  await control.post('/clock', { now: new Date(Date.now() + 4 * 3_600_000).toISOString(), ticking: true })
  await manager.reload()
  await card.getByRole('button', { name: '결과 확정' }).click()
  const sheet = manager.getByRole('dialog')
  await sheet.getByLabel('취소되었음').check()
  await sheet.getByRole('textbox', { name: '취소 승인번호', exact: true }).fill('00876543')
  await sheet.getByLabel('취소 승인번호 다시 입력').fill('00876544')
  await expect(sheet.getByText('두 번호가 다릅니다.')).toBeVisible()
  await sheet.getByLabel('설명').fill('관리자 페이지에서 취소 내역을 확인했습니다')
  await expect(sheet.getByRole('button', { name: '확정 제안' })).toBeDisabled()
  await sheet.getByLabel('취소 승인번호 다시 입력').fill('00876543')
  await expectWellMade(manager)
  await withDatabase((client) => client.query(`UPDATE "Session" SET "steppedUpAt" = now() - interval '1 hour'`))
  await pressAndAnswer(manager, sheet.getByRole('button', { name: '확정 제안' }))
  await expect(card).toContainText('확정 제안: 취소되었음')
  await expect(card.getByRole('button', { name: '동의하고 확정' })).toBeDisabled()

  await owner.goto('/cancellations?view=confirming')
  const theirs = owner.getByRole('listitem').filter({ hasText: payment.pgTxId ?? payment.paymentId })
  await pressAndAnswer(owner, theirs.getByRole('button', { name: '동의하고 확정' }))
  await expect(theirs).toHaveCount(0)
  await owner.goto(`/payments/${id}`)
  await expect(owner.getByText(/사람이 확정함: 취소되었음/).first()).toBeVisible()
  await expect(owner.getByText('게이트웨이 기록에서는 아직 확인되지 않았습니다').first()).toBeVisible()
  expect((await viewOf(owner, id)).refunded).toBe(1_000)
  await control.delete('/faults')
  await owner.getByRole('button', { name: '다시 조회' }).click()
  await expect(owner.getByText(/이후 게이트웨이 기록에서 확인됨/).first()).toBeVisible()
  expect((await viewOf(owner, id)).refunded).toBe(1_000)
  expect((await journalOf(control, payment)).executed).toBe(1)
})

test('a store that is stopped takes nothing, says who stopped it and why, and goes on when resumed', async ({
  manager,
  operator,
  control,
}) => {
  await signedInFreshly()
  const payment = await newPayment(control, { amount: 5_000 })
  await openPayment(operator, payment)
  await manager.goto('/stores')
  const store = manager.getByRole('region', { name: '본점' })
  await store.getByLabel('중지 사유').fill('게이트웨이 점검')
  await store.getByRole('button', { name: '전송 중지' }).click()
  await expect(store.getByText('사유: 게이트웨이 점검')).toBeVisible()
  try {
    await fillSheet(operator, '1,000')
    await operator.getByRole('dialog').getByRole('button', { name: '1,000원 취소' }).click()
    await expect(operator.getByRole('dialog').getByRole('alert').first()).toContainText('게이트웨이 점검')
    expect(await journalOf(control, payment)).toEqual({ executed: 0, asked: 0 })
  } finally {
    await store.getByRole('button', { name: '전송 재개' }).click()
    await expect(manager.getByText('사유: 게이트웨이 점검')).toHaveCount(0)
  }
  await operator.getByRole('dialog').getByRole('button', { name: '1,000원 취소' }).click()
  await expect(operator.getByRole('dialog').getByRole('status')).toContainText('취소되었습니다')
})

test('above the store’s limit the password is asked once more, and the same cancel is then taken once', async ({
  operator: page,
  control,
}) => {
  const payment = await newPayment(control, { amount: 1_500_000 })
  const id = await openPayment(page, payment)
  await withDatabase((client) => client.query(`UPDATE "Session" SET "steppedUpAt" = now() - interval '1 hour'`))
  await page.getByRole('button', { name: '취소하기' }).click()
  const sheet = page.getByRole('dialog', { name: '결제 취소' })
  await sheet.getByLabel('취소 사유').fill('고객 변심')
  await expect(sheet).toContainText('한 번 더 확인합니다')
  await pressAndAnswer(page, sheet.getByRole('button', { name: '1,500,000원 취소 승인 요청' }))
  await expect(sheet.getByRole('status')).toContainText('승인을 기다립니다')
  expect((await viewOf(page, id)).cancellations.map((one) => one.state)).toEqual(['AWAITING_APPROVAL'])
  await sheet.getByRole('button', { name: '취소 철회' }).click()
  await expect(sheet.getByRole('status')).toContainText('철회되었습니다')
  expect(await journalOf(control, payment)).toEqual({ executed: 0, asked: 0 })
})

test('a cash receipt that survives its payment is cancelled and issued again for the rest, and its task ends by itself', async ({
  operator: page,
  control,
}) => {
  // At night the gateway takes no refund of a virtual account, wherever it is asked for.
  await at(control, '12:00:00')
  const payment = await newPayment(control, {
    amount: 10_000,
    taxFree: 4_000,
    method: 'VIRTUAL_ACCOUNT',
    accountType: 'FIXED',
    cashReceipt: { type: 'PERSONAL', number: '01012341234' },
  })
  const id = await idOf(page, payment)
  await control.post('/outside-cancel', {
    payment: payment.paymentId,
    amount: 3_000,
    taxFree: 1_000,
    where: 'portone-console',
  })
  await expect(async () => expect((await viewOf(page, id)).refunded).toBe(3_000)).toPass()
  await page.goto('/tasks?kind=cash_receipt_reissue')
  const row = page.getByRole('listitem').filter({ hasText: payment.pgTxId ?? payment.paymentId })
  await row.getByRole('link', { name: '현금영수증으로 이동' }).click()
  await expect(page).toHaveURL(/#cash-receipt$/)
  await page.getByRole('button', { name: '현금영수증 취소' }).click()
  const sheet = page.getByRole('dialog')
  await expect(sheet).toContainText('10,000원 현금영수증을 전액 취소합니다')
  await sheet.getByRole('button', { name: '현금영수증 취소' }).click()
  await page.getByRole('button', { name: '다시 발급' }).click()
  await expect(sheet.getByLabel('발급 금액')).toHaveValue('7,000')
  await expect(sheet.getByLabel('면세 금액')).toHaveValue('3,000')
  await sheet.getByLabel('휴대폰 번호 또는 주민등록번호').fill('010-1234-5678')
  await sheet.getByRole('button', { name: '7,000원 현금영수증 발급' }).click()
  await expect(page.getByText('발급 완료').first()).toBeVisible()
  await expect(page.getByText('****5678')).toBeVisible()
  await expect(page.getByText('복합과세 결제를 부분취소했습니다')).toHaveCount(0)
})
