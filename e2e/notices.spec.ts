// What gateways announced, for whom it is, and what held on a day.
import type { Page } from '@playwright/test'
import { withDatabase } from './database.ts'
import { expect, test } from './fixtures.ts'
import { arrived, newPerson, password, signIn } from './people.ts'
import { expectWellMade } from './well-made.ts'

const section = (page: Page, name: string) => page.getByRole('region', { name })
const row = (page: Page, table: string, name: RegExp) =>
  page.getByRole('table', { name: table }).getByRole('row', { name })
async function chooseDay(page: Page, day: string): Promise<void> {
  await page.getByLabel('기준일').fill(day)
  await expect(page.getByText(`${day} 기준`, { exact: true })).toBeVisible()
}
const VA = 'KSNET 가상계좌 은행 (소켓 샘플의 선택 목록)'
const CARDS = '카드사 인증 방식'

test('the Citi bulletin: timetable, for which channels it is, and the line to delete', async ({ owner: page }) => {
  await page.goto('/today')
  await page.getByRole('link', { name: '공지', exact: true }).click()
  await expect(page.getByRole('heading', { name: '게이트웨이 공지' })).toBeVisible()
  const citi = section(page, '씨티은행 가상계좌 서비스 종료')
  const stages = citi.getByRole('listitem').filter({ hasText: '기준표 보기' })
  await expect(stages).toHaveCount(3)
  await expect(stages.nth(0)).toContainText('2022-05-14까지')
  await expect(stages.nth(1)).toContainText('2022-05-15 ~ 2022-05-22')
  await expect(stages.nth(1)).toContainText('자료마다 다름')
  await expect(stages.nth(2)).toContainText('2022-05-23부터')
  await expect(stages.nth(2)).toContainText('오늘 해당')
  const channels = citi.getByRole('list', { name: '우리 채널' }).getByRole('listitem')
  await expect(channels.filter({ hasText: '2041700123' })).toContainText('확인 필요')
  await expect(channels.filter({ hasText: '2041700201' }).filter({ hasText: '고칠 것이 있음' })).toHaveCount(1)
  await expect(citi.getByText('우리 상점에서 고칠 것이 있습니다')).toBeVisible()
  await expect(citi.locator('code')).toHaveText('<option value="27">시티은행(27)</option>')
  await expect(citi.getByText('KSPayVirtualForm.xxx', { exact: false })).toBeVisible()
})

test('the Jeju bulletin, and from its timetable to the table of the day', async ({ viewer: page }) => {
  await page.goto('/notices')
  const jeju = section(page, '제주카드 인증 방식 변경(MPI에서 ISP로)')
  await expect(jeju.getByRole('listitem').filter({ hasText: '2013-04-01 ~ 2013-05-01' })).toBeVisible()
  await jeju.getByRole('button', { name: '2013-04-01 기준표 보기' }).click()
  await expect(page).toHaveURL(/\/notices\?.*asof=2013-04-01/)
  await expect(page.getByText('2013-04-01 기준', { exact: true })).toBeVisible()
  await expect(row(page, CARDS, /제주카드/)).toContainText('ISP · MPI')
  await page.goBack()
  await expect(jeju).toBeVisible()
})

test('the bank list as it was on a day', async ({ operator: page }) => {
  await page.goto('/notices?asof=2022-05-14')
  for (const [day, state, count] of [
    ['2022-05-14', '발급·입금 가능', 14],
    ['2022-05-15', '입금만 가능', 13],
    ['2022-05-22', '입금만 가능', 13],
    ['2022-05-23', '종료', 13],
  ] as const) {
    await chooseDay(page, day)
    await expect(row(page, VA, /27 한국씨티은행/), day).toContainText(state)
    await expect(page.getByText(`발급 가능 ${count}개 은행`), day).toBeVisible()
    await expect(row(page, VA, /04 국민은행/), day).toContainText('발급·입금 가능')
  }
  await chooseDay(page, '2022-05-15')
  await expect(row(page, VA, /27 한국씨티은행/)).toContainText('5월 15일을 발급 가능과 발급 중단 두 줄에 모두')
})

