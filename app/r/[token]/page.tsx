import type { Metadata } from 'next'
import { ClosedReceipt, PublicReceiptPage } from '#components/receipts/public-receipt.tsx'
import { translator } from '#lib/i18n/translate.ts'
import { now } from '#lib/server/clock.ts'
import { hasTurn } from '#lib/server/rate-limit.ts'
import { visitor } from '#lib/server/visitor.ts'
import { openReceipt } from '#lib/services/receipts/open-receipt.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return {
    title: { absolute: t('receipts.publicTitle') },
    description: null,
    robots: { index: false, follow: false },
    referrer: 'no-referrer',
  }
}

/** Without signing in. A link that does not open answers the same, whatever the reason. */
export default async function PublicReceipt({ params }: { readonly params: Promise<{ readonly token: string }> }) {
  const { address } = await visitor()
  if (!(await hasTurn('receipt', address))) return <ClosedReceipt reason="busy" />
  const receipt = await openReceipt((await params).token, now())
  return receipt ? <PublicReceiptPage receipt={receipt} /> : <ClosedReceipt reason="closed" />
}
