import { describe, expect, it } from 'vitest'
import { textOf } from './body.ts'

const post = (body: string) => new Request('http://localhost/', { method: 'POST', body })

describe('the text of a request', () => {
  it('is read up to a bound, in bytes', async () => {
    expect(await textOf(post('가나다'), 9)).toBe('가나다')
    await expect(textOf(post('가나다'), 8)).rejects.toThrow('request.too_large')
    expect(await textOf(new Request('http://localhost/'), 1)).toBe('')
  })

  it('that never ends is left at the bound', async () => {
    let sent = 0
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (stream) => {
        sent += 1_000
        stream.enqueue(new Uint8Array(1_000))
      },
    })
    await expect(textOf({ body }, 10_000)).rejects.toThrow('request.too_large')
    expect(sent).toBeLessThan(20_000)
  })
})
