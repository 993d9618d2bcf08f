import type { Call, Operation } from '../call.ts'
import { KcpError } from '../codes.ts'
import { verifyAccount } from '../rules.ts'
import { stamp, tnoFor } from '../stamp.ts'
import { bytesOf, type Fields } from '../wire.ts'

/** SEED: what stands after one of these may be lost. */
const FORBIDDEN = /[,&;\n\\|'"<]/

/**
 * ACCO (kcp.md 3.1): whether number and name belong together. Documented is the form of the merchant's page, so that is all
 * that is checked here; under which code and names it comes is a setting.
 */
export const holder: Operation = {
  name: 'holder',
  run(call) {
    const { accoContract, accoSubset, accoFields } = call.state.settings
    if (!accoContract) throw new KcpError('8998')
    const given = call.payx[accoSubset] ?? {}
    const [owner = '', account = ''] = [given[accoFields.owner], given[accoFields.account]]
    if (owner === '' || bytesOf(owner) > 20 || FORBIDDEN.test(owner)) throw new KcpError('8090')
    if (!/^\d{1,20}$/.test(account)) throw new KcpError('8711', '계좌번호 형식 오류')
    if (!/^\d{2,4}$/.test(given[accoFields.bank] ?? '')) throw new KcpError('8711', '은행코드 형식 오류')
    if (bytesOf(call.orderIdxx) > 40) throw new KcpError('8009', 'ordr_idxx')
    return { answer: answerOf(call, account, owner), events: [], effect: 'none', payment: null }
  },
}

/** A question that was put to the bank has a number, whatever the bank said (inferred for a refusal). */
function answerOf(call: Call, account: string, owner: string): Fields {
  const { res_cd, res_msg } = said(account, owner)
  const order: Fields = call.orderIdxx === '' ? {} : { ordr_idxx: call.orderIdxx }
  return { res_cd, res_msg, ...order, tno: tnoFor(false, call.now), app_time: stamp(call.now) }
}

function said(account: string, owner: string): { res_cd: string; res_msg: string } {
  try {
    verifyAccount(account, owner)
    return { res_cd: '0000', res_msg: '정상처리' }
  } catch (error) {
    if (!(error instanceof KcpError) || error.code !== '8999') throw error
    return { res_cd: error.code, res_msg: error.message }
  }
}
