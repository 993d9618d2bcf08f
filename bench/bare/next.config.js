import { join } from 'node:path'

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  serverExternalPackages: ['pg'],
  turbopack: { root: join(import.meta.dirname, '..', '..') },
  typescript: { ignoreBuildErrors: true, tsconfigPath: join('..', '..', 'tsconfig.json') },
}
