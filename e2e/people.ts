// The demo's people, as npm start prints them.
import { join } from 'node:path'

export const roles = ['owner', 'manager', 'operator', 'viewer'] as const
export type Role = (typeof roles)[number]

export const password = 'jeonpyo-demo'
export const emailOf = (role: Role) => `${role}@example.com`
export const storageStateOf = (role: Role) => join(import.meta.dirname, '.auth', `${role}.json`)
