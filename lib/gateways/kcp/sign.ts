import { createPrivateKey, sign as signBytes } from 'node:crypto'
import { z } from 'zod'
import type { Credentials, Wire } from '../connector.ts'
import { isPlain } from '../wire/separated.ts'

/** A message for the program has two arguments; `-h` alone is the self test, which takes no key. */
const MESSAGE_ARGUMENTS = 2

/** The site key, at the very end of the line. A key that would break the line makes a message that is never sent. */
export function signModule(wire: Wire, credentials: Credentials): Wire {
  if (wire.via !== 'cli' || wire.args.length !== MESSAGE_ARGUMENTS) return wire
  const [option = '', line = ''] = wire.args
  const key = credentials['siteKey'] ?? ''
  if (key === '' || !isPlain(key)) return { ...wire, args: [] }
  const signed = Buffer.concat([Buffer.from(line, 'base64'), Buffer.from(`,site_key=${key}`, 'latin1')])
  return { ...wire, args: [option, signed.toString('base64')] }
}

const signable = z.record(z.string(), z.string()).and(
  z.object({
    site_cd: z.string(),
    tno: z.string(),
    mod_type: z.string().optional(),
    pay_type: z.string().optional(),
  }),
)

/**
 * The certificate on one line, and RSA-SHA256 over `site_cd^tno^mod_type`; for a question the third part is the pay_type, or the
 * mod_type where the account is set so (developer.kcp.co.kr, certificate and signature; the two pages on it disagree). Throws
 * where the key cannot be used.
 */
export function signRest(wire: Wire, credentials: Credentials): Wire {
  if (wire.via !== 'http' || wire.body === null) return wire
  const body = signable.parse(JSON.parse(wire.body))
  const text = [body.site_cd, body.tno, body.mod_type ?? body.pay_type ?? ''].join('^')
  const key = createPrivateKey({
    key: tidyPem(credentials['privateKey'] ?? ''),
    passphrase: credentials['privateKeyPassword'] ?? '',
  })
  const signature = signBytes('RSA-SHA256', Buffer.from(text, 'utf8'), key).toString('base64')
  const certificate = oneLine(credentials['certificate'] ?? '')
  return { ...wire, body: JSON.stringify({ ...body, kcp_cert_info: certificate, kcp_sign_data: signature }) }
}

export const oneLine = (pem: string): string => pem.replace(/\s*[\r\n]+\s*/g, '').trim()

/** As it may have been pasted, with its line breaks lost, back in the form that libraries read. */
export function tidyPem(pem: string): string {
  const [, kind = '', body = ''] = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/.exec(pem) ?? []
  const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${kind}-----`, ...lines, `-----END ${kind}-----`, ''].join('\n')
}
