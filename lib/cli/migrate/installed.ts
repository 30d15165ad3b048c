import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Where an application has the other plugin: by itself, or under NestJS. */
const PLACES = ['node_modules/@fastify/cors', 'node_modules/@nestjs/platform-fastify/node_modules/@fastify/cors']

/**
 * The major version of `@fastify/cors` that a file would load: the installed one, or else the one that its package asks
 * for. Its defaults changed with 11.
 *
 * @returns `null` where neither can be found
 */
export function majorVersion (folder: string): number | null {
  for (const place of PLACES) {
    const version = fieldOf(join(folder, place, 'package.json'), 'version')
    if (typeof version === 'string') return Number.parseInt(version)
  }
  const asked = ['dependencies', 'devDependencies'].map(field => versionIn(fieldOf(join(folder, 'package.json'), field))).find(version => version !== null)
  if (asked !== undefined) return asked
  const above = dirname(folder)
  return above === folder ? null : majorVersion(above)
}

function versionIn (dependencies: unknown): number | null {
  const range = typeof dependencies === 'object' && dependencies !== null && '@fastify/cors' in dependencies ? dependencies['@fastify/cors'] : ''
  const [major] = /\d+/.exec(String(range)) ?? []
  return major === undefined ? null : Number(major)
}

function fieldOf (path: string, field: string): unknown {
  if (!existsSync(path)) return undefined
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return new Map<string, unknown>(Object.entries(manifest ?? {})).get(field)
  } catch {
    return undefined
  }
}
