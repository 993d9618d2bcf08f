'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { useState, type ReactNode } from 'react'
import { IntlProvider } from 'use-intl/react'
import type { Language, Messages } from '#lib/i18n/messages.ts'
import { ProblemError } from './fetch-json.ts'

const RETRIES = 2

/** What is refused is refused again: only what got no answer is asked once more. */
const retry = (failures: number, error: Error) => !(error instanceof ProblemError) && failures < RETRIES

export function Providers({
  language,
  messages,
  children,
}: {
  readonly language: Language
  readonly messages: Messages
  readonly children: ReactNode
}) {
  const [client] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry, staleTime: 5_000, networkMode: 'always' } } }),
  )
  return (
    <QueryClientProvider client={client}>
      <NuqsAdapter>
        <IntlProvider locale={language} messages={messages} timeZone="Asia/Seoul">
          {children}
        </IntlProvider>
      </NuqsAdapter>
    </QueryClientProvider>
  )
}
