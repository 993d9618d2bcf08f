import 'server-only'

/** `text` stays text whatever it looks like: `000123456789` keeps its noughts and `=1+1` is calculated nowhere. */
export type Cell = { readonly text: string } | { readonly number: number } | null
export type Rows = AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>
type Batch = readonly (readonly Cell[])[]

const ROWS_AT_ONCE = 200

/**
 * Takes rows only while somebody reads, so that memory stays flat. However it ends (read to the end, broken, the reader gone), the
 * rows' source is told, so that what it holds is given back.
 */
export function streamOf(
  rows: Rows,
  bytesOf: (batch: Batch, ended: boolean) => readonly Uint8Array[],
): ReadableStream<Uint8Array> {
  const source = iterate(rows)
  async function take(): Promise<{ batch: Batch; ended: boolean }> {
    const batch: (readonly Cell[])[] = []
    while (batch.length < ROWS_AT_ONCE) {
      const next = await source.next()
      if (next.done === true) return { batch, ended: true }
      batch.push(next.value)
    }
    return { batch, ended: false }
  }
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        // A pull that gives nothing is not repeated: as many batches as it takes until there is something to give.
        for (let given = false; !given;) {
          const { batch, ended } = await take()
          for (const bytes of bytesOf(batch, ended)) {
            controller.enqueue(bytes)
            given = true
          }
          if (!ended) continue
          controller.close()
          given = true
        }
      } catch (error) {
        await source.return()
        throw error
      }
    },
    async cancel() {
      await source.return()
    },
  })
}

async function* iterate(rows: Rows): AsyncGenerator<readonly Cell[], void, undefined> {
  yield* rows
}
