'use client'

import { createContext, useContext, type ReactNode } from 'react'
import type { Action } from '../use-action.ts'

export type ExportAction = Action<
  {
    readonly what: string
    readonly format: string
    readonly filter: Readonly<Record<string, string>>
    readonly reason: string
  },
  { readonly id: string }
>

const ExportContext = createContext<ExportAction | null>(null)

/** Gives every list of the console the server's action, so that each needs only its button. */
export function ExportProvider({ action, children }: { readonly action: ExportAction; readonly children: ReactNode }) {
  return <ExportContext value={action}>{children}</ExportContext>
}

export function useExportAction(): ExportAction {
  const action = useContext(ExportContext)
  if (!action) throw new Error('no export provider around this component')
  return action
}
