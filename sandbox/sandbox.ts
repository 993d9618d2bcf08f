import { join } from 'node:path'
import { SandboxClock } from './clock.ts'
import { Control } from './control.ts'
import { listen, stop } from './http.ts'
import { PortOne } from './portone/portone.ts'

export interface SandboxOptions {
  /** 0 takes any free port. */
  readonly controlPort: number
  readonly portonePort: number
  readonly dataDir: string
  readonly webhookUrl?: string
}

export interface Sandbox {
  readonly controlPort: number
  readonly portonePort: number
  close(): Promise<void>
}

/** Starts the stand-ins and their control API, with everything a former run has left in `dataDir`. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const clock = new SandboxClock(join(options.dataDir, 'clock.json'))
  const portone = new PortOne(clock, options.dataDir, options.webhookUrl ?? null)
  const control = new Control(clock, [portone])
  const close = async () => {
    await stop(control.http)
    await portone.close()
  }
  try {
    const controlPort = await listen(control.http, options.controlPort)
    const portonePort = await portone.listen(options.portonePort)
    return { controlPort, portonePort, close }
  } catch (error) {
    await close()
    throw error
  }
}
