import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { passed } from '../compat/tools.js'
import { pack, run } from '../installed.js'

const { folder, tarball } = pack(t)
const runners = join(__dirname, '..', 'compat', 'runners')

/** Every consumer is a folder here, with the `package.json` of an application; what it runs is one of the files beside. */
const consumers: Readonly<Record<string, { program: string, says: RegExp, install?: readonly string[] }>> = {
  esm: { program: 'app.mjs', says: /^it runs\nUsage: fastify-cors-policy/m },
  commonjs: { program: 'app.cjs', says: /^it runs$/m },
  'typescript-node16': { program: 'app.ts', says: /^it runs$/m },
  'typescript-bundler': { program: 'app.ts', says: /^it runs$/m },
  'typescript-node10': { program: 'app.ts', says: /^it runs$/m },
  esbuild: { program: 'app.mjs', says: /^it runs$/m },
  'vite-ssr': { program: 'app.mjs', says: /^it runs$/m },
  jest: { program: join(runners, 'jest.test.cjs'), says: /Tests: +4 passed, 4 total/ },
  vitest: { program: join(runners, 'vitest.test.mjs'), says: /Tests +2 passed \(2\)/ },
  pnpm: { program: 'app.mjs', says: /^it runs$/m, install: ['npx', '--yes', 'pnpm@12.21.0', 'install', '--store-dir=../store', '--ignore-scripts'] }
}

const BY_NPM = ['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']

/** An application outside the repository, which is to get the package from its tarball. */
function application (name: string, program: string): string {
  const cwd = join(folder, name)
  cpSync(join(__dirname, name), cwd, { recursive: true })
  const own = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ ...own, dependencies: { ...own.dependencies, 'fastify-cors-policy': `file:${tarball}` } }))
  const copied = program.startsWith(runners) ? program : join(__dirname, program)
  for (const file of [copied, join(runners, 'boots.cjs'), join(__dirname, 'boots.d.cts')]) cpSync(file, join(cwd, file.split(/[\\/]/).at(-1) ?? ''))
  return cwd
}

for (const [name, { program, says, install = BY_NPM }] of Object.entries(consumers)) {
  t.test(`an application with ${name} installs the package, and runs`, async t => {
    const cwd = application(name, program)
    const env = { NO_COLOR: '1' }
    const [installer = '', ...args] = install
    const { code, output, errors } = await run(t, args, { cwd, env, program: installer })
    t.equal(code, 0, `it installs: ${output}${errors}`)
    passed(t, await run(t, ['test'], { cwd, env, program: 'npm' }), says)
  })
}

t.test('every folder is the application of a consumer', async t => {
  const folders = readdirSync(__dirname, { withFileTypes: true }).filter(entry => entry.isDirectory()).map(({ name }) => name)
  t.strictSame(folders.sort(), Object.keys(consumers).sort())
})
