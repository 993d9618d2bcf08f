import { join } from 'node:path'
import { SandboxClock } from './clock.ts'
import { Control } from './control.ts'
import { listen, stop } from './http.ts'
import { Kcp } from './kcp/kcp.ts'
import { Ksnet } from './ksnet/ksnet.ts'
import { PortOne } from './portone/portone.ts'

export interface SandboxOptions {
  /** 0 takes any free port. */
  readonly controlPort: number
  readonly portonePort: number
  /** KCP's REST interface. */
  readonly kcpHttpPort?: number
  /** The HTTP under KCP's program. */
  readonly kcpModulePort?: number
  /** KSNET's window, REST interface and slips. */
  readonly ksnetHttpPort?: number
  /** What a shop's ipgClient talks to. */
  readonly ksnetTcpPort?: number
  readonly dataDir: string
  readonly webhookUrl?: string
}

export interface Sandbox {
  readonly controlPort: number
  readonly portonePort: number
  readonly kcpHttpPort: number
  readonly kcpModulePort: number
  readonly ksnetHttpPort: number
  readonly ksnetTcpPort: number
  close(): Promise<void>
}

/** Starts the stand-ins and their control API, with everything a former run has left in `dataDir`. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const clock = new SandboxClock(join(options.dataDir, 'clock.json'))
  const portone = new PortOne(clock, options.dataDir, options.webhookUrl ?? null)
  const kcp = new Kcp(clock, options.dataDir)
  const ksnet = new Ksnet(clock, options.dataDir)
  const control = new Control(clock, [portone, kcp, ksnet])
  const close = async () => {
    await stop(control.http)
    await portone.close()
    await kcp.close()
    await ksnet.close()
  }
  try {
    const controlPort = await listen(control.http, options.controlPort)
    const portonePort = await portone.listen(options.portonePort)
    const kcpPorts = await kcp.listen({ http: options.kcpHttpPort ?? 0, module: options.kcpModulePort ?? 0 })
    const ksnetPorts = await ksnet.listen({ http: options.ksnetHttpPort ?? 0, tcp: options.ksnetTcpPort ?? 0 })
    const kcpAt = { kcpHttpPort: kcpPorts.http, kcpModulePort: kcpPorts.module }
    const ksnetAt = { ksnetHttpPort: ksnetPorts.http, ksnetTcpPort: ksnetPorts.tcp }
    return { controlPort, portonePort, ...kcpAt, ...ksnetAt, close }
  } catch (error) {
    await close()
    throw error
  }
}
