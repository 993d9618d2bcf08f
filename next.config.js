// A wrong environment stops the build and the start with a sentence.
import './lib/server/env.ts'

const development = process.env.NODE_ENV !== 'production'
/** Scripts inline only because Next's own start-up is; nothing from elsewhere, no frame, no form to another place. */
const policy = [
  "default-src 'self'",
  `script-src 'self' 'unsafe-inline'${development ? " 'unsafe-eval'" : ''}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "form-action 'self'",
  "base-uri 'self'",
  "object-src 'none'",
].join('; ')

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // Types are a check of their own (npm test); a test's type error must not keep the product from starting.
  typescript: { ignoreBuildErrors: true },
  // Nothing here uses the optimizer; without this anybody could.
  images: { unoptimized: true },
  // A copy of a bankbook, at most 2 MB, as base64.
  experimental: { serverActions: { bodySizeLimit: '3mb' } },
  serverExternalPackages: ['pg-boss', 'pg'],
  headers: async () => [
    {
      source: '/:path*',
      headers: [
        { key: 'Content-Security-Policy', value: policy },
        { key: 'X-Content-Type-Options', value: 'nosniff' },
        { key: 'Referrer-Policy', value: 'same-origin' },
        { key: 'X-Frame-Options', value: 'DENY' },
        { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=()' },
      ],
    },
    {
      // The address of a buyer's receipt is its key.
      source: '/r/:path*',
      headers: [
        { key: 'Referrer-Policy', value: 'no-referrer' },
        { key: 'X-Robots-Tag', value: 'noindex, nofollow' },
      ],
    },
  ],
}
