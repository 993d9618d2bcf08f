/** The one merchant of the PortOne stand-in: what a console has to be given to look after it. */
export const merchantId = 'merchant-00000000-0000-4000-8000-000000000000'
export const apiSecret = 'sandbox-api-secret'
export const defaultWebhookSecret = 'whsec_c2FuZGJveC13ZWJob29rLXNlY3JldC0wMDAxMjM0NTY='

export interface Store {
  readonly storeId: string
  /** K5: the holder a depositor sees is always the merchant. */
  readonly name: string
}

export interface Channel {
  readonly storeId: string
  readonly id: string
  readonly key: string
  readonly name: string
  readonly type: 'TEST' | 'LIVE'
  readonly pgMerchantId: string
}

const firstStore: Store = { storeId: 'store-00000000-0000-4000-8000-000000000001', name: '전표상점' }
const secondStore: Store = { storeId: 'store-00000000-0000-4000-8000-000000000002', name: '전표상점 2호' }

/** The first is the credential's own store, where none is named. */
export const stores: readonly [Store, ...Store[]] = [firstStore, secondStore]

/** The first of a store is the one a payment takes where none is named. */
export const channels: readonly Channel[] = [
  {
    storeId: firstStore.storeId,
    id: 'channel-id-00000000-0000-4000-8000-000000000012',
    key: 'channel-key-00000000-0000-4000-8000-000000000012',
    name: 'KSNET',
    type: 'LIVE',
    pgMerchantId: '2041700123',
  },
  {
    storeId: firstStore.storeId,
    id: 'channel-id-00000000-0000-4000-8000-000000000011',
    key: 'channel-key-00000000-0000-4000-8000-000000000011',
    name: 'KSNET 테스트',
    type: 'TEST',
    pgMerchantId: '2999199999',
  },
  {
    storeId: secondStore.storeId,
    id: 'channel-id-00000000-0000-4000-8000-000000000021',
    key: 'channel-key-00000000-0000-4000-8000-000000000021',
    name: 'KSNET 2호',
    type: 'LIVE',
    pgMerchantId: '2041700456',
  },
]

export const findStore = (storeId: string): Store | undefined => stores.find((store) => store.storeId === storeId)
export const findChannel = (key: string): Channel | undefined => channels.find((channel) => channel.key === key)
