import type { ReactNode } from 'react'
import { LanguageSwitch, ThemeToggle } from '#components/frame/preferences.tsx'
import { translator } from '#lib/i18n/translate.ts'

export default async function AuthLayout({ children }: { readonly children: ReactNode }) {
  const { t } = await translator()
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-sm content-center gap-6 px-5 py-10">
      <div className="flex items-center">
        <p className="text-title font-bold">{t('app.name')}</p>
        <span className="ml-auto flex">
          <LanguageSwitch />
          <ThemeToggle />
        </span>
      </div>
      {children}
    </main>
  )
}
