import { randomInt } from 'node:crypto'
import { bankOf } from '#lib/domain/banks.ts'
import type { Instant } from '#lib/domain/kst.ts'
import { succeeded } from './call.ts'
import type { PaymentWish } from './create-payment.ts'
import type { Site } from './merchant.ts'
import { payTypes } from './payment.ts'
import type { Settings } from './settings.ts'
import { digits, stamp } from './stamp.ts'
import type { Fields } from './wire.ts'

interface Facts {
  readonly tno: string
  readonly orderNo: string
  readonly at: Instant
  readonly dueAt: Instant
  readonly settings: Settings
}

/** Issuer, acquirer (kcp.md 7.5). The numbers are nobody's. */
const cards = [
  ['CCKM', 'KB국민카드', 'CCKM', 'KB국민카드'],
  ['CCLG', '신한카드', 'CCLG', '신한카드'],
  ['CCSS', '삼성카드', 'CCSS', '삼성카드'],
  ['CCDI', '현대카드', 'CCDI', '현대카드'],
  ['CCKJ', '광주카드', 'CCBC', 'BC카드'],
  ['CCNH', 'NH농협카드', 'CCNH', 'NH농협카드'],
] as const

/** The answer to the approval, as the shop's server got it (kcp.md 3.2, 3.3, 5.3). */
export function approvalOf(wish: PaymentWish, site: Site, facts: Facts): Fields {
  const head = { ...succeeded, trace_no: `${site.siteCd}${digits(11)}`, pay_method: payTypes[wish.method] }
  const money = { order_no: facts.orderNo, tno: facts.tno, amount: String(wish.amount) }
  const common = {
    ...head,
    ...money,
    escw_yn: wish.escrow ? 'Y' : 'N',
  }
  switch (wish.method) {
    case 'CARD':
    case 'EASY_PAY':
      return { ...common, ...cardFields(wish, facts), ...taxFields(wish) }
    case 'TRANSFER':
      return { ...common, ...transferFields(wish, facts), ...taxFields(wish) }
    case 'VIRTUAL_ACCOUNT':
      return { ...common, ...accountFields(wish, site, facts), ...taxFields(wish) }
    case 'MOBILE':
      return { ...common, commid: 'SKT', mobile_no: '01012345678', ...timeFields(facts) }
    case 'POINT':
    case 'GIFT':
      return { ...common, ...timeFields(facts) }
  }
}

const timeFields = ({ at }: Facts): Fields => ({ app_time: stamp(at) })

function cardFields(wish: PaymentWish, facts: Facts): Fields {
  const [issuer, name, acquirer, acquirerName] = cards[randomInt(cards.length)] ?? cards[0]
  return {
    card_cd: issuer,
    card_name: name,
    acqu_cd: acquirer,
    acqu_name: acquirerName,
    card_no: `${randomInt(400_000, 450_000)}******${digits(4)}`,
    mcht_taxno: '1138521083',
    mall_taxno: '1138521083',
    ca_order_id: facts.orderNo,
    card_mny: String(wish.amount),
    coupon_mny: '0',
    van_cd: 'VNKC',
    ...timeFields(facts),
    van_apptime: stamp(facts.at),
    app_no: digits(8),
    bizx_numb: digits(9),
    quota: String(wish.instalmentMonths).padStart(2, '0'),
    noinf: 'N',
    pg_txid: digits(16),
    partcanc_yn: facts.settings.partialCancel ? 'Y' : 'N',
    card_bin_type_01: '0',
    card_bin_type_02: '0',
    join_cd: '0000',
    ...(wish.method === 'EASY_PAY' && { card_other_pay_type: wish.easyPay }),
  }
}

const transferFields = (wish: PaymentWish, facts: Facts): Fields => ({
  bank_code: `BK${wish.bank}`,
  bank_name: bankOf(wish.bank)?.ko ?? '',
  bank_com_type: '0',
  bank_com_code: digits(6),
  bk_tid: digits(14),
  bk_mny: String(wish.amount),
  coupon_mny: '0',
  ...timeFields(facts),
})

const accountFields = (wish: PaymentWish, site: Site, facts: Facts): Fields => ({
  res_cd: facts.settings.vaIssued,
  bankname: bankOf(wish.bank)?.ko ?? '',
  bankcode: `BK${wish.bank}`,
  account: `562${digits(11)}`,
  depositor: site.name,
  ...timeFields(facts),
  va_date: stamp(facts.dueAt),
})

/** TG01 taxable, TG02 tax-free, TG03 mixed; VAT of the taxable part, half up (inferred but for TG03). */
function taxFields({ amount, taxFree }: PaymentWish): Fields {
  const vat = Math.round((amount - taxFree) / 11)
  return {
    res_tax_flag: taxFree === 0 ? 'TG01' : taxFree === amount ? 'TG02' : 'TG03',
    res_tax_mny: String(amount - taxFree - vat),
    res_free_mny: String(taxFree),
    res_vat_mny: String(vat),
  }
}
