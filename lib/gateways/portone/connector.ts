import { courierCodes } from '#lib/domain/couriers.ts'
import { HOUR_MS } from '#lib/domain/kst.ts'
import type { Connector } from '../connector.ts'
import { bears, cancel } from './cancel.ts'
import { cancelCashReceipt, cashReceipt, issueCashReceipt } from './cash-receipt.ts'
import { close } from './close.ts'
import { refusedUnlessFound } from './codes.ts'
import { changeShipment, registerShipment } from './escrow.ts'
import { holder } from './holder.ts'
import { verifyNotice } from './notice.ts'
import { feed, find, inquire } from './read.ts'

/** PortOne REST V2 (1.16). Test and live differ by channel, not by host. */
export const portone: Connector = {
  gateway: 'portone',
  mode: 'portone',
  addressedBy: 'PAYMENT_ID',
  storeKeyOf: (credentials) => credentials['storeId'] ?? '',
  environments: {
    sandbox: { host: null },
    test: { host: 'https://api.portone.io' },
    live: { host: 'https://api.portone.io' },
  },
  credentials: [
    {
      name: 'storeId',
      secret: false,
      required: true,
      pattern: /^store-[0-9a-f-]{36}$/,
      example: 'store-00000000-0000-4000-8000-000000000000',
    },
    { name: 'apiSecret', secret: true, required: true, pattern: /^[\x21-\x7e]{16,200}$/, example: 'V2 API Secret' },
    {
      name: 'webhookSecret',
      secret: true,
      required: true,
      pattern: /^whsec_[A-Za-z0-9+/]{24,120}={0,2}$/,
      example: 'whsec_…',
    },
    {
      name: 'webhookSecretNext',
      secret: true,
      required: false,
      pattern: /^whsec_[A-Za-z0-9+/]{24,120}={0,2}$/,
      example: 'whsec_…',
    },
  ],
  desk: { phone: null, console: 'https://admin.portone.io' },
  sign: (wire, credentials) =>
    wire.via === 'http'
      ? { ...wire, headers: { ...wire.headers, Authorization: `PortOne ${credentials['apiSecret'] ?? ''}` } }
      : wire,
  personal: [
    'name',
    'phoneNumber',
    'email',
    'accountNumber',
    'number',
    'address',
    'oneLine',
    'addressLine1',
    'addressLine2',
    'holderName',
    'issueNumber',
    'identityNumber',
    'birthYear',
    'birthMonth',
    'birthDay',
    'ipAddress',
    'remitterName',
    'customData',
    'pgResponse',
  ],
  operations: {
    cancel,
    close,
    holder,
    registerShipment,
    changeShipment,
    cashReceipt,
    cancelCashReceipt,
    issueCashReceipt,
    inquire,
    find,
    feed,
  },
  refusedUnlessFound,
  // The key is kept for 3 hours; an hour is left for clocks and queues.
  replayWithinMs: 2 * HOUR_MS,
  // What is absent is replayed instead.
  absentProvesAfterMs: null,
  couriers: courierCodes.filter((courier) => courier !== 'OWN'),
  verifyNotice,
  owns: (cancellation, token) => bears(cancellation.reason, token),
}
