import type { DeclineReason } from '#lib/domain/outcome.ts'

/**
 * What KCP's answers mean. Sources: [PONE] the list of KCP codes that PortOne publishes (nhnkcp-code.xlsx, 671 rows); [SEED] the
 * account check guide 2.0.1; [BIN] black-box runs of pp_cli 2.14; [PUNG] a merchant's notes on the REST service. Whatever stands
 * in no table leaves the outcome unknown, and so, on purpose, do: S203 and S204 (the line broke, or 60 s passed), 8041-8048 and
 * 8995-8997 (the institution behind KCP did not answer), 6003 and 6004 (an answer came and could not be opened), S101, S201,
 * 6001, 6002 and 9601 (by their names before anything left, but seen only as strings in the program, so not proven), 8340, 8387,
 * 8388, 8094 and 8E01 (one is running: it may be this one).
 */

/** The only success. V000 belongs to issuing virtual accounts, which this console does not do. */
export const SUCCESS = '0000'

/**
 * Made by the program itself before anything left, by measurement [BIN]: S202 it could not connect; S102 it was called with
 * something missing [SEED]. Believed only where the program also ended with another status than 0, which it does not where the
 * gateway answered.
 */
export const notSent: Readonly<Record<string, string>> = { S202: 'connect: S202', S102: 'program: S102' }

/** Refusals that say by themselves that this order did nothing [PONE, except where noted]. */
export const refusals: Readonly<Record<string, DeclineReason>> = {
  // Who asks.
  '8002': 'credentials',
  '9002': 'credentials',
  '9200': 'credentials',
  '9201': 'credentials',
  S034: 'credentials', // [PUNG] the REST signature
  '8012': 'not_allowed', // cancels only from registered server addresses
  '8897': 'not_allowed',
  '8642': 'not_allowed',
  '8005': 'not_contracted',
  '8998': 'not_contracted',
  '9020': 'not_contracted',
  // What the contract or the institution never does.
  '8024': 'not_allowed',
  '8327': 'not_allowed',
  '8328': 'not_allowed',
  '8345': 'not_allowed',
  '8384': 'not_allowed',
  '8385': 'not_allowed',
  '8392': 'not_allowed',
  '8386': 'count_exceeded',
  // Not now.
  '8136': 'outside_hours',
  '8178': 'not_allowed', // too little is left to be settled
  '8E02': 'not_allowed', // escrow: the buyer has confirmed
  // No such payment.
  '5530': 'not_found',
  '8061': 'not_found',
  '8132': 'not_found',
  '8585': 'not_found',
  CCA1: 'not_found',
  '8643': 'not_paid',
  // How it was written.
  '5704': 'bad_request',
  '7721': 'bad_request',
  '7725': 'bad_request',
  '7727': 'bad_request',
  '8004': 'bad_request',
  '8009': 'bad_request',
  '8011': 'bad_request',
  '8021': 'bad_request',
  '8051': 'bad_request',
  '8052': 'bad_request',
  '8053': 'bad_request',
  '8054': 'bad_request',
  '8055': 'bad_request',
  '8056': 'bad_request',
  '8057': 'bad_request',
  '8058': 'bad_request',
  '8072': 'bad_request',
  '8073': 'bad_request',
  '8076': 'bad_request',
  '8078': 'bad_request',
  '8079': 'bad_request',
  '8080': 'bad_request',
  '8081': 'bad_request',
  '8082': 'bad_request',
  '8084': 'bad_request',
  '8090': 'bad_request',
  '8540': 'bad_request',
  '8541': 'bad_request',
  '8542': 'bad_request',
  '8543': 'bad_request',
  '8544': 'bad_request',
  '8545': 'bad_request',
  '8546': 'bad_request',
  '8791': 'bad_request',
  M112: 'bad_request', // [PUNG]
}

/**
 * Refusals that may speak of a cancel made before, by us or by somebody else: never declined by themselves, never done. The
 * record is read, and where it holds none, none was made.
 */
export const refusedUnlessFound: ReadonlySet<string> = new Set([
  // Already cancelled or refunded.
  '8133',
  '8023',
  'CCA6',
  '8336',
  '8337',
  // In a state that cannot be cancelled.
  '5002',
  '8134',
  '8329',
  // A part was cancelled, so not the whole.
  '8040',
  '8734',
  'CCA9',
  // Another balance than we believed.
  '8036',
  '8037',
  '8038',
  '8039',
  '8098',
  '8099',
  '8344',
  '8381',
  '8382',
  '8550',
  'CCA8',
])

/** Of the account check: these speak of us or of our settings, not of the account. Its own codes are published nowhere. */
export const holderRefusals: Readonly<Record<string, DeclineReason>> = {
  '8002': 'credentials',
  '9002': 'credentials',
  '9200': 'credentials',
  '9201': 'credentials',
  '8012': 'not_allowed',
  '8897': 'not_allowed',
  '8005': 'not_contracted',
  '8998': 'not_contracted',
  '9020': 'not_contracted',
  '5704': 'bad_request',
  '8004': 'bad_request',
  '8015': 'bad_request',
  '8021': 'bad_request',
  '8022': 'bad_request',
  '8090': 'bad_request',
  '8711': 'bad_request',
  '8712': 'bad_request',
  '8713': 'bad_request',
  '8714': 'bad_request',
}

/** Nothing was learnt of the account: the line, the module, or the institution behind KCP. */
export const isNoAnswer = (code: string): boolean =>
  /^(?:S\d{3}|600\d|9[56]\d\d|804[1-8]|8049|8050|8995|8996|8997|7512|090\d|872[1-7]|CC72|CC98|CC99)$/.test(code)
