import type { Wire } from '../connector.ts'

const HEADERS = { Accept: 'application/json' }

export const paymentUrl = (endpoint: string, paymentId: string) =>
  `${endpoint}/payments/${encodeURIComponent(paymentId)}`

export const get = (url: string): Wire => ({ via: 'http', method: 'GET', url, headers: HEADERS, body: null })

/** A list's body travels in the query, as the official SDK sends it. */
export const getWithBody = (url: string, body: object): Wire =>
  get(`${url}?requestBody=${encodeURIComponent(JSON.stringify(body))}`)

const json =
  (method: 'POST' | 'PATCH') =>
  (url: string, body: object, headers: Readonly<Record<string, string>> = {}): Wire => ({
    via: 'http',
    method,
    url,
    headers: { ...HEADERS, 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

export const postJson = json('POST')
export const patchJson = json('PATCH')
