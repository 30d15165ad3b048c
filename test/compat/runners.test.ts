import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { install, run } from '../installed.js'
import { nodeOf, passed, tools } from './tools.js'

const installation = install(t)
const { folder } = installation
installation.link('vitest', join(tools, 'vitest'))
cpSync(join(__dirname, 'runners', 'boots.cjs'), join(folder, 'boots.cjs'))

/** Three test files that are alike: a test runner may run them in one process, where each finds what is left of the one before. */
function threeOf (fixture: string): string[] {
  const source = readFileSync(join(__dirname, 'runners', fixture), 'utf8')
  return ['first', 'second', 'third'].map(name => installation.write(`${name}.${fixture}`, source))
}

const jest = join(tools, 'jest', 'bin', 'jest.js')
const jestConfig = {
  rootDir: folder,
  testEnvironment: 'node',
  testMatch: ['**/*.test.[cm]js'],
  moduleFileExtensions: ['js', 'cjs', 'mjs', 'json'],
  transform: {}
}
const inOneWorker = ['--runInBand', '--no-watchman', '--config', JSON.stringify(jestConfig)]
const vitest = join(tools, 'vitest', 'vitest.mjs')
// Vitest needs a newer Node than the package does.
const program = nodeOf('24')

const runners = [
  { name: 'Jest, in CommonJS', args: [jest, ...inOneWorker], fixture: 'jest.test.cjs', says: /Tests: +12 passed, 12 total/ },
  { name: 'Jest, in ES modules', args: ['--experimental-vm-modules', jest, ...inOneWorker], fixture: 'jest.test.mjs', says: /Tests: +3 passed, 3 total/ },
  { name: 'Vitest', args: [vitest, 'run'], program, fixture: 'vitest.test.mjs', says: /Tests +6 passed \(6\)/ },
  { name: 'Vitest, in one worker', args: [vitest, 'run', '--no-isolate', '--maxWorkers=1'], program, fixture: 'vitest.test.mjs', says: /Tests +6 passed \(6\)/ },
  { name: 'Vitest, in contexts of V8', args: [vitest, 'run', '--pool=vmThreads', '--maxWorkers=1'], program, fixture: 'vitest.test.mjs', says: /Tests +6 passed \(6\)/ },
  { name: 'Node\'s own runner', args: ['--test', '--test-reporter=tap'], fixture: 'node.test.mjs', says: /^# pass 3$/m },
  { name: 'mocha', args: [join(tools, 'mocha', 'bin', 'mocha.js')], fixture: 'mocha.test.cjs', says: /6 passing/ }
]

for (const { name, args, fixture, says, ...options } of runners) {
  t.test(`every test file boots in ${name}`, async t => {
    passed(t, await run(t, [...args, ...threeOf(fixture)], { cwd: folder, env: { NO_COLOR: '1' }, ...options }), says)
  })
}
