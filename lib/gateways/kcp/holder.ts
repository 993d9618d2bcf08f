import type { HolderAnswer, HolderInput, Operation } from '../connector.ts'
import { writeSet, writeSubsets, type Pairs } from '../wire/separated.ts'
import { accountProblem } from './account.ts'
import { DEADLINE_MS } from './cancel.ts'
import { holderRefusals, isNoAnswer, SUCCESS } from './codes.ts'
import { readAnswer, readRefused } from './reply.ts'
import { isTno, moduleWire } from './request.ts'

/**
 * What the module is told for an account check is published nowhere: the transaction code, the sub-set of payx_data and the
 * names of holder, number and bank are settings of the account, and these values assumptions. The guide knows the fields only
 * as a shop's own page sends them.
 */
export const accoUsual = {
  accoTxCd: '00100000',
  accoSubset: 'acnt',
  accoFields: 'owner_nm,account_no,bank_code',
} as const

/**
 * Account check, pay_method ACCO (account check guide 2.0.1). Reads only. The answer tells no name: whether the name given is
 * the account's, with a number (tno) and a time (app_time) to be kept.
 */
export const holder: Operation<HolderInput, HolderAnswer> = {
  deadlineMs: DEADLINE_MS,
  resend: 'when_not_sent',
  request(input, call) {
    const { credentials } = call
    const order = /^[0-9A-Za-z-]{1,40}$/.test(input.orderNumber) ? input.orderNumber : null
    const payx = writeSubsets('payx_data', [
      [
        'common',
        [
          ['pay_method', 'ACCO'],
          ['req_tx', 'pay'],
        ],
      ],
      [
        credentials['accoSubset'] || accoUsual.accoSubset,
        fieldsOf(input, credentials['accoFields'] || accoUsual.accoFields),
      ],
    ])
    return moduleWire(
      {
        txCd: credentials['accoTxCd'] || accoUsual.accoTxCd,
        orderNumber: order ?? '',
        payx: accountProblem(input) === null ? payx : null,
        ordr: order && writeSet('ordr_data', [['ordr_idxx', order]]),
      },
      call,
    )
  },
  reply(raw, input) {
    const read = readAnswer(raw)
    if (read.kind === 'unknown') return read
    const { code, message, field } = read
    const [tno, order] = [field('tno'), field('ordr_idxx')]
    if (order !== '' && order !== input.orderNumber) return { kind: 'unknown', cause: 'answer not understood' }
    const refused = readRefused(read, { tno, earlierUnresolved: false }, holderRefusals)
    if (refused.kind !== 'unknown') return refused
    if (isNoAnswer(code) || (tno !== '' && !isTno(tno))) return { kind: 'unknown', cause: code }
    // The guide: success is always numbered, and the number must be kept.
    if (code === SUCCESS && tno === '') return { kind: 'unknown', cause: 'answer not understood' }
    const kind = code === SUCCESS ? 'confirmed' : 'not_confirmed'
    const time = /^\d{4,14}$/.test(field('app_time')) ? field('app_time') : null
    return { kind: 'done', reference: tno, value: { kind, code, message, reference: tno || null, time } }
  },
}

const fieldsOf = ({ bank, number, holder: name }: HolderInput, names: string): Pairs => {
  const [holderName = '', numberName = '', bankName = ''] = names.split(',')
  return [
    [holderName, name],
    [numberName, number],
    [bankName, bank],
  ]
}
