// What any Node from 20.19 on must be able to run: install what is missing, then go on with the Node 24 that was installed.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const node24 = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/**
 * Runs a script on Node 24 and ends as it ends. The open channel between both tells the script when this process is gone.
 * @param {string} script from the root of the project
 * @param {string[]} options for Node
 */
export async function continueOnNode24(script, options = []) {
  refuseOldNode()
  installWhatIsMissing()
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH]
    .filter(Boolean)
    .join(process.platform === 'win32' ? ';' : ':')
  const child = spawn(node24, [...options, join(root, script), ...process.argv.slice(2)], {
    cwd: root,
    env: { ...process.env, PATH: path },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  // The script decides when to end; at a terminal it gets Ctrl-C by itself.
  process.on('SIGINT', () => child.kill('SIGINT'))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  endWithNpm(() => child.connected && child.disconnect())
  const [code, signal] = await new Promise((resolve) => child.once('exit', (...how) => resolve(how)))
  if (signal) console.error(`Ended by ${signal}.`)
  process.exit(code ?? 1)
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  console.error(`Jeonpyo needs Node 20.19 or newer to start; this is ${process.versions.node}.`)
  process.exit(1)
}

function installWhatIsMissing() {
  if (isInstalled()) return
  console.log('· installing packages (half a minute)')
  const npm = process.env.npm_execpath
  const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []]
  const done = spawnSync(command, [...args, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    // Any existing program will do: it keeps Prisma from downloading an engine that nothing here uses.
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (done.status === 0 && isInstalled()) return
  console.error('The packages could not be installed: see the lines above, then start again.')
  process.exit(1)
}

/** npm writes what it installed when it has finished; it must be what package-lock.json asks for. */
function isInstalled() {
  const written = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(written) || !existsSync(node24)) return false
  const installed = JSON.parse(readFileSync(written, 'utf8')).packages
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || ((entry.optional || entry.peer) && !installed[path])) return true
    return installed[path]?.version === entry.version
  })
}

/**
 * npm killed outright cannot tell anybody. Without it nobody would be left to press Ctrl-C, and the next start would find its ports taken.
 * @param {() => void} stop
 */
function endWithNpm(stop) {
  if (!process.env.npm_lifecycle_event) return
  const parents = [process.ppid, shellsParent(process.ppid)]
  const watch = setInterval(() => {
    if (process.ppid === parents[0] && shellsParent(process.ppid) === parents[1]) return
    clearInterval(watch)
    stop()
  }, 500)
  watch.unref()
}

/** Some shells stay between npm and its script. */
function shellsParent(/** @type {number} */ pid) {
  if (process.platform !== 'linux') return 0
  try {
    const [, name = '', rest = ''] = /\((.*)\) (.*)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return name.endsWith('sh') ? Number(rest.split(' ')[1]) : 0
  } catch {
    // The parent ended between two looks; its number says so too.
    return -1
  }
}
