// KCP accounts in the browser: by its program and by REST, what each needs, what "Test" says of it, and what is refused.
import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { escrowSite, plainSite, secondPlainSite } from '../sandbox/kcp/merchant.ts'
import { signedInFreshly } from './desk.ts'
import { expect, test } from './fixtures.ts'
import { expectWellMade } from './well-made.ts'

const dialog = (page: Page) => page.getByRole('dialog', { name: '연동 추가' })

/** A store of its own, so that no other test meets its accounts. */
async function newStore(page: Page): Promise<string> {
  const name = `KCP 상점 ${randomUUID().slice(0, 8)}`
  await page.goto('/accounts')
  await page.getByRole('button', { name: '상점 추가' }).click()
  const sheet = page.getByRole('dialog', { name: '상점 추가' })
  await sheet.getByLabel('상점 이름').fill(name)
  await sheet.getByRole('button', { name: '상점 추가' }).click()
  await expect(page.getByRole('region', { name })).toBeVisible()
  return name
}

async function openForm(page: Page, store: string, way: string, name: string) {
  await page.getByRole('button', { name: '연동 추가' }).click()
  const sheet = dialog(page)
  await sheet.getByLabel('상점', { exact: true }).selectOption(store)
  await sheet.getByLabel('게이트웨이').selectOption('NHN KCP')
  await sheet.getByRole('radio', { name: way }).check()
  await sheet.getByLabel('연동 이름').fill(name)
  return sheet
}
const account = (page: Page, store: string, name: string) =>
  page.getByRole('region', { name: store }).getByRole('article', { name, exact: true })

