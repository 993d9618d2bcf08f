import { z } from 'zod'
import { describeIssues } from './control-error.ts'
import { startSandbox, type Sandbox } from './sandbox.ts'

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback)
const environmentSchema = z.object({
  SANDBOX_CONTROL_PORT: port(4000),
  SANDBOX_PORTONE_PORT: port(4010),
  SANDBOX_KSNET_HTTP_PORT: port(4020),
  SANDBOX_KSNET_TCP_PORT: port(4021),
  SANDBOX_KCP_HTTP_PORT: port(4030),
  SANDBOX_KCP_MODULE_PORT: port(4031),
  JEONPYO_DATA_DIR: z.string().min(1).default('.data'),
  SANDBOX_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
})

async function start(): Promise<Sandbox> {
  const environment = environmentSchema.safeParse(process.env)
  if (!environment.success) throw new Error(describeIssues(environment.error))
  const { SANDBOX_WEBHOOK_URL: webhookUrl } = environment.data
  return startSandbox({
    controlPort: environment.data.SANDBOX_CONTROL_PORT,
    portonePort: environment.data.SANDBOX_PORTONE_PORT,
    ksnetHttpPort: environment.data.SANDBOX_KSNET_HTTP_PORT,
    ksnetTcpPort: environment.data.SANDBOX_KSNET_TCP_PORT,
    kcpHttpPort: environment.data.SANDBOX_KCP_HTTP_PORT,
    kcpModulePort: environment.data.SANDBOX_KCP_MODULE_PORT,
    dataDir: environment.data.JEONPYO_DATA_DIR,
    ...(webhookUrl === undefined ? {} : { webhookUrl }),
  })
}

/** One clear sentence for whoever started it. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isTaken = 'code' in error && error.code === 'EADDRINUSE' && 'port' in error
  return isTaken ? `The sandbox cannot start: port ${String(error.port)} is taken by another program.` : error.message
}

try {
  const sandbox = await start()
  const stop = () => void sandbox.close().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  const at = (port: number) => `http://127.0.0.1:${port}`
  const { controlPort, portonePort, ksnetHttpPort, ksnetTcpPort, kcpHttpPort, kcpModulePort } = sandbox
  const ksnet = `KSNET ${at(ksnetHttpPort)}, KSNET socket 127.0.0.1:${ksnetTcpPort}`
  const kcp = `KCP ${at(kcpHttpPort)}, KCP module ${at(kcpModulePort)}`
  console.log(`Sandbox ready: control ${at(controlPort)}, PortOne ${at(portonePort)}, ${ksnet}, ${kcp}`)
} catch (error) {
  console.error(explain(error))
  process.exit(1)
}