test('the card authentication as it was on a day', async ({ operator: page }) => {
  await page.goto('/notices?asof=2013-03-31')
  for (const [day, auth] of [
    ['2013-03-31', 'MPI'],
    ['2013-04-01', 'ISP · MPI'],
    ['2013-05-01', 'ISP · MPI'],
    ['2013-05-02', 'ISP'],
  ] as const) {
    await chooseDay(page, day)
    const cell = row(page, CARDS, /^16 010016 제주카드/)
      .getByRole('cell')
      .nth(3)
    await expect(cell.getByText(auth, { exact: true }), day).toBeVisible()
  }
  await expect(row(page, CARDS, /광주카드/)).toContainText('목록을 따릅니다')
  await expect(row(page, CARDS, /NH농협카드/)).toContainText('자료마다 다름')
})

test('a day is chosen by hand; one that does not exist is said to be so', async ({ operator: page }) => {
  await page.goto('/notices')
  await page.getByRole('button', { name: '날짜별 기준' }).click()
  await page.getByLabel('기준일').fill('2022-05-23')
  await expect(page).toHaveURL(/asof=2022-05-23/)
  await expect(row(page, VA, /27 한국씨티은행/)).toContainText('종료')
  await page.getByText('은행 코드', { exact: false }).filter({ hasText: '개 보기' }).click()
  await expect(row(page, '은행 코드표', /^35 제주은행/)).toContainText('KCP 계좌인증 가이드는 35를 우체국')
  await page.goto('/notices?asof=2022-02-30')
  await expect(page.getByRole('alert').filter({ hasText: '2022-02-30' })).toContainText('없는 날짜')
  await expect(page.getByText(/\d{4}-\d{2}-\d{2} 기준 \(오늘\)/)).toBeVisible()
})

test('a response code says what it means and what to do', async ({ operator: page }) => {
  await page.goto('/notices?view=codes')
  await page.getByLabel('코드 또는 뜻').fill('7003')
  const codes = page.getByRole('list', { name: '응답코드와 뜻, 할 일' }).getByRole('listitem')
  await expect(codes).toHaveCount(2)
  await expect(codes.first()).toContainText('원거래 없음')
  await expect(codes.last()).toContainText('취소 거절 기간 경과')
  await page.getByLabel('코드 또는 뜻').fill('8178')
  await expect(codes).toHaveCount(1)
  await expect(codes).toContainText('정산 예정 금액 부족')
  await expect(codes).toContainText('NHN KCP(1544-8661)')
  await page.getByLabel('게이트웨이', { exact: true }).selectOption('KSNET')
  await expect(page.getByText('맞는 응답코드가 없습니다')).toBeVisible()
  await page.getByRole('button', { name: '검색 지우기' }).click()
  await expect(codes).toHaveCount(50)
})

test('which mode a shop is, by what runs on its server', async ({ viewer: page }) => {
  await page.goto('/notices')
  await page.getByRole('button', { name: '연동 방식 확인하기' }).first().click()
  await expect(page.getByRole('heading', { name: '페이지링크' })).toBeVisible()
  for (const process of ['KSNET_ATX0312.dll', 'KSNET PG SERVICE', 'ipgClient'])
    await expect(page.getByRole('cell', { name: process, exact: true })).toBeVisible()
  await page.getByRole('button', { name: '알아 둘 사항' }).click()
  await expect(page.getByText('카드결제는 1,000원부터, 할부는 50,000원부터입니다.')).toBeVisible()
})

test('who has no store is told which permission is missing', async ({ browser, baseURL }) => {
  const email = await newPerson()
  await withDatabase((client) =>
    client.query(`DELETE FROM "Grant" g USING "User" u WHERE u.id = g."userId" AND u.email = $1`, [email]),
  )
  const context = await browser.newContext({
    storageState: { cookies: [], origins: [] },
    ...(baseURL !== undefined && { baseURL }),
  })
  const page = await context.newPage()
  await page.goto('/notices')
  await expect(page).toHaveURL(/\/login/)
  await signIn(page, email, password)
  await arrived(page)
  await page.goto('/notices')
  await expect(page.getByRole('heading', { name: '조회 권한이 없습니다' })).toBeVisible()
  await expect(page.getByText('필요 권한', { exact: false }).first()).toBeVisible()
  await context.close()
})

test('readable, unfolded', async ({ owner: page }) => {
  for (const path of ['/notices', '/notices?asof=2013-04-01', '/notices?view=codes', '/notices?view=mode']) {
    await page.goto(path)
    await expect(page.getByRole('heading', { name: '게이트웨이 공지' })).toBeVisible()
    for (const folded of await page.getByRole('main').locator('summary').all()) await folded.click()
    await expectWellMade(page)
  }
})
