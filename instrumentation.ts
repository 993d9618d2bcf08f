/** Runs once, before the first request. */
export async function register(): Promise<void> {
  // oxlint-disable-next-line node/no-process-env -- Next puts it there, and leaves out the branch elsewhere
  if (process.env['NEXT_RUNTIME'] === 'nodejs') {
    const { keepNotices } = await import('#lib/server/notice-door.ts')
    keepNotices()
  }
}
