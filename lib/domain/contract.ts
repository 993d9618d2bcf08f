import type { Gateway } from './payment.ts'

/**
 * What must be contracted, or set up, at a gateway before it works. KSNET: rule CHANNEL-CONTRACT. KCP: partial cancel (8392),
 * refund of virtual accounts (8327, 8328), account check (ACCOUNT-CONTRACT), escrow, and this server's address, without which no
 * cancel passes (8012).
 */
const ofKsnet = [
  'keyIn',
  'merchantInterestFree',
  'vaDueDate',
  'vaRefund',
  'easyPay',
  'instalments',
  'escrowDelivery',
  'mobile',
] as const
const ofKcp = ['serverAddress', 'partialCancel', 'vaRefund', 'accountCheck', 'escrowDelivery'] as const

export type ContractFeature = (typeof ofKsnet)[number] | (typeof ofKcp)[number]
export const contractFeaturesOf = (gateway: Gateway): readonly ContractFeature[] =>
  gateway === 'kcp' ? ofKcp : ofKsnet
export const contractFeatures: readonly ContractFeature[] = [...new Set([...ofKsnet, ...ofKcp])]
