'use client'

import { socketSigns } from '#lib/domain/dated/bulletins.ts'
import { Callout } from '../ui/callout.tsx'
import { Facts } from '../ui/facts.tsx'
import { Section } from '../ui/section.tsx'
import { useWords } from '../words.tsx'
import { SourceLine } from './dated-words.tsx'

const modes = ['page', 'socket', 'portone'] as const

/** Rule CHANNEL-MODE: how people find out by which mode their shop is paid. */
export function ModeHelp() {
  const { t } = useWords()
  return (
    <>
      <p className="max-w-3xl pb-4 text-soft">{t('modeHelp.intro')}</p>
      {modes.map((mode) => (
        <Section key={mode} title={t(`modeHelp.${mode}.title`)}>
          <div className="grid max-w-4xl gap-3">
            <Facts
              facts={[
                { label: t('modeHelp.signLabel'), value: t(`modeHelp.${mode}.sign`) },
                { label: t('modeHelp.thenLabel'), value: t(`modeHelp.${mode}.then`) },
              ]}
            />
            {mode === 'socket' ? <SocketSigns /> : null}
          </div>
        </Section>
      ))}
      <div className="grid max-w-4xl gap-3 pb-6">
        <Callout tone="ended">{t('modeHelp.unsure')}</Callout>
        <SourceLine source="citi" />
        <SourceLine source="portone" />
      </div>
    </>
  )
}

const cell = 'border-b border-line py-1.5 pr-6'

function SocketSigns() {
  const { t } = useWords()
  return (
    <div className="grid gap-2">
      <table className="w-full max-w-2xl" aria-label={t('modeHelp.socket.title')}>
        <thead>
          <tr className="text-meta text-soft">
            <th className={cell}>{t('modeHelp.server')}</th>
            <th className={cell}>{t('modeHelp.language')}</th>
            <th className={cell}>{t('modeHelp.process')}</th>
          </tr>
        </thead>
        <tbody>
          {socketSigns.map(({ server, languages, process }) => (
            <tr key={process}>
              <td className={cell}>{server}</td>
              <td className={cell}>{languages}</td>
              <td className={cell}>
                <code className="font-semibold">{process}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="text-soft">{t('modeHelp.socket.look')}</p>
      <p className="text-soft">{t('modeHelp.socket.note')}</p>
    </div>
  )
}
