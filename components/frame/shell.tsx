'use client'

import type { ReactNode } from 'react'
import { useWords } from '../words.tsx'
import { IdleGuard } from '../session/idle-guard.tsx'
import { StepUpProvider, type StepUp } from '../session/step-up.tsx'
import { EnvironmentBadge, TestEdge } from './environment-badge.tsx'
import { FrameProvider, type Frame } from './frame-context.tsx'
import { Nav } from './nav.tsx'
import { LanguageSwitch, ThemeToggle } from './preferences.tsx'
import { SearchBox } from './search-box.tsx'
import { StoppedBanner } from './stopped-banner.tsx'
import { StoreSelect } from './store-select.tsx'
import { UserMenu } from './user-menu.tsx'

type Props = { readonly frame: Frame; readonly stepUp: StepUp; readonly children: ReactNode }

export function Shell({ frame, stepUp, children }: Props) {
  const { t } = useWords()
  // Where nothing is live, every screen says so, also one that shows no payment.
  const [first, ...others] = frame.environments
  const nothingLive = first !== undefined && ![first, ...others].includes('live')
  return (
    <FrameProvider frame={frame}>
      <TestEdge shown={nothingLive} />
      <IdleGuard />
      <a
        href="#main"
        className="sr-only z-50 rounded bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('nav.skip')}
      </a>
      <div className="flex min-h-dvh">
        <Nav />
        <div className="min-w-0 flex-1 pb-20 md:pb-8">
          <header className="z-20 flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-page px-4 py-2.5 md:sticky md:top-0 md:h-14 md:flex-nowrap md:px-6 md:py-0">
            <div className="order-last flex w-full md:order-none md:w-auto md:flex-1">
              <SearchBox />
            </div>
            <StoreSelect />
            {nothingLive ? <EnvironmentBadge environment={first} /> : null}
            <div className="ml-auto flex items-center">
              <LanguageSwitch />
              <ThemeToggle />
              <UserMenu />
            </div>
          </header>
          <main id="main" className="mx-auto w-full max-w-[1360px] px-4 md:px-6">
            <StoppedBanner />
            <StepUpProvider stepUp={stepUp}>{children}</StepUpProvider>
          </main>
        </div>
      </div>
    </FrameProvider>
  )
}
