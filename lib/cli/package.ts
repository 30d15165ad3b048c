import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const requireFrom = createRequire(__filename)

/** The package by its own name: that holds wherever this file ends up in a build. */
const MANIFEST = 'fastify-cors-policy/package.json'

/** The version of this package. */
export function packageVersion (): string {
  const manifest: unknown = requireFrom(MANIFEST)
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : ''
}

/** A page of the documentation, as a file on this machine: `npx` has put it there, too. */
export function documentationFile (name: string): string {
  return join(dirname(requireFrom.resolve(MANIFEST)), 'docs', name)
}
