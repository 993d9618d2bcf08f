import type { Verdict } from '#lib/policy/verdict.ts'
import type { VerdictView } from '#lib/domain/views.ts'

export const verdictView = (verdict: Verdict): VerdictView => ({
  rule: verdict.rule,
  kind: verdict.kind,
  reason: verdict.reason,
  until: verdict.kind === 'not_now' ? verdict.until : null,
  facts: verdict.facts,
})
