import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

const NEWLINE = 0x0a

/**
 * An append-only file of JSON lines. What belongs together is one line, written by one call before anything is answered,
 * so that after a kill either all of it is there or nothing.
 */
export class EventLog {
  readonly path: string
  readonly #file: number

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true })
    this.path = path
    this.#file = openSync(path, 'a+')
  }

  /** All lines. A last line without its end is the trace of a kill in mid-write: it never happened, and is cut off. */
  read(): unknown[] {
    const content = readFileSync(this.path)
    const end = content.lastIndexOf(NEWLINE) + 1
    if (end < content.length) ftruncateSync(this.#file, end)
    return content
      .subarray(0, end)
      .toString('utf8')
      .split('\n')
      .flatMap((line, index) => (line === '' ? [] : [this.#parse(line, index + 1)]))
  }

  append(line: unknown): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`, 'utf8')
    let written = 0
    while (written < bytes.length) written += writeSync(this.#file, bytes, written)
  }

  clear(): void {
    ftruncateSync(this.#file, 0)
  }

  close(): void {
    closeSync(this.#file)
  }

  #parse(line: string, number: number): unknown {
    try {
      return JSON.parse(line)
    } catch (cause) {
      throw new Error(`${this.path}, line ${number} is not JSON`, { cause })
    }
  }
}
