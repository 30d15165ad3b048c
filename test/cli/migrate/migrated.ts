import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { runInThisContext } from 'node:vm'
import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import type { Test } from 'tap'
import ts from 'typescript'
import { checkCors, type CorsVerdict } from '../../../lib/browser/index.js'
import type { Change } from '../../../lib/cli/migrate/edits.js'
import type { Remark } from '../../../lib/cli/migrate/migration.js'
import * as here from '../../../lib/index.js'
import { run } from '../terminal.js'

/** A file after `migrate`. */
export interface Migrated {
  readonly exitCode: number
  /** The file with what `migrate` prints in place of what was there. */
  readonly source: string
  readonly changes: readonly Change[]
  readonly remarks: readonly Remark[]
}

/** Writes a file, has the command read it, and applies what it prints. */
export async function migrate (t: Test, source: string, name = 'app.js'): Promise<Migrated> {
  const folder = t.testdir()
  mkdirSync(folder, { recursive: true })
  const file = join(folder, name)
  writeFileSync(file, source)
  const { exitCode, output, errors } = await run(['migrate', file, '--json'])
  if (errors !== '') throw new Error(errors)
  const { changes, remarks } = JSON.parse(output) as Migrated
  return { exitCode, changes, remarks, source: applied(source, changes) }
}

/** A text with changes, from the last to the first, so that places stay right. */
function applied (source: string, changes: readonly Change[]): string {
  return changes.toReversed().reduce((text, { start, end, after }) => text.slice(0, start) + after + text.slice(end), source)
}

const required = createRequire(__filename)

/** The plugin that a file exports. */
export function exportOf (source: string): FastifyPluginAsync {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true, allowJs: true }
  })
  const module: { exports: { default?: FastifyPluginAsync } & FastifyPluginAsync } = { exports: Object.assign(async () => {}) }
  const load = (name: string): unknown => name === 'fastify-cors-policy' ? here : required(name)
  runInThisContext(`(function (module, exports, require) {${outputText}\n})`)(module, module.exports, load)
  return module.exports.default ?? module.exports
}

/** An application with the plugin of a file, and routes. */
export async function boot (t: Test, source: string, routes: (app: FastifyInstance) => void = addRoutes): Promise<FastifyInstance> {
  const app = Fastify()
  t.teardown(() => app.close())
  const plugin = exportOf(source)
  await app.register(Object.assign((instance: FastifyInstance, options: object) => plugin(instance, options), { [Symbol.for('skip-override')]: true }))
  routes(app)
  await app.ready()
  return app
}

function addRoutes (app: FastifyInstance): void {
  for (const method of ['GET', 'PUT', 'DELETE']) app.route({ method, url: '/x', handler: async () => 'x' })
}

/** What a browser makes of a call. */
export function visit (app: FastifyInstance, origin: string, method: string, credentials: 'omit' | 'include', path = '/x'): Promise<CorsVerdict> {
  return checkCors({ origin, url: `https://server.example${path}`, method, credentials }, async ({ method, url, headers }) => {
    const { statusCode, headers: answered } = await app.inject({ method: method as 'GET', url, headers })
    return { status: statusCode, headers: Object.entries(answered).map(([name, value]): [string, string] => [name, String(value)]) }
  })
}
