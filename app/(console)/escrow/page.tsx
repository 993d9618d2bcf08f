import type { Metadata } from 'next'
import { EscrowBoard } from '#components/escrow/escrow-board.tsx'
import { translator } from '#lib/i18n/translate.ts'
import { may, whoMay } from '#lib/policy/permissions.ts'
import { pageContext } from '#lib/server/page.ts'
import { previewShipmentsAction, registerShipmentsAction } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('escrowBoard.title') }
}

export default async function Escrow() {
  const { actor } = await pageContext()
  const anywhere = actor.owner || [...actor.grants.values()].some((role) => may(role, false, 'shipment.register'))
  return (
    <EscrowBoard
      actions={{ preview: previewShipmentsAction, register: registerShipmentsAction }}
      may={anywhere}
      whoMay={whoMay('shipment.register').join(', ')}
    />
  )
}