test('by module: the form says what is assumed, the key is never seen again, and "Test" says what it does not prove', async ({
  owner: page,
}) => {
  await signedInFreshly()
  const store = await newStore(page)
  const sheet = await openForm(page, store, 'KCP 모듈(pp_cli)', 'KCP 모듈')
  await expect(sheet.getByText('공개 문서에 없거나 문서마다 다른 값입니다').first()).toBeVisible()
  await expect(sheet.getByLabel('계좌인증 거래 코드(tx_cd) (선택)')).toHaveValue('00100000')
  await expect(sheet.getByText('가상계좌 환불과 말소, 에스크로, 계좌인증을 모두 할 수 있습니다')).toBeVisible()
  await sheet.getByLabel('사이트 코드(site_cd)').fill('J1')
  await sheet.getByLabel('사이트 키(site_key)').fill(escrowSite.siteKey)
  await sheet.getByRole('button', { name: '연동 추가' }).click()
  await expect(sheet.getByRole('alert')).toContainText('사이트 코드(site_cd)')
  await sheet.getByLabel('사이트 코드(site_cd)').fill(escrowSite.siteCd)
  await sheet.getByRole('button', { name: '연동 추가' }).click()
  await expect(sheet).toBeHidden()

  const part = account(page, store, 'KCP 모듈')
  await expect(part).toContainText('NHN KCP · KCP 모듈(pp_cli)')
  await expect(part).toContainText('J1002')
  await expect(part.getByRole('button', { name: '채널 추가' })).toHaveCount(0)
  await expect(part.getByText(/\/gateways\/kcp\/.+\/notice\//)).toBeVisible()
  await expect(part).toContainText('8012')
  expect(await page.content()).not.toContain(escrowSite.siteKey)
  await part.getByRole('button', { name: '연동 테스트' }).click()
  const found = part.getByRole('list', { name: '테스트 결과' })
  await expect(found).toContainText('모듈이 이 서버에서 실행됩니다')
  for (const text of [
    'site_key는 KCP에 실제로 요청해 보아야',
    'KCP 상점관리자에서만 확인할 수 있습니다',
    '추정한 값입니다',
  ])
    await expect(found).toContainText(text)

  await part.getByRole('button', { name: '수정' }).click()
  const edit = page.getByRole('dialog', { name: 'KCP 모듈 수정' })
  await expect(edit.getByLabel('사이트 코드(site_cd)')).not.toBeEditable()
  await expect(edit.getByLabel('사이트 키(site_key)')).toHaveValue('')
  await page.keyboard.press('Escape')
  await part.getByText(/^계약 확인/).click()
  await expect(part.getByText('부분취소 사용(8392)')).toBeVisible()
  await part.getByLabel('취소 서버 IP 등록(8012)').selectOption('yes')
  await part.getByRole('button', { name: '계약 내용 저장' }).click()
  await expect(part.getByText('저장했습니다')).toBeVisible()
  await expectWellMade(page)
})

test('by REST: certificate and key are pasted, and a pair that does not match is said', async ({ owner: page }) => {
  await signedInFreshly()
  const store = await newStore(page)
  const sheet = await openForm(page, store, 'KCP REST', 'KCP REST')
  await sheet.getByLabel('사이트 코드(site_cd)').fill(plainSite.siteCd)
  await sheet.getByLabel('인증서(splCert.pem)').fill('not a certificate')
  await sheet.getByLabel('암호화된 개인키(splPrikeyPKCS8.pem)').fill(plainSite.privateKey)
  await sheet.getByLabel('개인키 비밀번호').fill(plainSite.privateKeyPassword)
  await sheet.getByRole('button', { name: '연동 추가' }).click()
  await expect(sheet.getByRole('alert')).toContainText('인증서(splCert.pem)')
  await sheet.getByLabel('인증서(splCert.pem)').fill(secondPlainSite.certificate)
  await expectWellMade(page)
  await sheet.getByRole('button', { name: '연동 추가' }).click()
  await expect(sheet).toBeHidden()

  const part = account(page, store, 'KCP REST')
  await part.getByRole('button', { name: '연동 테스트' }).click()
  const found = part.getByRole('list', { name: '테스트 결과' })
  await expect(found).toContainText('인증서와 개인키가 한 쌍이 아닙니다')
  await part.getByRole('button', { name: '수정' }).click()
  const edit = page.getByRole('dialog', { name: 'KCP REST 수정' })
  await edit.getByLabel('인증서(splCert.pem)').fill(plainSite.certificate)
  await edit.getByRole('button', { name: '저장' }).click()
  await expect(edit).toBeHidden()
  await part.getByRole('button', { name: '연동 테스트' }).click()
  await expect(found).toContainText('인증서와 개인키가 한 쌍입니다')
  await expect(found).toContainText('비밀번호로 개인키를 열 수 있습니다')
  expect(await page.content()).not.toContain(plainSite.privateKeyPassword)
})

test('the address for notices is made anew after a question, and only who manages accounts sees it', async ({
  owner: page,
  manager,
}) => {
  await signedInFreshly()
  const store = await newStore(page)
  const sheet = await openForm(page, store, 'KCP 모듈(pp_cli)', '통보 시험')
  await sheet.getByLabel('사이트 코드(site_cd)').fill(plainSite.siteCd)
  await sheet.getByLabel('사이트 키(site_key)').fill(plainSite.siteKey)
  await sheet.getByRole('button', { name: '연동 추가' }).click()
  await expect(sheet).toBeHidden()
  const part = account(page, store, '통보 시험')
  const address = part.getByText(/\/gateways\/kcp\/.+\/notice\//)
  const before = await address.innerText()
  await part.getByRole('button', { name: '주소 새로 만들기' }).click()
  const question = page.getByRole('dialog', { name: '통보 주소를 새로 만들까요' })
  await expect(question).toContainText('지금 주소로 오는 통보는 바로 거절됩니다')
  await question.getByRole('button', { name: '주소 새로 만들기' }).click()
  await expect(question).toBeHidden()
  await expect(address).not.toHaveText(before)
  // The demo's own KCP accounts, to somebody who may look at them only.
  await manager.goto('/accounts')
  await expect(manager.getByText('연동을 관리하는 사람에게만 표시합니다').first()).toBeVisible()
  expect(await manager.content()).not.toContain('/notice/')
})
