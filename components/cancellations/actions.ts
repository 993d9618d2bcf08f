import type { UploadEvidence } from '../evidence/evidence-upload.tsx'
import type { Action } from '../use-action.ts'

export type ResolutionEvidence =
  /** Typed twice. */
  | { readonly kind: 'approval_number'; readonly approvalNumber: string; readonly again: string }
  | {
      readonly kind: 'agent'
      readonly agent: string
      /** With its offset. */
      readonly spokenAt: string
      readonly evidenceId: string
    }

/** What can be done on the desks; the page gives the server's actions. */
export type DeskActions = {
  readonly askNow: Action<{ id: string }, unknown>
  readonly withdraw: Action<{ id: string }, unknown>
  readonly approve: Action<
    { id: string; snapshotHash: string; note?: string },
    { id: string; state: 'READY' | 'SCHEDULED' | 'WITHDRAWN' }
  >
  readonly reject: Action<{ id: string; note: string }, unknown>
  readonly propose: Action<
    { cancellationId: string; happened: boolean; evidence: ResolutionEvidence; note: string },
    { id: string }
  >
  readonly decide: Action<{ id: string; agree: boolean }, unknown>
  readonly upload: UploadEvidence
}
