// At the desk with KCP's module: a delivery, a lost answer that a person ends, a held settlement, and a check that tells no name.
import { expect, test } from './fixtures.ts'
import { newKcpPayment } from './kcp.ts'
import { expectWellMade } from './well-made.ts'

test.describe.configure({ mode: 'default' })

test('own delivery fills its number in; what is registered cannot be changed, and its settlement can be held', async ({
  owner,
  operator: page,
  control,
  baseURL,
}) => {
  const { id } = await newKcpPayment(owner, control, baseURL, { method: 'CARD', amount: 12_000, escrow: true })
  await page.goto(`/payments/${id}#shipment`)
  const part = page.locator('#shipment')
  await expect(part.getByText('배송등록 대기')).toBeVisible()
  await expect(part.getByText('구매확정 안내 이메일')).toHaveCount(0)
  await expect(part.getByLabel('택배사').getByRole('option', { name: 'SLX' })).toHaveCount(0)
  await part.getByLabel('택배사').selectOption('자가배송')
  await expect(part.getByLabel('운송장번호', { exact: true })).toHaveValue('0000')
  await part.getByRole('button', { name: '배송등록', exact: true }).click()
  await expect(part.getByText('배송등록 완료').first()).toBeVisible()
  await expect(part.getByText('KCP에는 등록한 배송정보를 바꾸는 방법이 없습니다')).toBeVisible()

  await part.getByRole('button', { name: '정산 보류하기' }).click()
  await part.getByLabel('보류 사유').fill('반품 협의 중')
  await expectWellMade(page)
  await part.getByRole('button', { name: '정산 보류 요청' }).click()
  await expect(part.getByText('정산이 보류되어 있습니다.', { exact: false })).toBeVisible()
  await expect(part.getByRole('list', { name: '처리 내역' })).toContainText('정산 보류 완료')
  await expect(part.getByRole('list', { name: '처리 내역' })).toContainText('반품 협의 중')
})

test('an answer that is lost is asked of nobody: a person looks at KCP, and says what became of it', async ({
  owner,
  operator: page,
  control,
  baseURL,
}) => {
  const { id, tno } = await newKcpPayment(owner, control, baseURL, { method: 'CARD', amount: 13_000, escrow: true })
  await control.post('/notices', { payment: tno, mode: 'withhold' })
  await control.post('/faults', { gateway: 'kcp', operation: 'escrow', fault: 'reply-lost', times: 1 })
  await page.goto(`/payments/${id}#shipment`)
  const part = page.locator('#shipment')
  await part.getByLabel('택배사').selectOption('CJ대한통운')
  await part.getByLabel('운송장번호', { exact: true }).fill('000123456789')
  await part.getByRole('button', { name: '배송등록', exact: true }).click()
  const orders = part.getByRole('list', { name: '처리 내역' })
  await expect(orders).toContainText('등록 결과 확인 중')
  await expect(orders).toContainText('다시 조회하거나 다시 보내지 않습니다')
  await orders.getByRole('button', { name: '결과 기록' }).click()
  const save = orders.getByRole('button', { name: '결과 기록하기' })
  await expect(save).toBeDisabled()
  await orders.getByRole('radio', { name: '처리되어 있습니다' }).check()
  await orders.getByLabel('확인한 내용').fill('관리자 화면에서 배송중 확인')
  await expectWellMade(page)
  await save.click()
  await expect(part.getByText('배송등록 완료').first()).toBeVisible()
  await expect(orders).toContainText('관리자 화면에서 배송중 확인')
  await expect(part.getByText('000123456789').first()).toBeVisible()
})

test('a check at KCP tells whether, not who; its number stays, and what KCP cannot be told is said first', async ({
  owner,
  operator: page,
  control,
  baseURL,
}) => {
  const wish = { method: 'VIRTUAL_ACCOUNT', status: 'VIRTUAL_ACCOUNT_ISSUED', amount: 9_000 }
  const { id, tno } = await newKcpPayment(owner, control, baseURL, wish)
  await control.post(`/payments/${tno}/deposit`, {})
  await expect(async () => {
    await page.goto(`/payments/${id}`)
    await expect(page.getByRole('button', { name: '취소하기' })).toBeEnabled({ timeout: 5_000 })
  }).toPass()
  await page.getByRole('button', { name: '취소하기' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('취소 금액', { exact: true }).fill('9,000')
  await sheet.getByLabel('취소 사유').fill('고객 변심')
  await expect(sheet).toContainText('KCP는 예금주 이름을 알려 주지 않고')
  await sheet.getByRole('combobox', { name: '은행' }).fill('국민')
  await page.getByRole('option', { name: '국민은행' }).first().click()
  await sheet.getByLabel('계좌번호').fill('110123456789')
  const holder = sheet.getByLabel('예금주', { exact: true })
  const check = sheet.getByRole('button', { name: '예금주 확인' })
  await holder.fill('홍,길동')
  await expect(sheet).toContainText('KCP에 보낼 수 없는 글자가 있습니다')
  await expect(check).toBeDisabled()
  await holder.fill('Hong Gildong')
  await expect(sheet).toContainText('KCP가 회사 이름이나 외국인 이름을 알아보지 못할 수 있습니다')
  await check.click()
  await expect(sheet).toContainText('입력한 예금주가 확인되지 않았습니다')
  await expect(sheet).toContainText('8999')
  await expect(sheet).toContainText(/확인 번호 \d{14}/)
  await holder.fill('홍길동')
  await check.click()
  await expect(sheet).toContainText('예금주가 확인되었습니다')
  await expect(sheet).toContainText(/KCP 모듈\(pp_cli\) 연동으로 확인/)
  await expectWellMade(page)
  const send = sheet.getByRole('button', { name: '9,000원 취소' })
  await expect(send).toBeEnabled()
  await send.click()
  await expect(sheet.getByRole('status')).toContainText('취소되었습니다')
})
