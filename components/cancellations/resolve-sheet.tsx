'use client'

import { useState } from 'react'
import { parseKst, toKstIso } from '#lib/domain/kst.ts'
import type { DeskItem } from '#lib/domain/views.ts'
import { EvidenceUpload, type UploadedEvidence } from '../evidence/evidence-upload.tsx'
import { EnvironmentBadge } from '../frame/environment-badge.tsx'
import { ProblemCallout } from '../problem-callout.tsx'
import { useAction } from '../use-action.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Choice } from '../ui/choice.tsx'
import { TextField } from '../ui/field.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { useWords } from '../words.tsx'
import type { DeskActions, ResolutionEvidence } from './actions.ts'

const NOTE_MAX = 300
const NUMBER_MAX = 40
const AGENT_MAX = 60

type Props = {
  readonly item: DeskItem
  readonly open: boolean
  readonly onClose: () => void
  readonly actions: Pick<DeskActions, 'propose' | 'upload'>
  readonly reload: () => Promise<unknown>
}

/** What is being filled in, and the evidence it amounts to; null while something is missing. */
function useEvidence(happened: boolean | null) {
  const [kind, setKind] = useState<ResolutionEvidence['kind']>('approval_number')
  const [approvalNumber, setApprovalNumber] = useState('')
  const [again, setAgain] = useState('')
  const [agent, setAgent] = useState('')
  const [spokenText, setSpokenText] = useState('')
  const [file, setFile] = useState<UploadedEvidence | null>(null)
  // What did not happen has no number.
  const chosen = happened === false ? 'agent' : kind
  const spokenAt = parseKst(spokenText)
  const evidence = (): ResolutionEvidence | null => {
    if (chosen === 'approval_number') {
      const number = approvalNumber.trim()
      return number !== '' && number === again.trim()
        ? { kind: chosen, approvalNumber: number, again: again.trim() }
        : null
    }
    return agent.trim() !== '' && spokenAt !== null && file !== null
      ? { kind: chosen, agent: agent.trim(), spokenAt: toKstIso(spokenAt), evidenceId: file.id }
      : null
  }
  const differs = again.trim() !== '' && again.trim() !== approvalNumber.trim()
  return {
    chosen,
    setKind,
    approvalNumber,
    setApprovalNumber,
    again,
    setAgain,
    differs,
    agent,
    setAgent,
    spokenText,
    setSpokenText,
    file,
    setFile,
    evidence: evidence(),
  }
}

/** People say what became of it, with evidence; a second one must agree before anything changes. */
export function ResolveSheet({ item, open, onClose, actions, reload }: Props) {
  const words = useWords()
  const { t } = words
  const { payment } = item
  const [happened, setHappened] = useState<boolean | null>(null)
  const [note, setNote] = useState('')
  const form = useEvidence(happened)
  const { run, pending, problem } = useAction(actions.propose)
  const { evidence } = form
  const ready = happened !== null && evidence !== null && note.trim() !== ''
  const propose = async () => {
    if (happened === null || !evidence) return
    const made = await run({ cancellationId: item.id, happened, evidence, note: note.trim() })
    await reload()
    if (made) onClose()
  }
  const amount = words.money(item.amount, payment.currency)
  const foot = (
    <div className="grid gap-3">
      <p className="font-medium">
        {happened === null
          ? t('resolve.choose')
          : t(happened ? 'resolve.readBackHappened' : 'resolve.readBackNot', { amount })}{' '}
        <EnvironmentBadge environment={payment.environment} testStore={payment.testStore} />
      </p>
      <p className="text-soft">{t('resolve.second')}</p>
      <ProblemCallout problem={problem} />
      <Button look="primary" className="w-full" disabled={!ready || pending} onClick={() => void propose()}>
        {t(pending ? 'resolve.sending' : 'resolve.submit')}
      </Button>
    </div>
  )
  return (
    <Sheet open={open} onClose={onClose} held={pending} locked={pending} title={t('resolve.title')} foot={foot}>
      <div className="grid gap-6">
        <Callout tone="waiting">{t('resolve.warning')}</Callout>
        <Choice
          legend={t('resolve.what')}
          name="happened"
          value={happened === null ? null : happened ? 'yes' : 'no'}
          choices={[
            { value: 'yes', label: t('resolve.happened'), hint: t('resolve.happenedHint') },
            { value: 'no', label: t('resolve.notHappened'), hint: t('resolve.notHappenedHint') },
          ]}
          onChange={(value) => setHappened(value === 'yes')}
        />
        {happened === true ? (
          <Choice
            legend={t('resolve.evidence')}
            name="evidence"
            value={form.chosen}
            choices={[
              { value: 'approval_number', label: t('resolve.byNumber'), hint: t('resolve.byNumberHint') },
              { value: 'agent', label: t('resolve.byAgent'), hint: t('resolve.byAgentHint') },
            ]}
            onChange={(value) => form.setKind(value === 'agent' ? 'agent' : 'approval_number')}
          />
        ) : null}
        {happened === null ? null : form.chosen === 'approval_number' ? (
          <div className="grid items-start gap-3 sm:grid-cols-2">
            <TextField
              label={t('resolve.number')}
              value={form.approvalNumber}
              maxLength={NUMBER_MAX}
              autoComplete="off"
              spellCheck={false}
              onChange={({ target }) => form.setApprovalNumber(target.value)}
            />
            <TextField
              label={t('resolve.again')}
              value={form.again}
              maxLength={NUMBER_MAX}
              autoComplete="off"
              spellCheck={false}
              error={form.differs ? t('resolve.differs') : null}
              hint={t('resolve.againHint')}
              onPaste={(event) => event.preventDefault()}
              onChange={({ target }) => form.setAgain(target.value)}
            />
          </div>
        ) : (
          <div className="grid gap-3">
            <TextField
              label={t('resolve.agent')}
              hint={t('resolve.agentHint')}
              value={form.agent}
              maxLength={AGENT_MAX}
              autoComplete="off"
              onChange={({ target }) => form.setAgent(target.value)}
            />
            <TextField
              label={t('resolve.spokenAt')}
              type="datetime-local"
              value={form.spokenText}
              onChange={({ target }) => form.setSpokenText(target.value)}
            />
            <EvidenceUpload
              label={t('resolve.file')}
              paymentId={payment.id}
              upload={actions.upload}
              value={form.file}
              onChange={form.setFile}
            />
          </div>
        )}
        <TextField
          label={t('resolve.note')}
          hint={t('resolve.noteHint')}
          value={note}
          maxLength={NOTE_MAX}
          autoComplete="off"
          required
          onChange={({ target }) => setNote(target.value)}
        />
      </div>
    </Sheet>
  )
}
