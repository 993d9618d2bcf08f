// What is made from the sources before the product can run, and made again only when they have changed.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from './children.ts'
import { hashOf } from './files.ts'

type Finish = (command: Command) => Promise<void>

const schema = ['prisma/schema.prisma', 'prisma.config.ts', 'package-lock.json']
const sources = [
  'app',
  'components',
  'lib',
  'public',
  'prisma/schema.prisma',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'next.config.js',
  'next.config.ts',
]
const alsoSources = ['postcss.config.js', 'postcss.config.mjs', 'proxy.ts', 'instrumentation.ts', 'styles']
const notBuilt = /\.test\.tsx?$|^lib\/testing\//

export const next = join('node_modules', 'next', 'dist', 'bin', 'next')

/** The database client. No engine is needed for it; naming any program keeps Prisma from looking for one on the network. */
export async function generateClient(finish: Finish): Promise<void> {
  const env = {
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
  }
  await makeOnce(join('prisma', 'client', 'made-from'), hashOf(schema, /^$/), () =>
    finish({ name: 'client generator', args: [join('node_modules', 'prisma', 'build', 'index.js'), 'generate'], env }),
  )
}

export async function buildProduct(finish: Finish): Promise<void> {
  await makeOnce(join('.next', 'made-from'), hashOf([...sources, ...alsoSources], notBuilt), () =>
    finish({ name: 'build', args: [next, 'build'], env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' } }),
  )
}

/** The stamp goes first and comes last, so that what was cut short is made again. */
async function makeOnce(stamp: string, hash: string, make: () => Promise<void>) {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  rmSync(stamp, { force: true })
  await make()
  writeFileSync(stamp, hash)
}
