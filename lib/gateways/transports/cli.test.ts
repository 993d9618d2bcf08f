import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendCli } from './cli.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jeonpyo cli '))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A real program: a shell script. */
function script(name: string, body: string, mode = 0o755): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${body}\n`)
  chmodSync(path, mode)
  return path
}
const bytes = (text: string) => Buffer.from(text, 'utf8')
const run = (program: string, args: readonly Buffer[], deadlineMs = 20_000) =>
  sendCli({ via: 'cli', program, args: args.map((one) => one.toString('base64')) }, deadlineMs)
const printed = async (program: string, args: readonly Buffer[]) => {
  const said = await run(program, args)
  if (said.kind !== 'answered' || said.reply.via !== 'cli') throw new Error(JSON.stringify(said))
  return said.reply
}

describe('arguments', () => {
  /** Prints each argument and a byte that none of them holds after it. */
  const echo = () => script('echo', `for one in "$@"; do printf '%s\\001' "$one"; done`)
  const arrived = async (args: readonly Buffer[]) => {
    const { stdout } = await printed(echo(), args)
    return Buffer.from(stdout).toString('latin1').split('\x01').slice(0, -1)
  }
  const fileOf = ([, long = Buffer.of()]: readonly Buffer[]) => {
    const path = join(folder, 'long')
    writeFileSync(path, long)
    return path
  }
  const latin = (args: readonly Buffer[]) => args.map((one) => one.toString('latin1'))

  it('arrive as the bytes they are: CP949, separators, quotes, line breaks, what a shell would run', async () => {
    const args = [
      bytes('-h'),
      iconv.encode('mod_desc=고객 변심 뷁똠,tno=1\x1fa=b\x1e\x1d\x1c', 'cp949'),
      bytes('\'"`$(touch /tmp/no)${HOME}\\\n\r\n\t ; | & < > * ?'),
      bytes(''),
      bytes('--help'),
      Buffer.from(Array.from({ length: 254 }, (_, index) => index + 2)),
    ]
    expect(await arrived(args)).toEqual(latin(args))
  })
  it('arrive whole where they are as long as 100 kB', async () => {
    const args = [bytes('-h'), Buffer.alloc(100_000, '가')]
    const { stdout } = await printed(script('measure', 'printf "%s" "$2" | cksum; printf "%s" "$#"'), args)
    const { stdout: expected } = await printed(script('reference', 'cksum < "$1"'), [bytes(fileOf(args))])
    expect(Buffer.from(stdout).toString()).toBe(`${Buffer.from(expected).toString()}2`)
  })
  it('any bytes but NUL', async () => {
    const program = echo()
    const argument = fc
      .uint8Array({ maxLength: 200 })
      .map((one) => Buffer.from(one.map((byte) => (byte < 2 ? 2 : byte))))
    await fc.assert(
      fc.asyncProperty(fc.array(argument, { minLength: 1, maxLength: 4 }), async (args) => {
        const { stdout } = await printed(program, args)
        expect(Buffer.from(stdout).toString('latin1')).toBe(
          latin(args)
            .map((one) => `${one}\x01`)
            .join(''),
        )
      }),
      { numRuns: 25 },
    )
  })
})

describe('nothing was started', () => {
  it.each([
    ['no program', () => '', 'none is installed'],
    ['a path that is not absolute', () => 'true', 'not an absolute path'],
    ['a program that is missing', () => join(folder, 'missing'), 'not found'],
    ['a folder', () => folder, 'not a file'],
    ['a file nobody may run', () => script('plain', 'echo no', 0o644), 'not executable'],
    ['a script whose interpreter is missing', () => withoutInterpreter(), 'not found'],
  ])('%s', async (_, program, cause) => {
    expect(await run(program(), [bytes('-h'), bytes('x')])).toEqual({
      kind: 'broken',
      sent: false,
      cause: `program: ${cause}`,
    })
  })
  const marked = () => script('marked', `touch '${join(folder, 'ran')}'; echo res_cd=0000`)
  it.each([
    ['no arguments', []],
    ['a NUL in one', [bytes('-h'), bytes('a\0b')]],
    ['more bytes than are ever needed', [bytes('-h'), Buffer.alloc(121_000, 'a')]],
  ])('%s', async (_, args) => {
    expect(await run(marked(), args)).toMatchObject({ kind: 'broken', sent: false })
    expect(existsSync(join(folder, 'ran'))).toBe(false)
  })

  function withoutInterpreter(): string {
    const path = script('no-interpreter', '')
    writeFileSync(path, '#!/no/such/interpreter\n')
    return path
  }
})

