import { MINUTE_MS } from '#lib/domain/kst.ts'
import type { Connector, CredentialField, Credentials } from '../connector.ts'
import { accountProblem } from './account.ts'
import { readApproval } from './approval.ts'
import { cancelByModule, cancelByRest } from './cancel.ts'
import { inspect } from './certificate.ts'
import { refusedUnlessFound } from './codes.ts'
import { holdSettlement, kcpCouriers, registerShipment } from './escrow.ts'
import { accoUsual, holder } from './holder.ts'
import { inquireByModule, inquireByRest } from './inquire.ts'
import { noticeReceipt, readNotice } from './notice.ts'
import { selfTest } from './self-test.ts'
import { signModule, signRest } from './sign.ts'
import { slip } from './slip.ts'

const siteCdOf = (credentials: Credentials): string => credentials['siteCd'] ?? ''

const siteCd: CredentialField = {
  name: 'siteCd',
  secret: false,
  required: true,
  pattern: /^[0-9A-Za-z]{5}$/,
  example: 'T0000',
}

/** KCP's lists of addresses that send notices: the webhook page's, then the older ones of the guides. */
const noticeFrom: CredentialField = {
  name: 'noticeFrom',
  secret: false,
  required: false,
  pattern: /^\d{1,3}(\.\d{1,3}){3}(\s*,\s*\d{1,3}(\.\d{1,3}){3}){0,29}$/,
  example: '103.215.144.173, 103.215.144.174',
  usual: [
    '210.122.176.144',
    '103.215.144.173',
    '103.215.144.174',
    '210.122.73.58',
    '203.238.36.173',
    '203.238.36.178',
    '203.238.36.58',
    '203.238.36.160',
    '203.238.36.161',
    '103.215.145.30',
  ].join(', '),
}

/** What both ways have in common. */
const kcp = {
  gateway: 'kcp',
  addressedBy: 'TNO',
  storeKeyOf: siteCdOf,
  channelOf: (credentials) => ({ key: siteCdOf(credentials), pg: 'KCP', mid: siteCdOf(credentials) }),
  desk: { phone: '1544-8661', console: 'https://partner.kcp.co.kr' },
  personal: [
    'owner_nm',
    'account_no',
    'mod_account',
    'mod_depositor',
    'refund_account',
    'refund_nm',
    'account',
    'depositor',
    'remitter',
    'ipgm_name',
    'buyr_name',
    'buyr_mail',
    'buyr_tel1',
    'buyr_tel2',
    'rcvr_name',
    'rcvr_tel1',
    'rcvr_tel2',
    'rcvr_mail',
    'rcvr_zipx',
    'rcvr_add1',
    'rcvr_add2',
    'card_no',
    'cash_no',
    'id_info',
    'mod_socno',
    'mod_socname',
  ],
  refusedUnlessFound,
  // KCP promises nothing of a message that comes twice, so it never does.
  replayWithinMs: null,
  // docs/decisions/005: institutions answer within five minutes, doubled.
  absentProvesAfterMs: 10 * MINUTE_MS,
  slip,
  readApproval,
  readNotice,
  noticeReceipt,
} satisfies Partial<Connector>

/** By KCP's program on this machine (pp_cli). */
export const kcpModule: Connector = {
  ...kcp,
  mode: 'module',
  environments: {
    sandbox: { host: null },
    test: { host: 'http://testpaygw.kcp.co.kr:8090' },
    live: { host: 'http://paygw.kcp.co.kr:8090' },
  },
  credentials: [
    siteCd,
    { name: 'siteKey', secret: true, required: true, pattern: /^[\x21-\x2b\x2d-\x7e]{4,25}$/, example: 'site_key' },
    {
      name: 'accoTxCd',
      secret: false,
      required: false,
      pattern: /^\d{8}$/,
      example: accoUsual.accoTxCd,
      usual: accoUsual.accoTxCd,
      assumed: true,
    },
    {
      name: 'accoSubset',
      secret: false,
      required: false,
      pattern: /^[a-z][a-z0-9_]{0,19}$/,
      example: accoUsual.accoSubset,
      usual: accoUsual.accoSubset,
      assumed: true,
    },
    {
      name: 'accoFields',
      secret: false,
      required: false,
      pattern: /^[a-z][a-z0-9_]{0,29}(,[a-z][a-z0-9_]{0,29}){2}$/,
      example: accoUsual.accoFields,
      usual: accoUsual.accoFields,
      assumed: true,
    },
    noticeFrom,
  ],
  sign: signModule,
  operations: {
    cancel: cancelByModule,
    close: cancelByModule,
    holder,
    inquire: inquireByModule,
    registerShipment,
    holdSettlement,
    selfTest,
  },
  couriers: kcpCouriers,
  accountProblem,
}

/** By KCP's REST service. Refunds into accounts, escrow and the account check are published nowhere for it, so it has none. */
export const kcpRest: Connector = {
  ...kcp,
  mode: 'rest',
  environments: {
    sandbox: { host: null },
    test: { host: 'https://stg-spl.kcp.co.kr' },
    live: { host: 'https://spl.kcp.co.kr' },
  },
  credentials: [
    siteCd,
    {
      name: 'certificate',
      secret: true,
      required: true,
      pattern: /^-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]{100,}-----END CERTIFICATE-----\s*$/,
      example: '-----BEGIN CERTIFICATE-----…',
      long: true,
    },
    {
      name: 'privateKey',
      secret: true,
      required: true,
      pattern: /^-----BEGIN ENCRYPTED PRIVATE KEY-----[A-Za-z0-9+/=\s]{100,}-----END ENCRYPTED PRIVATE KEY-----\s*$/,
      example: '-----BEGIN ENCRYPTED PRIVATE KEY-----…',
      long: true,
    },
    {
      name: 'privateKeyPassword',
      secret: true,
      required: true,
      pattern: /^[\x20-\x7e]{4,100}$/,
      example: '••••••••',
    },
    {
      name: 'inquirySign',
      secret: false,
      required: false,
      pattern: /^(?:pay_type|mod_type)$/,
      example: 'pay_type',
      usual: 'pay_type',
      assumed: true,
    },
    noticeFrom,
  ],
  sign: signRest,
  operations: { cancel: cancelByRest, inquire: inquireByRest },
  couriers: null,
  inspect,
}
