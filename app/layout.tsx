import './globals.css'
import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { Providers } from '#components/providers.tsx'
import { messagesOf } from '#lib/i18n/messages.ts'
import { language, translator } from '#lib/i18n/translate.ts'

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await translator()
  return {
    title: { default: t('app.name'), template: `%s · ${t('app.name')}` },
    description: t('app.tagline'),
    robots: { index: false },
  }
}

export const viewport: Viewport = { width: 'device-width', initialScale: 1, viewportFit: 'cover' }

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const locale = await language()
  const theme = (await cookies()).get('theme')?.value
  const chosen = theme === 'light' || theme === 'dark' ? theme : undefined
  return (
    <html lang={locale} data-theme={chosen}>
      <body>
        <Providers language={locale} messages={await messagesOf(locale)}>
          {children}
        </Providers>
      </body>
    </html>
  )
}
