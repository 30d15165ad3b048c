// Installs what package.json of this folder lists, unless it is there: test runners, and other versions of Fastify and
// Node. They are large, so that `npm ci` of the repository leaves them out.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const target = join(here, '..', '..', 'node_modules', '.cache', 'compat')
const modified = path => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

if (modified(join(target, 'node_modules', '.package-lock.json')) < modified(join(here, 'package-lock.json'))) {
  mkdirSync(target, { recursive: true })
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(here, name), join(target, name))
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: target, stdio: 'inherit' })
  process.exitCode = status ?? 1
}
