import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { repository, type Outcome } from '../installed.js'

/** The packages that are installed for the tests in this folder alone. */
export const tools = join(repository, 'node_modules', '.cache', 'compat', 'node_modules')

/** The program of another version of Node. */
export function nodeOf (version: string): string {
  const program = join(tools, `node-${version}`, 'bin', 'node')
  if (!existsSync(program)) throw new Error(`${program} is missing: these tests need Linux on x64, and "node test/compat/install.mjs"`)
  return program
}

/** Asserts that a test runner ended well, and said how many tests have passed; otherwise shows all that it said. */
export function passed (t: Test, { code, output, errors }: Outcome, says: RegExp): void {
  const said = `${output}${errors}`
  const [summary = ''] = says.exec(said) ?? []
  if (code !== 0 || summary === '') t.comment(said)
  t.equal(code, 0, 'the runner ends well')
  t.not(summary, '', summary)
}
