import { describe, expect, it } from 'vitest'
import { paymentStatuses, methods } from '#lib/domain/payment.ts'
import { states } from '#lib/domain/cancellation.ts'
import { problems } from '#lib/domain/problem.ts'
import { createTranslator } from 'use-intl/core'
import en from './en.json' with { type: 'json' }
import ko from './ko.json' with { type: 'json' }
import { languages, messagesOf, type Messages } from './messages.ts'
import { wordsOf } from './words.ts'

const leaves = (node: unknown, path = ''): [string, string][] =>
  typeof node === 'object' && node !== null
    ? Object.entries(node).flatMap(([key, value]) => leaves(value, path ? `${path}.${key}` : key))
    : [[path, String(node)]]
const gaps = (text: string) =>
  [...text.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name ?? '').toSorted((a, b) => a.localeCompare(b))

describe('Korean and English', () => {
  it('have the same keys, none empty, and the same gaps to fill', () => {
    const [korean, english] = [new Map(leaves(ko)), new Map(leaves(en))]
    expect([...english.keys()].toSorted()).toEqual([...korean.keys()].toSorted())
    for (const [key, text] of korean) {
      expect(text.trim(), key).not.toBe('')
      const other = gaps(english.get(key) ?? '')
      expect([...new Set(other)], key).toEqual([...new Set(gaps(text))])
    }
  })

  it.each(languages)('%s has a sentence for every problem, state, status and method', async (locale) => {
    const messages = await messagesOf(locale)
    const words = wordsOf(locale, createTranslator<Messages>({ locale, messages }))
    for (const code of Object.keys(problems)) {
      if (code === 'broken') continue
      const facts = {
        permission: 'audit.view',
        who: 'OWNER',
        shownAmount: 5_000,
        leftAmount: 4_000,
        byHandAmount: 1_000,
      }
      expect(words.problem({ code, facts }), code).not.toBe(words.t('problem.broken'))
    }
    for (const state of states) expect(words.sentence(`state.${state}`, {}, ''), state).not.toBe('')
    for (const status of paymentStatuses) expect(words.sentence(`status.${status}`, {}, ''), status).not.toBe('')
    for (const method of methods) expect(words.sentence(`methodLong.${method}`, {}, ''), method).not.toBe('')
  })

  it.each(languages)('%s says what each known cause means, and marks the rest as technical', async (locale) => {
    const messages = await messagesOf(locale)
    const words = wordsOf(locale, createTranslator<Messages>({ locale, messages }))
    const label = words.t('cause.other', { cause: '' }).trim()
    const known = [
      'person',
      'outside_cancel',
      'not_sent',
      'no_answer_recorded',
      'snapshot_changed',
      'approval_expired',
      'requester_gone',
      'rule:CANCEL-COUNT:used_up',
      'name: getaddrinfo ENOTFOUND',
      'connect: connect ECONNREFUSED 127.0.0.1:1',
      'handshake: closed',
      'written: no answer within 60000 ms',
      'answer not understood',
      'the answer tells of another cancel',
      'FAILED, but an earlier sending has no known end',
      'the permission to send was held too long',
      'PG_PROVIDER 6101',
      'status 502',
      'status 502, not JSON',
      'status 500 SOME_TYPE',
      'PAYMENT_ALREADY_CANCELLED',
      'already cancelled',
      'P1D1',
      '994',
      'written: the answer was cut short',
      'name: no address',
      '8133',
      '8E01',
      'S204',
      'connect: S202',
      'program: not found',
      'sign: the key could not be used',
      'written: nothing was printed (exit 123)',
    ]
    for (const cause of known) {
      expect(words.cause(cause), cause).not.toContain(label)
      expect(words.cause(cause), cause).not.toMatch(/[{}]|cause\./)
    }
    expect(words.cause('PG_PROVIDER 6101')).toContain('6101')
    expect(words.cause('status 502, not JSON')).toContain('HTTP 502)')
    expect(words.cause('status 500 SOME_TYPE')).toContain('HTTP 500 SOME_TYPE)')
    for (const cause of ['phase', '', 'other: x'])
      expect(words.cause(cause), cause).toBe(words.t('cause.other', { cause }))
  })

  it('says of money paid in or transferred that it came, not that it was approved', async () => {
    const words = wordsOf('ko', createTranslator<Messages>({ locale: 'ko', messages: await messagesOf('ko') }))
    expect(methods.map((method) => words.status('PAID', method))).toEqual([
      '승인',
      '이체 완료',
      '입금 완료',
      '승인',
      '승인',
      '승인',
    ])
    expect(words.status('REFUNDED', 'TRANSFER')).toBe('전액취소')
  })

  it('never calls what is not known a failure', () => {
    const unknown = Object.values(ko.sheet).filter((text) => typeof text === 'string')
    expect(unknown.filter((text) => text.includes('실패'))).toEqual([])
  })
})
