// `test` with a page for each role, already signed in, and the sandbox's control. An error in a page's console fails the test.
import { test as base, expect, type Browser, type Page } from '@playwright/test'
import { answersFirst } from './answering.ts'
import { storageStateOf, type Role } from './people.ts'

export { expect }

export interface Control {
  get: (path: string) => Promise<unknown>
  post: (path: string, body?: unknown) => Promise<unknown>
  delete: (path: string) => Promise<unknown>
}

interface Options {
  /** Console errors that a test brings about on purpose. */
  expectedConsoleErrors: RegExp[]
}

type Pages = Record<Role, Page>
type Use<Value> = (value: Value) => Promise<void>
interface Given {
  browser: Browser
  baseURL: string | undefined
  expectedConsoleErrors: RegExp[]
}

export const test = base.extend<Options & Pages & { control: Control }>({
  expectedConsoleErrors: [[], { option: true }],
  baseURL: async ({}, use) => use(process.env['E2E_URL'] ?? ''),
  page: async ({ page, expectedConsoleErrors }, use) => useWatched(page, expectedConsoleErrors, use),
  control: async ({}, use) => use(controlOf(process.env['E2E_CONTROL_URL'] ?? '')),
  owner: signedInAs('owner'),
  manager: signedInAs('manager'),
  operator: signedInAs('operator'),
  viewer: signedInAs('viewer'),
})

function signedInAs(role: Role) {
  return async ({ browser, baseURL, expectedConsoleErrors }: Given, use: Use<Page>) => {
    const storageState = storageStateOf(role)
    const context = await browser.newContext({ storageState, ...(baseURL === undefined ? {} : { baseURL }) })
    await useWatched(await context.newPage(), expectedConsoleErrors, use)
    await context.close()
  }
}

async function useWatched(page: Page, expected: RegExp[], use: Use<Page>) {
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => errors.push(String(error)))
  answersFirst(page)
  await use(page)
  expect(
    errors.filter((error) => !expected.some((pattern) => pattern.test(error))),
    'errors in the console',
  ).toEqual([])
}

function controlOf(url: string): Control {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(url + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    const answer: unknown = await response.json()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`)
    return answer
  }
  return {
    get: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
    delete: (path) => ask('DELETE', path),
  }
}
