'use client'

import { useEffect, useState } from 'react'
import { plus, SECOND_MS, type Instant } from '#lib/domain/kst.ts'

/** The server's now, running on from when it was told: what a countdown counts against, whatever the browser's clock says. */
export function useNow(asOf: Instant, running = true): Instant {
  const [elapsed, setElapsed] = useState({ of: asOf, ms: 0 })
  useEffect(() => {
    if (!running) return
    const begun = performance.now()
    const timer = setInterval(() => setElapsed({ of: asOf, ms: Math.floor(performance.now() - begun) }), SECOND_MS)
    return () => clearInterval(timer)
  }, [asOf, running])
  return elapsed.of === asOf ? plus(asOf, elapsed.ms) : asOf
}
