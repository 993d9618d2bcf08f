import type { Credentials, Finding, Operation } from '../connector.ts'
import { readAnswer } from './reply.ts'

const TEST_DEADLINE_MS = 10_000

/**
 * `pp_cli -h` with nothing after it, as the account check guide tells (2.2.2): `S102` shows that the program is there and runs.
 * It reaches no gateway, so neither the key, nor the line, nor the registered address of this server are tried by it.
 */
export const selfTest: Operation<Credentials, readonly Finding[]> = {
  deadlineMs: TEST_DEADLINE_MS,
  resend: 'when_not_sent',
  request: (_, call) => ({
    via: 'cli',
    program: call.program ?? '',
    args: [Buffer.from('-h', 'latin1').toString('base64')],
  }),
  reply(raw) {
    const read = readAnswer(raw)
    const runs = read.kind === 'answer' && read.code === 'S102'
    const code = read.kind === 'answer' ? read.code : ''
    const program: Finding = runs
      ? { check: 'program', result: 'proven', reason: 'ok', facts: {} }
      : { check: 'program', result: 'failed', reason: 'other_answer', facts: code === '' ? {} : { code } }
    const untried: Finding[] = ['siteKey', 'serverAddress'].map((check) => ({
      check,
      result: 'unprovable',
      reason: 'unprovable',
      facts: {},
    }))
    return { kind: 'done', reference: '', value: [program, ...untried] }
  },
}
