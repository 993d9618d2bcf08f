import 'server-only'
import { env } from './env.ts'

export const DEMO_PASSWORD = 'jeonpyo-demo'
const logins = ['owner', 'manager', 'operator', 'viewer'] as const

/** The demo's people; null in a real installation. */
export const demoLogins = () => (env.demo ? logins.map((role) => ({ role, email: `${role}@example.com` })) : null)
