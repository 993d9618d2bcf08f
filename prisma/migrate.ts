// node prisma/migrate.ts apply       brings the database of the environment up to date
// node prisma/migrate.ts new <name>  writes a migration from what changed in schema.prisma; triggers are added to it by hand
import { Stop } from '../scripts/stop.ts'

async function main([verb, name]: string[]): Promise<string> {
  if (verb === 'apply') {
    const { env } = await import('../lib/server/env.ts')
    const { prepareDatabase } = await import('./installation.ts')
    const applied = await prepareDatabase(env)
    return applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}.`
  }
  if (verb === 'new' && name !== undefined && /^[a-z][a-z0-9_]*$/.test(name)) {
    const { createMigration } = await import('./schema-engine.ts')
    const file = await createMigration(name)
    return file === undefined ? 'schema.prisma has not changed.' : `Wrote ${file}`
  }
  throw new Stop('Say what to do: apply, or new <name> with a name of small letters, digits and _.')
}

try {
  console.log(await main(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof Stop)) throw error
  console.error(error.message)
  process.exitCode = 1
}
