/** The merchants of the KSNET stand-in. The keys are for the sandbox only and open nothing anywhere else. */
export interface Merchant {
  readonly mid: string
  readonly name: string
  /** Whether payments of this merchant may be escrow payments. */
  readonly escrow: boolean
  /** For REST. */
  readonly apiKey: string
}

const merchant = (mid: string, name: string, escrow: boolean): Merchant => ({
  mid,
  name,
  escrow,
  apiKey: `sandbox-key-of-${mid}__`,
})

export const plainMerchant = merchant('2041700201', '전표상점', false)
export const escrowMerchant = merchant('2041700202', '전표상점 에스크로', true)
export const secondMerchant = merchant('2041700203', '전표상점 2호', false)
/** KSNET's own test store id. */
const testMerchant = merchant('2999199999', '테스트상점', false)

/** The first is the one a payment takes where none is named. */
export const merchants: readonly [Merchant, ...Merchant[]] = [
  plainMerchant,
  escrowMerchant,
  secondMerchant,
  testMerchant,
]
export const findMerchant = (mid: string): Merchant | undefined => merchants.find((one) => one.mid === mid)
