import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { DAY_MS, fromDate, kstDate, plus, type Instant } from '#lib/domain/kst.ts'
import type { Credentials, Finding } from '../connector.ts'
import { tidyPem } from './sign.ts'

const SOON_MS = 30 * DAY_MS

/**
 * What can be seen of certificate and key without asking anybody: whether the password opens the key, whether the two belong
 * together, and how long the certificate is valid. That KCP accepts them is not proven by it.
 */
export function inspect(credentials: Credentials, now: Instant): readonly Finding[] {
  const certificate = attempt(() => new X509Certificate(tidyPem(credentials['certificate'] ?? '')))
  const key = attempt(() =>
    createPrivateKey({
      key: tidyPem(credentials['privateKey'] ?? ''),
      passphrase: credentials['privateKeyPassword'] ?? '',
    }),
  )
  return [validity(certificate, now), opened(key), pair(certificate, key)]
}

function attempt<Value>(make: () => Value): Value | null {
  try {
    return make()
  } catch {
    // What the library says of a key is shown nowhere.
    return null
  }
}

function validity(certificate: X509Certificate | null, now: Instant): Finding {
  if (certificate === null) return finding('certificate', 'failed', 'unreadable')
  const from = fromDate(certificate.validFromDate)
  const until = fromDate(certificate.validToDate)
  if (until <= now) return finding('certificate', 'failed', 'expired', { until: kstDate(until) })
  if (from > now) return finding('certificate', 'failed', 'not_yet', { from: kstDate(from) })
  return until <= plus(now, SOON_MS)
    ? finding('certificate', 'unprovable', 'expires_soon', { until: kstDate(until) })
    : finding('certificate', 'proven', 'ok', { until: kstDate(until) })
}

const opened = (key: KeyObject | null): Finding =>
  key === null ? finding('privateKey', 'failed', 'not_opened') : finding('privateKey', 'proven', 'ok')

function pair(certificate: X509Certificate | null, key: KeyObject | null): Finding {
  if (certificate === null || key === null) return finding('keyPair', 'unprovable', 'not_compared')
  return certificate.checkPrivateKey(key)
    ? finding('keyPair', 'proven', 'ok')
    : finding('keyPair', 'failed', 'another_key')
}

const finding = (check: string, result: Finding['result'], reason: string, facts: Finding['facts'] = {}): Finding => ({
  check,
  result,
  reason,
  facts,
})
