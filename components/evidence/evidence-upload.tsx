'use client'

import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { FileInput } from '../ui/file-input.tsx'
import { Icon } from '../ui/icon.tsx'
import { Mark } from '../ui/mark.tsx'
import { lost, useAction, type Action } from '../use-action.ts'
import { useWords } from '../words.tsx'

export type UploadEvidence = Action<{ paymentId: string; name: string; data: string }, { id: string }>
export type UploadedEvidence = { readonly id: string; readonly name: string }

export const EVIDENCE_MAX_BYTES = 2 * 1024 * 1024
const NAME_MAX = 100
const types = ['application/pdf', 'image/png', 'image/jpeg', 'image/webp']

type Props = {
  readonly label: string
  readonly paymentId: string
  readonly upload: UploadEvidence
  readonly value: UploadedEvidence | null
  readonly onChange: (evidence: UploadedEvidence | null) => void
}

type Refusal = 'kind' | 'tooLarge' | 'empty' | 'unreadable'

/** The file as base64; null where the browser cannot read it. */
async function base64Of(file: File): Promise<string | null> {
  return new Promise((resolve) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => {
      const text = typeof reader.result === 'string' ? reader.result : ''
      resolve(text.slice(text.indexOf(',') + 1) || null)
    })
    reader.addEventListener('error', () => resolve(null))
    reader.readAsDataURL(file)
  })
}

function refusalOf(file: File): Refusal | null {
  if (!types.includes(file.type)) return 'kind'
  if (file.size > EVIDENCE_MAX_BYTES) return 'tooLarge'
  return file.size === 0 ? 'empty' : null
}

/** One file as evidence: chosen, checked here, sent at once, and shown as kept. */
export function EvidenceUpload({ label, paymentId, upload, value, onChange }: Props) {
  const words = useWords()
  const { t } = words
  const { run, pending, problem } = useAction(upload)
  const [refused, setRefused] = useState<Refusal | null>(null)
  const [reading, setReading] = useState(false)
  const busy = reading || pending
  const take = async (file: File) => {
    const refusal = refusalOf(file)
    setRefused(refusal)
    onChange(null)
    if (refusal) return
    setReading(true)
    const data = await base64Of(file)
    setReading(false)
    if (data === null) return setRefused('unreadable')
    const kept = await run({ paymentId, name: file.name.slice(-NAME_MAX), data })
    if (kept) onChange({ id: kept.id, name: file.name })
  }
  const wrong = refused
    ? t(`evidence.refused.${refused}`)
    : problem
      ? problem.code === lost.code
        ? t('evidence.lost')
        : words.problem(problem)
      : null
  return (
    <FileInput
      label={label}
      accept={types.join(',')}
      disabled={busy}
      invalid={wrong !== null}
      onFile={(file) => void take(file)}
    >
      <p className="text-faint">{t('evidence.hint')}</p>
      {wrong ? (
        <p role="alert" className="text-refused">
          {wrong}
        </p>
      ) : null}
      <output>
        {busy ? <Mark tone="waiting">{t(reading ? 'evidence.reading' : 'evidence.sending')}</Mark> : null}
        {value && !busy ? <Mark tone="done">{t('evidence.kept', { name: value.name })}</Mark> : null}
      </output>
      {value && !busy ? (
        <Button size="small" className="justify-self-start" onClick={() => onChange(null)}>
          {t('evidence.drop')}
        </Button>
      ) : null}
    </FileInput>
  )
}

/** The way to what was uploaded. */
export function EvidenceLink({ id }: { readonly id: string }) {
  const { t } = useWords()
  return (
    <a href={`/api/evidence/${id}`} className="inline-flex items-center gap-1 text-accent underline underline-offset-2">
      {t('evidence.open')}
      <Icon name="out" className="size-3" />
    </a>
  )
}
