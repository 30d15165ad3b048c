import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../installed.js'

/** The packages that are installed for the tests in this folder alone. */
export const tools = join(repository, 'node_modules', '.cache', 'compat', 'node_modules')

/** The program of another version of Node. */
export function nodeOf (version: string): string {
  const program = join(tools, `node-${version}`, 'bin', 'node')
  if (!existsSync(program)) throw new Error(`${program} is missing: these tests need Linux on x64, and "node test/compat/install.mjs"`)
  return program
}
