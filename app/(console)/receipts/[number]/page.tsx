import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { ReceiptChoice } from '#components/receipts/receipt-choice.tsx'
import { translator } from '#lib/i18n/translate.ts'
import { pageContext } from '#lib/server/page.ts'
import { findReceipt } from '#lib/services/receipts/find-receipt.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('receipts.slip') }
}

/** A trno, tno or payment id, as a mail or another program may name it. */
export default async function Receipt({ params }: { readonly params: Promise<{ readonly number: string }> }) {
  const { actor } = await pageContext()
  const number = textOf((await params).number)
  const items = number === null ? [] : await findReceipt(actor, number)
  const [only, ...others] = items
  if (only === undefined || number === null) notFound()
  if (others.length === 0) redirect(`/payments/${only.id}#slip`)
  return <ReceiptChoice number={number} items={items} />
}

const NUMBER_MAX = 200
/** What no number has, PostgreSQL may not take either. */
function textOf(part: string): string | null {
  try {
    const text = decodeURIComponent(part)
    return text.length > NUMBER_MAX || /[\p{Cc}\p{Cs}]/u.test(text) ? null : text
  } catch {
    return null
  }
}