describe('what was started', () => {
  it('is answered by what it printed, whatever its exit status', async () => {
    for (const status of [0, 1, 68, 116, 123, 126, 127, 255]) {
      const reply = await printed(script('exits', `printf 'res_cd=S203'; exit ${status}`), [bytes('-h')])
      expect(Buffer.from(reply.stdout).toString()).toBe('res_cd=S203')
      expect(reply.exitCode === 0).toBe(status === 0)
    }
  })
  it('is no proof of nothing where it printed nothing, even with the words xargs has for a program it cannot run', async () => {
    for (const status of [0, 1, 126, 127, 255])
      expect((await printed(script('silent', `exit ${status}`), [bytes('-h')])).stdout).toHaveLength(0)
    expect((await printed(script('killed', 'kill -9 $$'), [bytes('-h')])).exitCode).not.toBe(0)
  })
  it('proves nothing where it is of no form the system knows: that is then given to a shell', async () => {
    const path = script('of-another-machine', '')
    writeFileSync(path, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 0, 0xff]))
    expect((await printed(path, [bytes('-h')])).stdout).toHaveLength(0)
  })
  it('finds neither our environment nor anything on its standard input, and nothing of its complaints is kept', async () => {
    const reply = await printed(script('looks', 'env; cat; echo secret-complaint >&2; pwd'), [bytes('-h')])
    const lines = Buffer.from(reply.stdout).toString().trim().split('\n')
    const names = lines.flatMap((line) => /^(\w+)=/.exec(line)?.[1] ?? [])
    // PWD, SHLVL and _ are the shell's own.
    expect(names.filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name)).toSorted()).toEqual([
      'HOME',
      'LANG',
      'NODE_ENV',
      'PATH',
    ])
    expect(lines.at(-1)).toBe('/')
    expect(JSON.stringify(reply)).not.toContain('secret-complaint')
  })
  it('shows nothing of its arguments in xargs’ own', async () => {
    const program = script('parents', `tr '\\0' ' ' < /proc/$PPID/cmdline`)
    const reply = await printed(program, [bytes('-h'), bytes('site_key=hidden')])
    expect(Buffer.from(reply.stdout).toString()).toContain('xargs')
    expect(Buffer.from(reply.stdout).toString()).not.toContain('hidden')
  })
  it('is killed at the deadline with all that it started', async () => {
    const pids = join(folder, 'pids')
    const body = `echo $$ > '${pids}'; sh -c 'echo $$ >> "${pids}"; exec sleep 600' & printf 'res_cd=00'; sleep 600`
    const program = script('hangs', body)
    const said = run(program, [bytes('-h')], 3_000)
    await until(() => existsSync(pids) && alive(pids).length === 2)
    expect(await said).toEqual({ kind: 'broken', sent: true, cause: 'written: no answer within 3000 ms' })
    await until(() => alive(pids).length === 0)
  })
  it('is killed where it prints without end', async () => {
    expect(await run(script('endless', 'yes'), [bytes('-h')])).toMatchObject({ kind: 'broken', sent: true })
  })
  it('may be waited for by many at once', async () => {
    mkdirSync(join(folder, 'many'), { recursive: true })
    const program = script('many-at-once', 'printf "$1"')
    const all = await Promise.all(Array.from({ length: 12 }, (_, index) => printed(program, [bytes(`n${index}`)])))
    expect(all.map(({ stdout }) => Buffer.from(stdout).toString())).toEqual(all.map((_, index) => `n${index}`))
  })
})

/** Those of the file's processes that still run; what nobody waited for is a zombie, and runs no more. */
const alive = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((pid) => pid !== '' && isRunning(pid))

function isRunning(pid: string): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

async function until(holds: () => boolean): Promise<void> {
  const start = Date.now()
  while (!holds()) {
    if (Date.now() - start > 15_000) throw new Error('never came true')
    await sleep(20)
  }
}
