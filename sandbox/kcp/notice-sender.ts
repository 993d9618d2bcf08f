import { SECOND_MS, toIso } from '#lib/domain/kst.ts'
import { encodeCp949 } from '#lib/gateways/wire/cp949.ts'
import { realNow } from '../clock.ts'
import { describeFailure, NoticeQueue } from '../notice-queue.ts'
import type { Notice } from './notice.ts'
import type { Settings } from './settings.ts'
import type { KcpState } from './state.ts'

const TIMEOUT_MS = 30 * SECOND_MS

/** KCP's notices: a form to the address the site registered, again and again until the answer holds `result` 0000. */
export function noticeQueue(state: KcpState): NoticeQueue<Notice> {
  return new NoticeQueue({
    get notices() {
      return state.notices
    },
    get dueNotices() {
      return state.dueNotices
    },
    get noticeModes() {
      return state.noticeModes
    },
    notice: (id) => state.notice(id),
    save: (notice) => state.record({ kind: 'notice', notice }),
    saveModes: (modes) => state.record({ kind: 'notice-modes', modes }),
    attempt: (notice, closing) => attempt(state, notice, closing),
    waitMs: () => state.settings.noticeRetrySeconds * SECOND_MS,
  })
}

async function attempt(state: KcpState, notice: Notice, closing: AbortSignal): Promise<void> {
  const url = state.target(notice.siteCd) ?? null
  if (url === null) return state.record({ kind: 'notice', notice: { ...notice, state: 'no-target' } })
  const { isTaken, ...answer } = await post(url, formOf(notice, state.settings), closing)
  const now = state.notice(notice.id)
  if (!now || closing.aborted) return
  const attempts = [...now.attempts, { at: toIso(realNow()), url, ...answer }]
  const isDelivered = isTaken || now.state === 'delivered'
  const open = attempts.length < state.settings.noticeAttempts ? 'due' : 'gave-up'
  state.record({ kind: 'notice', notice: { ...now, attempts, state: isDelivered ? 'delivered' : open } })
}

/** The bytes of the chosen charset, percent-encoded; `char_set` where it is not the EUC-KR of old. */
function formOf({ fields }: Notice, { noticeCharset }: Settings): string {
  const encode = (text: string) => (noticeCharset === 'UTF-8' ? Buffer.from(text, 'utf8') : eucKr(text))
  const all = noticeCharset === 'UTF-8' ? { ...fields, char_set: 'UTF-8' } : fields
  return Object.entries(all)
    .map(([name, value]) => `${percent(encode(name))}=${percent(encode(value))}`)
    .join('&')
}

/** What EUC-KR lacks comes as a question mark. */
const eucKr = (text: string): Buffer =>
  Buffer.concat([...text].map((sign) => encodeCp949(sign) ?? Buffer.from('?', 'latin1')))

const percent = (bytes: Buffer): string =>
  bytes
    .toString('latin1')
    .replaceAll(/[^A-Za-z0-9_.*-]/g, (sign) =>
      sign === ' ' ? '+' : `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )

type Answer = { readonly status: number | null; readonly error?: string; readonly isTaken: boolean }

async function post(url: string, body: string, closing: AbortSignal): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([closing, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    const page = await response.text()
    return { status: response.status, isTaken: response.status === 200 && saysTaken(page) }
  } catch (error) {
    return { status: null, error: describeFailure(error), isTaken: false }
  }
}

/** A page whose form has `<input type="hidden" name="result" value="0000">`. */
export function saysTaken(page: string): boolean {
  const inputs = page.match(/<input\b[^>]*>/gi) ?? []
  const has = (input: string, name: string, value: string) =>
    new RegExp(`\\b${name}\\s*=\\s*(["']?)${value}\\1(?=[\\s/>])`, 'i').test(input)
  return inputs.some((input) => has(input, 'name', 'result') && has(input, 'value', '0000'))
}
