import type { Instant } from '#lib/domain/kst.ts'
import type { Facts } from '#lib/domain/problem.ts'
import type { CancelFacts } from '../cancel-facts.ts'
import type { RuleId, Verdict } from '../verdict.ts'

/** `reading`: the document leaves a point open, and the entry says how it is read here. */
export type Basis = 'seed' | 'reading' | 'protocol' | 'ours'
export type Source = { readonly document: string; readonly basis: Basis }
/** Null: the rule has nothing to say about this payment. */
export type Rule = {
  readonly id: RuleId
  readonly source: Source
  readonly judge: (facts: CancelFacts) => Verdict | null
}

export const documents = {
  ksnetThroughPortone: 'PortOne 개발자 문서, KSNET 연동 유의사항',
  portoneCancel: 'PortOne 개발자 문서, 결제 취소 (V2)',
  kspayModule: 'KSPAY 스마트폰용(APP) 결제모듈 설치 및 운영 가이드',
  ksnetMessages: 'KSNET 소켓·REST 취소 전문 (공개 자료)',
  kcpAccountCheck: 'NHN KCP HUB [계좌인증] 연동 가이드',
  kcpCancel: 'NHN KCP 취소·에스크로 연동 자료 (공개 자료)',
  jeonpyo: 'Jeonpyo',
} as const

const sayAs = (rule: RuleId) => ({
  allowed: (reason: string, facts: Facts = {}): Verdict => ({ rule, reason, facts, kind: 'allowed' }),
  warned: (reason: string, facts: Facts = {}): Verdict => ({ rule, reason, facts, kind: 'warned' }),
  never: (reason: string, facts: Facts = {}): Verdict => ({ rule, reason, facts, kind: 'never' }),
  notNow: (until: Instant | null, reason: string, facts: Facts = {}): Verdict => ({
    rule,
    reason,
    facts,
    kind: 'not_now',
    until,
  }),
  needs: (what: 'refund_account' | 'amount', reason: string, facts: Facts = {}): Verdict => ({
    rule,
    reason,
    facts,
    kind: 'needs',
    what,
  }),
})

export type Say = ReturnType<typeof sayAs>

export function rule(id: RuleId, source: Source, judge: (facts: CancelFacts, say: Say) => Verdict | null): Rule {
  const say = sayAs(id)
  return { id, source, judge: (facts) => judge(facts, say) }
}
