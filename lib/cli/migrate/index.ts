import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { CommandError, errorFields, folderMessage } from '../command.js'
import { type Change, Edits } from './edits.js'
import { majorVersion } from './installed.js'
import { nestRegistrations, runsOnExpress } from './nest.js'
import { PluginImports } from './plugin-imports.js'
import { registrationsOf, translateOptionObjects, translateRegistration, translateRoutes } from './registrations.js'
import { type Migration, type Remark, Remarks } from './migration.js'
import { Source } from './source.js'

/** A file, migrated. */
export interface Migrated {
  /** The statements to write instead, in the order of the file. */
  readonly changes: readonly Change[]
  readonly remarks: readonly Remark[]
}

/**
 * Reads an application that registers `@fastify/cors`, and translates its options to those of this plugin.
 *
 * @throws CommandError where the file can't be read, or does not register it
 */
export function migrateFile (file: string): Migrated {
  const source = new Source(file, read(file))
  const migration: Migration = {
    source,
    edits: new Edits(source),
    remarks: new Remarks(source),
    defaultMethods: defaultMethodsOf(source),
    registrations: [],
    options: new Map(),
    done: new Set(),
    delegators: new Map()
  }
  translate(migration)
  return { changes: migration.edits.changes(), remarks: migration.remarks.list() }
}

/** By the version of `@fastify/cors` that the file loads: 11 has the safelisted methods only. */
function defaultMethodsOf ({ file, text }: Source): Migration['defaultMethods'] {
  if (runsOnExpress(text)) return 'wide'
  const version = majorVersion(dirname(resolve(file)))
  if (version === null) return 'unknown'
  return version < 11 ? 'wide' : 'same'
}

function translate (migration: Migration): void {
  const { source, edits, remarks } = migration
  const imports = new PluginImports(source)
  imports.translate(edits, remarks)
  const registrations = [...registrationsOf(migration, node => imports.isPlugin(node)), ...nestRegistrations(migration)]
  if (registrations.length === 0 && !imports.areThere && imports.areMigrated) {
    throw new CommandError('no-registration', `${source.file} loads fastify-cors-policy already, and has nothing of @fastify/cors`)
  }
  for (const registration of registrations) translateRegistration(registration, migration)
  const routes = translateRoutes(migration)
  const others = registrations.length > 0 || runsOnExpress(source.text) ? 0 : translateOptionObjects(migration)
  if (registrations.length + routes + others > 0) return
  if (imports.areThere) {
    remarks.add(source.root, 'not-registered', 'the file loads @fastify/cors, but no app.register(cors, options) is in it', 'run migrate on the file that has the options, too')
  } else if (edits.changes().length + remarks.list().length === 0) {
    throw new CommandError('no-registration', `${source.file} does not register @fastify/cors, has no options for it, and NestJS turns CORS on nowhere in it. Give the file that does`)
  }
}

function read (file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code, message } = errorFields(error)
    const words: Record<string, string> = { ENOENT: `there is no file ${file}`, EISDIR: folderMessage(file) }
    throw new CommandError('file-not-found', words[code] ?? `${file} can't be read: ${message}`, { cause: error })
  }
}
