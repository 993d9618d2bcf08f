import type { Metadata } from 'next'
import { PaymentList } from '#components/payments/payment-list.tsx'
import { kstDate } from '#lib/domain/kst.ts'
import { translator } from '#lib/i18n/translate.ts'
import { pageContext } from '#lib/server/page.ts'
import { lookUpPaymentAction } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return { title: t('list.title') }
}

export default async function Payments() {
  const { now } = await pageContext()
  return <PaymentList today={kstDate(now())} lookUp={lookUpPaymentAction} />
}
