import { execFile, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

function pathOf (script) {
  return fileURLToPath(new URL(script, import.meta.url))
}

/** What a script of this folder prints, as JSON. */
export async function resultOf (script, ...rest) {
  const { stdout } = await run(process.execPath, ['--expose-gc', '--max-old-space-size=4096', pathOf(script), ...rest], { maxBuffer: 2 ** 24 })
  return JSON.parse(stdout)
}

/**
 * How much is allocated before old objects are told from new ones. It grows with what a process has loaded: without
 * this, servers that load little collect garbage more often, and look slower than they are.
 */
const YOUNG_GENERATION = '--min-semi-space-size=16'

/** Starts a script of this folder that prints a line once it can be used, and runs until it is stopped. */
export async function startScript (script, ...rest) {
  const child = spawn(process.execPath, [YOUNG_GENERATION, pathOf(script), ...rest], { stdio: ['ignore', 'pipe', 'inherit'] })
  const line = await new Promise((resolve, reject) => {
    child.stdout.once('data', chunk => { resolve(String(chunk).trim()) })
    child.once('exit', code => { reject(new Error(`${script} ended with ${code}`)) })
  })
  return { line, stop: () => { child.kill() } }
}
