import { existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { fastify as createFastify, FastifyPluginAsync } from 'fastify'
import type { Applications, SeenApplication } from './applications.js'
import { loadProgram, type ProgramEnd, whileBusy } from './program.js'
import { CommandError, errorFields, folderMessage } from '../command.js'

/**
 * Loads a file, and makes ready the application that it exports, or one with the plugin that it exports.
 * A function that makes an application is understood, too.
 *
 * @throws CommandError where it can't be loaded, exports neither, or does not boot
 */
export async function loadApplication (file: string, applications: Applications): Promise<SeenApplication> {
  const path = resolve(file)
  if (!existsSync(path)) throw new CommandError('file-not-found', `there is no file ${file}`)
  if (statSync(path).isDirectory()) throw new CommandError('file-not-found', folderMessage(file))
  importPluginOf(path)
  return await loadProgram(() => load(path, file, applications), end => endError(end, file, applications))
}

/** The plugin sees all routes only where it has been loaded before their application is created (S1). */
function importPluginOf (path: string): void {
  try {
    createRequire(path)('fastify-cors-policy')
  } catch {
    // The file may do without it, or load it from elsewhere.
  }
}

/** How long a file that exports nothing may take until it lets its application listen, in milliseconds. */
const LONGEST_START = 10_000

async function load (path: string, file: string, applications: Applications): Promise<SeenApplication> {
  const exported = await importFile(path, file)
  const application = applications.of(exported.find(value => applications.of(value) !== undefined))
  if (application !== undefined) return await ready(application, file)
  // Beside an application that the file makes, other functions are something else, such as the handler of a lambda.
  if (applications.first === undefined ? exported.every(isNothing) : !exported.slice(0, MAIN).some(isPlugin)) {
    const started = await whileBusy(applications.listening, LONGEST_START) ?? applications.first
    if (started !== undefined) return await ready(started, file)
  }
  const registered = await ready(register(exported, path, file, applications), file)
  // It may be no plugin, but a function that makes an application, and made one.
  const made = registered.routes.length === 0 ? applications.madeAfter(registered) : undefined
  return made === undefined ? registered : await ready(made, file)
}

/** How many of the exports are those without a name: they come first. */
const MAIN = 2

/** Imports a file, and returns its exports, the most likely first. */
async function importFile (path: string, file: string): Promise<unknown[]> {
  try {
    const module: unknown = await import(pathToFileURL(path).href)
    const named = propertiesOf(module)
    // What a compiler makes of `export default` in CommonJS is the property `default` of what `import` calls default.
    const main: unknown = named.default instanceof Promise ? await named.default : named.default
    return [propertiesOf(main).default, main, ...Object.values(named), ...Object.values(propertiesOf(main))]
  } catch (error) {
    const { code, message } = errorFields(error)
    if (code === 'EADDRINUSE' || code.startsWith('FST_')) throw bootError(error, file)
    const hint = /unknown.file.extension/i.test(message) ? '. Of a TypeScript project, give the file that was built' : ''
    throw new CommandError('file-not-loaded', `${file} can't be loaded: ${message}${hint}`, { cause: error })
  }
}

/** True for what a module that exports nothing comes down to. */
function isNothing (value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
}

function propertiesOf (value: unknown): Readonly<Record<string, unknown>> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function' ? Object.fromEntries(Object.entries(value)) : {}
}

function register (exported: readonly unknown[], path: string, file: string, applications: Applications): SeenApplication {
  const [likely, ...others] = new Set(exported.filter(isPlugin))
  if (likely === undefined) {
    throw new CommandError('no-plugin', `${file} exports no Fastify plugin and no instance: export default async function (app, options) { … }, or export default app`)
  }
  const isNamed = !exported.slice(0, MAIN).includes(likely)
  if (isNamed && others.length > 0) {
    const names = [likely, ...others].map(({ name }) => name).join(', ')
    throw new CommandError('no-plugin', `${file} exports several functions (${names}): make the Fastify plugin its default export`)
  }
  const application = applications.see(fastifyOf(path, file)({ logger: false }))
  application.root.register(likely)
  return application
}

function isPlugin (value: unknown): value is FastifyPluginAsync {
  return typeof value === 'function' && !isClass(value)
}

function isClass (value: object): boolean {
  return Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false
}

/** The Fastify that the file would get. */
function fastifyOf (path: string, file: string): typeof createFastify {
  const requireFrom = createRequire(path)
  try {
    const found: unknown = requireFrom('fastify')
    if (isFastify(found)) return found
  } catch {
    // What is said about it is the same.
  }
  throw new CommandError('no-fastify', `fastify can't be found from ${file}: npm install fastify`)
}

function isFastify (value: unknown): value is typeof createFastify {
  return typeof value === 'function'
}

async function ready (application: SeenApplication, file: string): Promise<SeenApplication> {
  try {
    await application.root.ready()
    return application
  } catch (error) {
    throw bootError(error, file)
  }
}

/** Why a program ended before its application was ready. */
function endError (end: ProgramEnd, file: string, { failure }: Applications): CommandError {
  if ('error' in end) return bootError(end.error, file)
  if (failure !== null) return bootError(failure, file)
  return new CommandError('exited', `${file} ended itself, process.exit(${String(end.exitCode)}), before its routes were known`)
}

function bootError (error: unknown, file: string): CommandError {
  const { code, message } = errorFields(error)
  if (code === 'EADDRINUSE') return portTaken(error, file)
  // The codes of this plugin and of Fastify are worth keeping.
  return new CommandError(code.startsWith('FST_') ? code : 'not-booted', `${file} does not boot: ${message}`, { cause: error })
}

/** Fastify's own `listen()` opens no port here; other servers of a file may. */
function portTaken (error: unknown, file: string): CommandError {
  return new CommandError('port-taken', `${file} opens a port that is taken: ${errorFields(error).message}. Stop the server that has it, or open ` +
    'the port only where the file is the program itself (require.main === module)', { cause: error })
}
