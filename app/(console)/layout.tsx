import type { ReactNode } from 'react'
import { ExportProvider } from '#components/exports/export-context.tsx'
import { Shell } from '#components/frame/shell.tsx'
import { whoMay } from '#lib/policy/permissions.ts'
import { permitted } from '#lib/server/context.ts'
import { frameOf } from '#lib/server/frame.ts'
import { requirePerson } from '#lib/server/session.ts'
import { stepUpAction } from './actions.ts'
import { createExportAction } from './exports/actions.ts'

export default async function ConsoleLayout({ children }: { readonly children: ReactNode }) {
  const person = await requirePerson()
  const frame = await frameOf(person)
  const lookUpStores = frame.stores.map(({ id }) => id).filter((id) => permitted(person, 'payment.look_up', id))
  const whoMayLookUp = whoMay('payment.look_up').join(', ')
  return (
    <Shell
      frame={{ ...frame, person: { name: person.name, email: person.email }, lookUpStores, whoMayLookUp }}
      stepUp={stepUpAction}
    >
      <ExportProvider action={createExportAction}>{children}</ExportProvider>
    </Shell>
  )
}
