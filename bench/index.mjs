import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { bootCases, measureBoot } from './boot.mjs'
import { comparisons, extremes } from './cases/index.mjs'
import { MEMORY, measureMemory } from './memory.mjs'
import { resultOf } from './processes.mjs'
import { measureSockets, socketCases } from './sockets.mjs'
import { asMarkdown, asText, tablesOf, withResults } from './tables.mjs'

/** What takes whole processes, or seconds, has fewer rounds. */
const SHARE = { boot: 1 / 10, memory: 1 / 50, sockets: 1 / 20 }

const USAGE = 'npm run bench -- [--case <name>]… [--rounds <number>] [--json]\nnpm run bench -- --markdown [--rounds <number>]'

const { case: wanted, rounds, json, markdown, help } = readOptions()

const few = share => Math.max(3, Math.round(Number(rounds) * share))
const measures = new Map([
  ...[...comparisons, ...extremes].map(({ name }) => [name, () => resultOf('case.mjs', name, rounds)]),
  ...bootCases.map(name => [name, () => measureBoot(name, few(SHARE.boot))]),
  [MEMORY, () => measureMemory(few(SHARE.memory))],
  ...socketCases.map(name => [name, () => measureSockets(name, few(SHARE.sockets))])
])

const cases = `Cases: ${[...measures.keys()].join(', ')}`
if (help) {
  process.stdout.write(`${USAGE}\n${cases}\n`)
  process.exit()
}

const names = wanted ?? [...measures.keys()]
const unknown = names.find(name => !measures.has(name))
if (unknown !== undefined) refuse(`There is no case "${unknown}". ${cases}`)
if (markdown && wanted !== undefined) refuse('--markdown puts all tables in the place of those in docs/performance.md: leave --case out.')
if (!(Number(rounds) >= 1)) refuse('The number of rounds must be at least 1.')

const results = []
for (const name of names) {
  if (process.stderr.isTTY) process.stderr.write(`${name}…\n`)
  results.push(await measures.get(name)())
}

const machine = { node: process.version, processor: cpus()[0]?.model ?? 'unknown', cores: availableParallelism() }
if (json) {
  process.stdout.write(`${JSON.stringify({ machine, rounds: Number(rounds), results }, null, 2)}\n`)
} else if (markdown) {
  const document = new URL('../docs/performance.md', import.meta.url)
  const where = `Node.js ${machine.node} on ${machine.cores} cores of ${machine.processor}, ${rounds} rounds.`
  writeFileSync(document, withResults(readFileSync(document, 'utf8'), `\n${where}\n\n${asMarkdown(tablesOf(results))}\n`))
} else {
  process.stdout.write(`${asText(tablesOf(results))}\n`)
}

function readOptions () {
  try {
    return parseArgs({
      options: {
        case: { type: 'string', multiple: true },
        rounds: { type: 'string', default: '150' },
        json: { type: 'boolean', default: false },
        markdown: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false }
      }
    }).values
  } catch (error) {
    return refuse(`${error.message}\n${USAGE}`)
  }
}

function refuse (problem) {
  process.stderr.write(`${problem}\n`)
  process.exit(2)
}
