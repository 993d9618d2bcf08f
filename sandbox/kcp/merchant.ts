import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The merchants of the KCP stand-in. Every key here is for the sandbox only and opens nothing anywhere else. */
export interface Site {
  readonly siteCd: string
  readonly name: string
  readonly store: 'first' | 'second'
  /** Whether payments of this site may be escrow payments. */
  readonly escrow: boolean
  /** For the module. */
  readonly siteKey: string
  /** For REST: PEM. */
  readonly certificate: string
  /** Encrypted PKCS#8, PEM; PBE-SHA1-3DES, which every KCP client can open. */
  readonly privateKey: string
  readonly privateKeyPassword: string
}

export const privateKeyPassword = 'sandbox-key-password'

const pem = (file: string): string => readFileSync(join(import.meta.dirname, 'sandbox-only', file), 'utf8')

const site = (siteCd: string, about: Pick<Site, 'name' | 'store' | 'escrow'>): Site => ({
  siteCd,
  ...about,
  siteKey: `sandbox-key-of-${siteCd}__`,
  certificate: pem(`${siteCd}.certificate.pem`),
  privateKey: pem(`${siteCd}.private-key.pem`),
  privateKeyPassword,
})

export const plainSite = site('J1001', { name: '전표상점', store: 'first', escrow: false })
export const escrowSite = site('J1002', { name: '전표상점 에스크로', store: 'first', escrow: true })
export const secondPlainSite = site('J2001', { name: '전표상점 2호', store: 'second', escrow: false })
export const secondEscrowSite = site('J2002', { name: '전표상점 2호 에스크로', store: 'second', escrow: true })

/** The first is the one a payment takes where none is named. */
export const sites: readonly [Site, ...Site[]] = [plainSite, escrowSite, secondPlainSite, secondEscrowSite]
export const findSite = (siteCd: string): Site | undefined => sites.find((one) => one.siteCd === siteCd)

/** Where the notices of this stand-in come from. */
export const noticeSources: readonly string[] = ['127.0.0.1']
