'use client'

import type { PaymentView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { Copy } from '../ui/copy.tsx'
import { Facts, type Fact } from '../ui/facts.tsx'
import { Section } from '../ui/section.tsx'
import { useWords } from '../words.tsx'
import type { PaymentActions, PersonalField } from './actions.ts'
import { Reveal } from './reveal.tsx'

type RevealAction = PaymentActions['staff']['reveal']

export function PaymentFacts({ payment, reveal }: { readonly payment: PaymentView; readonly reveal: RevealAction }) {
  const words = useWords()
  const { t } = words
  return (
    <>
      <Section title={t('detail.facts.title')}>
        <Facts
          facts={[
            ...orderFacts(payment, words),
            ...personalFacts(payment, words, reveal),
            ...methodFacts(payment, words),
            ...restFacts(payment, words),
          ]}
        />
        {payment.staff.reveal.may ? null : (
          <p className="mt-3 text-meta text-faint">
            {t('denied.inline', {
              permission: words.permission('personal.reveal'),
              who: words.roles(payment.staff.reveal.who),
            })}
          </p>
        )}
      </Section>
      <Section title={t('detail.references')}>
        <ul className="grid gap-1.5">
          {payment.references.map(({ kind, value }) => (
            <li key={`${kind} ${value}`} className="flex items-start gap-2">
              <span className="w-28 shrink-0 text-soft">{t(`reference.${kind}`)}</span>
              <span className="min-w-0 flex-1 break-all">{value}</span>
              <Copy value={value} what={t(`reference.${kind}`)} />
            </li>
          ))}
        </ul>
      </Section>
    </>
  )
}

function orderFacts(payment: PaymentView, { t }: Words): Fact[] {
  return [
    { label: t('detail.facts.orderName'), value: payment.orderName },
    { label: t('detail.facts.store'), value: payment.store.name },
    { label: t('detail.facts.channel'), value: `${payment.channel.name} (${payment.pg})` },
    { label: t('detail.facts.mid'), value: payment.mid },
  ]
}

/** What is personal: masked, each with the way to see it. */
function personalFacts({ id, method, methodFacts, staff }: PaymentView, words: Words, action: RevealAction): Fact[] {
  const { t } = words
  const { personal, reveal } = staff
  const fact = (field: PersonalField, label: string, before = ''): Fact => {
    const masked = personal[field]
    if (!personal.readable) return { label, value: t('detail.facts.unreadable') }
    if (masked === null) return { label, value: before || t('common.notProvided') }
    return {
      label,
      value: (
        <Reveal
          paymentId={id}
          field={field}
          label={label}
          masked={[before, masked].filter(Boolean).join(' ')}
          allowed={reveal}
          action={action}
        />
      ),
    }
  }
  const bank = methodFacts.virtualAccount?.bank
  return [
    fact('name', t('detail.facts.buyer')),
    fact('phone', t('detail.facts.phone')),
    fact('email', t('detail.facts.email')),
    ...(method === 'VIRTUAL_ACCOUNT'
      ? [fact('account', t('detail.facts.account'), bank === undefined ? '' : words.institution(bank))]
      : []),
  ]
}

/** What is not given is said to be so: a blank would look like a fault. */
function methodFacts(payment: PaymentView, words: Words): Fact[] {
  const { t } = words
  const { card, easyPay, virtualAccount, transfer } = payment.methodFacts
  const absent = t('common.notProvided')
  const given = (code: string | undefined) => (code === undefined ? '' : words.institution(code))
  const named = (code: string | undefined) => given(code) || absent
  const facts: Fact[] = [{ label: t('detail.facts.method'), value: t(`method.${payment.method}`) }]
  if (payment.method === 'EASY_PAY') facts.push({ label: t('detail.facts.easyPay'), value: named(easyPay?.provider) })
  if (payment.method === 'CARD' || payment.method === 'EASY_PAY') {
    facts.push({
      label: t('detail.facts.card'),
      value: [given(card?.issuer), card?.number].filter(Boolean).join(' ') || absent,
    })
    facts.push({ label: t('detail.facts.instalment'), value: instalmentOf(card, words) })
  }
  if (payment.method === 'TRANSFER') facts.push({ label: t('detail.facts.bank'), value: named(transfer?.bank) })
  if (payment.method === 'VIRTUAL_ACCOUNT') {
    facts.push({
      label: t('detail.facts.expires'),
      value: virtualAccount?.expiresAt === undefined ? absent : words.instant(virtualAccount.expiresAt),
    })
  }
  return facts
}

function instalmentOf(card: PaymentView['methodFacts']['card'], { t }: Words): string {
  if (card?.instalmentMonths === undefined) return t('common.notProvided')
  if (card.instalmentMonths === 0) return t('detail.facts.once')
  const months = t('detail.facts.months', { count: card.instalmentMonths })
  return card.interestFree ? `${months} (${t('detail.facts.interestFree')})` : months
}

const stageOf = (of: 'escrow' | 'cashReceipt', status: string, { t, sentence }: Words) =>
  sentence(`${of}.${status}`, {}, `${t('common.unknown')} (${status})`)

/** Paid at another moment than they were approved or issued. */
const paidLater: ReadonlySet<string> = new Set(['VIRTUAL_ACCOUNT', 'TRANSFER'])

function restFacts(payment: PaymentView, words: Words): Fact[] {
  const { t } = words
  return [
    { label: t('detail.facts.requestedAt'), value: words.instant(payment.requestedAt) },
    {
      label: t(payment.method === 'VIRTUAL_ACCOUNT' ? 'detail.facts.issuedAt' : 'detail.facts.approvedAt'),
      value: words.instant(payment.approvedAt),
    },
    ...(payment.paidAt === null || !paidLater.has(payment.method)
      ? []
      : [{ label: t('detail.facts.paidAt'), value: words.instant(payment.paidAt) }]),
    ...(payment.discount > 0
      ? [{ label: t('detail.facts.discount'), value: words.money(payment.discount, payment.currency) }]
      : []),
    ...(payment.escrow
      ? [{ label: t('detail.facts.escrow'), value: stageOf('escrow', payment.escrow.status, words) }]
      : []),
    ...(payment.cashReceipt
      ? [{ label: t('detail.facts.cashReceipt'), value: stageOf('cashReceipt', payment.cashReceipt.status, words) }]
      : []),
  ]
}
