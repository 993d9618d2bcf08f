'use client'

import { socketSigns } from '#lib/domain/dated/bulletins.ts'
import { Callout } from '../ui/callout.tsx'
import { Section } from '../ui/section.tsx'
import { useWords } from '../words.tsx'
import { cell, head, SourceLine } from './dated-words.tsx'

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
            <dl className="grid gap-x-4 sm:grid-cols-[9rem_1fr] sm:gap-y-1.5">
              <dt className="text-soft">{t('modeHelp.signLabel')}</dt>
              <dd className="max-sm:pb-1.5">{t(`modeHelp.${mode}.sign`)}</dd>
              <dt className="text-soft">{t('modeHelp.thenLabel')}</dt>
              <dd>{t(`modeHelp.${mode}.then`)}</dd>
            </dl>
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

function SocketSigns() {
  const { t } = useWords()
  return (
    <div className="grid gap-2">
      <table className="w-full max-w-2xl" aria-label={t('modeHelp.socket.title')}>
        <thead>
          <tr>
            <th className={head}>{t('modeHelp.server')}</th>
            <th className={head}>{t('modeHelp.language')}</th>
            <th className={head}>{t('modeHelp.process')}</th>
          </tr>
        </thead>
        <tbody>
          {socketSigns.map(({ server, languages, process }) => (
            <tr key={process}>
              <td className={cell}>{server}</td>
              <td className={cell}>{languages}</td>
              <td className={cell}>
                <code className="text-meta font-semibold">{process}</code>
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
