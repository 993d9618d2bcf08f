// What npm test does once Node 24 is there. Each stage speaks for itself; what it counted is added up and said in the last line.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { generateClient, next } from './product.ts'

interface Count {
  passed: number
  failed: number
}
type Stage = (report: string) => Promise<Count>

const modules = (...path: string[]) => join('node_modules', ...path)
const oxlint = modules('oxlint', 'bin', 'oxlint')
const oxfmt = modules('oxfmt', 'bin', 'oxfmt')
const tsc = modules('typescript', 'bin', 'tsc')
const vitest = modules('vitest', 'vitest.mjs')
const playwright = modules('@playwright', 'test', 'cli.js')

const stages: Record<string, Stage> = {
  lint: () => oneCheck([oxlint, '--type-aware', '--deny-warnings']),
  format: () => oneCheck([oxfmt, '--check']),
  // The types of the routes are made from the folders of app/.
  types: () => oneCheck([next, 'typegen'], [tsc, '--noEmit', '--incremental', 'false']),
  unit: (report) => vitestProject('product', report),
  e2e: async (report) => {
    const code = await run([playwright, 'test', '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_FILE: report })
    return judged(code, countPlaywright(report))
  },
  launcher: (report) => vitestProject('launcher', report),
}

async function vitestProject(project: string, report: string): Promise<Count> {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const code = await run([vitest, 'run', `--project=${project}`, ...reporters])
  return judged(code, countVitest(report))
}

async function oneCheck(...commands: string[][]): Promise<Count> {
  for (const command of commands) {
    if ((await run(command)) !== 0) return { passed: 0, failed: 1 }
  }
  return { passed: 1, failed: 0 }
}

/** A stage that ended badly without a failed test, or well without any test, has failed once. */
function judged(code: number, { passed, failed }: Count): Count {
  const endedOddly = failed === 0 && (code !== 0 || passed === 0)
  return { passed, failed: endedOddly ? 1 : failed }
}

const vitestReport = z.object({
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
})

function countVitest(report: string): Count {
  const count = { passed: 0, failed: 0 }
  for (const { status, assertionResults } of read(report, vitestReport)?.testResults ?? []) {
    const failed = assertionResults.filter((test) => test.status === 'failed').length
    count.passed += assertionResults.filter((test) => test.status === 'passed').length
    // A file that cannot even be loaded holds no failed test.
    count.failed += failed === 0 && status === 'failed' ? 1 : failed
  }
  return count
}

const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  errors: z.array(z.unknown()),
})

function countPlaywright(report: string): Count {
  const found = read(report, playwrightReport)
  if (found === undefined) return { passed: 0, failed: 1 }
  return { passed: found.stats.expected, failed: found.stats.unexpected + found.stats.flaky + found.errors.length }
}

function read<Report>(file: string, shape: z.ZodType<Report>): Report | undefined {
  return existsSync(file) ? shape.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined
}

let current: ChildProcess | undefined

function run(args: string[], env: Record<string, string> = {}): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, NODE_ENV: 'test', ...env } })
  current = child
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
}

async function runStages(names: string[]): Promise<Count> {
  const reports = mkdtempSync(join(tmpdir(), 'jeonpyo-check-'))
  const total = { passed: 0, failed: 0 }
  const lines: string[] = []
  for (const [name, stage] of Object.entries(stages)) {
    if (names.length > 0 && !names.includes(name)) continue
    console.log(`\n── ${name}`)
    const { passed, failed } = await stage(join(reports, `${name}.json`))
    total.passed += passed
    total.failed += failed
    lines.push(`${name.padEnd(10)} ${String(passed).padStart(5)} passed ${String(failed).padStart(5)} failed`)
  }
  rmSync(reports, { recursive: true })
  console.log(`\n${lines.join('\n')}\n`)
  return total
}

const names = process.argv.slice(2)
const unknown = names.filter((name) => !(name in stages) && name !== 'generate')
if (unknown.length > 0) {
  console.error(`There is no stage ${unknown.join(', ')}: generate, ${Object.keys(stages).join(', ')}.`)
  process.exit(1)
}
// Whoever waited for the result is gone.
process.once('disconnect', () => {
  current?.kill()
  process.exit(1)
})

await generateClient(async ({ args, env }) => {
  if ((await run(args, env)) !== 0) throw new Error('the database client could not be generated')
})
if (!names.includes('generate')) {
  const { passed, failed } = await runStages(names)
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}
process.exit()
