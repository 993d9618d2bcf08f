'use client'

import { useState } from 'react'
import { EvidenceUpload, type UploadedEvidence } from '../evidence/evidence-upload.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { useAction } from '../use-action.ts'
import { useWords } from '../words.tsx'
import { accountProblem } from './account-words.ts'
import type { RefundAccountProps } from './use-refund-account.ts'

/** Where the gateway cannot be asked: a copy of the bankbook, and a second person who looks at it. */
export function ProposeProof({ payment, form, actions, reload }: RefundAccountProps) {
  const words = useWords()
  const { t } = words
  const [evidence, setEvidence] = useState<UploadedEvidence | null>(null)
  const { run, pending, problem } = useAction(actions.propose)
  const propose = async ({ id: evidenceId }: UploadedEvidence) => {
    const made = await run({ paymentId: payment.id, ...form.typed, evidenceId })
    if (!made) return
    form.hold(made.id, null)
    setEvidence(null)
    await reload()
  }
  return (
    <div className="grid gap-3">
      <EvidenceUpload
        label={t('account.bankbook')}
        paymentId={payment.id}
        upload={actions.upload}
        value={evidence}
        onChange={setEvidence}
      />
      {problem ? (
        <Callout tone="refused" live>
          {accountProblem(problem, words)}
        </Callout>
      ) : null}
      <Button
        className="justify-self-start"
        disabled={!form.complete || evidence === null || pending || form.view !== null}
        onClick={() => {
          if (evidence) void propose(evidence)
        }}
      >
        {t(pending ? 'account.proposing' : 'account.propose')}
      </Button>
    </div>
  )
}
