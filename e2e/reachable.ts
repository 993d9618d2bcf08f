// Everything a browser can reach, read from the code itself: so that nothing new goes untried.
import { readFileSync } from 'node:fs'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const root = join(import.meta.dirname, '..')

/** `/api/payments/[id]` and its like, with the methods each exports. */
export function routes(): string[] {
  return globSync('app/**/route.ts', { cwd: root }).flatMap((file) => {
    const path = file
      .replace(/^app/, '')
      .replace(/\/route\.ts$/, '')
      .replace(/\/\([^)]*\)/g, '')
    const source = readFileSync(join(root, file), 'utf8')
    const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) =>
      new RegExp(`export[^\\n]*\\b${method}\\b`).test(source),
    )
    return methods.map((method) => `${method} ${path}`)
  })
}

export function actions(): string[] {
  return globSync('app/**/actions.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/^export (?:const|async function) (\w+)/gm)].map(
      (match) => match[1] ?? '',
    ),
  )
}

export function pages(): string[] {
  return globSync('app/**/page.tsx', { cwd: root }).map(
    (file) =>
      file
        .replace(/^app/, '')
        .replace(/\/page\.tsx$/, '')
        .replace(/\/\([^)]*\)/g, '') || '/',
  )
}

const manifest = z.object({ node: z.record(z.string(), z.object({ exportedName: z.string() })) })

/** The number under which the built product knows an action. */
export function actionId(name: string): string {
  const { node } = manifest.parse(
    JSON.parse(readFileSync(join(root, '.next/server/server-reference-manifest.json'), 'utf8')),
  )
  const entry = Object.entries(node).find(([, action]) => action.exportedName === name)
  if (!entry) throw new Error(`the build knows no action ${name}`)
  return entry[0]
}
