import type { Connector, CredentialField, Credentials } from '../connector.ts'
import { approvalForm, readApproval } from './approval.ts'
import { cancelCashReceipt } from './cash-receipt.ts'
import { layoutOf, personal } from './layouts.ts'
import { noticeReceipt, readNotice } from './notice.ts'
import { cancelByRest, signRest } from './rest-cancel.ts'
import { slip, slipForms, slipFormUsual } from './slip.ts'
import { cancelBySocket } from './socket-cancel.ts'

const midOf = (credentials: Credentials): string => credentials['mid'] ?? ''

const mid: CredentialField = {
  name: 'mid',
  secret: false,
  required: true,
  pattern: /^\d{10}$/,
  example: '2999199999',
}

/** From where KSNET sent notices in 2005; nothing newer is published. */
const noticeFrom: CredentialField = {
  name: 'noticeFrom',
  secret: false,
  required: false,
  pattern: /^\d{1,3}(\.\d{1,3}){3}(\s*,\s*\d{1,3}(\.\d{1,3}){3}){0,29}$/,
  example: '210.181.28.114, 210.181.29.130',
  usual: '210.181.28.114, 210.181.29.130',
  assumed: true,
}

const slipForm: CredentialField = {
  name: 'slipForm',
  secret: false,
  required: false,
  pattern: new RegExp(`^(?:${slipForms.join('|')})$`),
  example: slipFormUsual,
  usual: slipFormUsual,
  assumed: true,
}

/**
 * Where ipgClient listens. Whoever types it must not reach what is none of theirs: an address of the merchant's own network from
 * port 1024 on, or KSNET's own gateways; and no name, since that could be anybody's.
 */
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const OWN_NETWORK = [
  `(?:127|10)(?:\\.${OCTET}){3}`,
  `172\\.(?:1[6-9]|2\\d|3[01])(?:\\.${OCTET}){2}`,
  `192\\.168(?:\\.${OCTET}){2}`,
].join('|')
const PORT =
  '(?:102[4-9]|10[3-9]\\d|1[1-9]\\d\\d|[2-9]\\d{3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d\\d|655[0-2]\\d|6553[0-5])'
const KSNET_OWN = '210\\.181\\.28\\.(?:137|116):21001'
const CLIENT_ADDRESS = new RegExp(`^(?:(?:${OWN_NETWORK}):${PORT}|${KSNET_OWN})$`)

const clientAddress: CredentialField = {
  name: 'clientAddress',
  secret: false,
  required: true,
  pattern: CLIENT_ADDRESS,
  example: '127.0.0.1:29991',
  usual: '127.0.0.1:29991',
}

/** What both ways have in common. KSNET cannot be asked: what is not known ends with people. */
const ksnet = {
  gateway: 'ksnet',
  addressedBy: 'TRNO',
  storeKeyOf: midOf,
  channelOf: (credentials) => ({ key: midOf(credentials), pg: 'KSNET', mid: midOf(credentials) }),
  desk: { phone: '1544-6030', console: 'https://ksta.ksnet.co.kr' },
  personal,
  couriers: null,
  refusedUnlessFound: new Set<string>(),
  replayWithinMs: null,
  absentProvesAfterMs: null,
  slip,
  readApproval,
  approvalForm,
  readNotice,
  noticeInBytes: true,
  noticeReceipt,
} satisfies Partial<Connector>

/** By KSNET's program on a machine of the merchant's (ipgClient), which encrypts what goes on from there. */
export const ksnetSocket: Connector = {
  ...ksnet,
  mode: 'socket',
  environments: { sandbox: { host: null }, test: { host: null }, live: { host: null } },
  endpointOf: ({ clientAddress: address = '' }) => (CLIENT_ADDRESS.test(address) ? `tcp://${address}` : null),
  credentials: [mid, clientAddress, slipForm, noticeFrom],
  // There are no secrets: whoever reaches the program is believed.
  sign: (wire) => wire,
  layoutOf,
  operations: { cancel: cancelBySocket, close: cancelBySocket, cancelCashReceipt },
}

/** By KSNET's REST service ("webfep"). Virtual accounts, mobile and cash receipts are published nowhere for it, so it has none. */
export const ksnetRest: Connector = {
  ...ksnet,
  mode: 'rest',
  environments: {
    sandbox: { host: null },
    test: { host: 'https://paydev.ksnet.co.kr' },
    live: { host: 'https://pay.ksnet.co.kr' },
  },
  credentials: [
    mid,
    { name: 'apiKey', secret: true, required: true, pattern: /^[\x21-\x7e]{16,200}$/, example: 'pgapi' },
    slipForm,
    noticeFrom,
  ],
  sign: signRest,
  operations: { cancel: cancelByRest },
}
