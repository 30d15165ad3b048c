import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The version of this package. */
export { version } from '../../package.json'

/** A page of the documentation, as a file on this machine: `npx` has put it there, too. */
export function documentationFile (name: string): string {
  // The package by its own name: that holds wherever this file ends up in a build.
  return join(dirname(createRequire(__filename).resolve('fastify-cors-policy/package.json')), 'docs', name)
}
