import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { repository } from '../installed.js'

interface Summary {
  readonly median: number
  readonly low: number
  readonly high: number
}

interface Result {
  readonly name: string
  readonly title: string
  readonly microseconds: Readonly<Record<string, Summary>>
  readonly ratios: ReadonlyArray<Summary & { of: string, to: string, limit?: number | null }>
}

type Candidates = Readonly<Record<string, (count: number) => Promise<number>>>

interface Modules {
  'statistics.mjs': { summary: (numbers: readonly number[]) => Summary }
  'harness.mjs': { compare: (candidates: Candidates, options: { pairs: string[][], rounds: number }) => Promise<Pick<Result, 'microseconds' | 'ratios'>> }
  'tables.mjs': {
    tablesOf: (results: readonly Result[]) => unknown
    asText: (tables: unknown) => string
    asMarkdown: (tables: unknown) => string
    withResults: (text: string, results: string) => string
    BEGIN: string
    END: string
  }
}

function load<Name extends keyof Modules> (name: Name): Promise<Modules[Name]> {
  return import(pathToFileURL(join(repository, 'bench', name)).href)
}

/** Runs the command. */
function bench (...args: string[]): Promise<{ code: number | string | null | undefined, output: string, errors: string }> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:NODE_OPTIONS$|NODE_V8_COVERAGE$|_?TAP)/.test(name)))
  return new Promise(resolve => {
    execFile(process.execPath, [join(repository, 'bench', 'index.mjs'), ...args], { env }, (error, output, errors) => {
      resolve({ code: error === null ? 0 : error.code, output, errors })
    })
  })
}

t.test('a summary has the median, and the bounds of the middle half', async t => {
  const { summary } = await load('statistics.mjs')
  t.strictSame(summary([5, 1, 4, 2, 3]), { median: 3, low: 2, high: 4 })
  t.strictSame(summary([4, 1, 3, 2]), { median: 2.5, low: 1.75, high: 3.25 })
  t.strictSame(summary([7]), { median: 7, low: 7, high: 7 })
})

t.test('candidates take turns, forwards and backwards, and each round gives one ratio', async t => {
  const { compare } = await load('harness.mjs')
  const order: string[] = []
  // Time that is made up, so that the outcome is certain.
  const taking = (name: string, milliseconds: number) => async (count: number) => {
    order.push(name)
    return count * milliseconds
  }
  const { microseconds, ratios } = await compare(
    { slow: taking('slow', 3), fast: taking('fast', 1), middle: taking('middle', 2) },
    { pairs: [['slow', 'fast'], ['middle', 'slow']], rounds: 2 })

  t.strictSame(order.slice(-12), [
    'slow', 'fast', 'middle', 'middle', 'fast', 'slow', 'slow', 'fast', 'middle', 'middle', 'fast', 'slow'
  ])
  t.equal(microseconds.middle?.median, 2000)
  t.strictSame(ratios, [
    { of: 'slow', to: 'fast', median: 3, low: 3, high: 3 },
    { of: 'middle', to: 'slow', median: 2 / 3, low: 2 / 3, high: 2 / 3 }
  ])
})

const one = (median: number): Summary => ({ median, low: median - 0.5, high: median + 0.5 })
const result = {
  name: 'exact-origin',
  title: 'exact origin',
  microseconds: { 'fastify-cors-policy': one(2), 'hand-written': one(2), bare: one(1) },
  ratios: [
    { of: 'fastify-cors-policy', to: 'bare', ...one(2), limit: null },
    { of: 'fastify-cors-policy', to: 'hand-written', ...one(1), limit: 1.1 }
  ]
}
const tooSlow = { ...result, name: 'any-origin', title: 'any', ratios: [{ of: 'fastify-cors-policy', to: 'hand-written', ...one(1.2), limit: 1.1 }] }
const growth = {
  name: 'exact-growth',
  title: 'exact origins',
  microseconds: { 10: one(2), '1,000': one(3) },
  ratios: [{ of: '1,000', to: '10', ...one(1.5), limit: 1.1 }]
}

t.test('a table shows each ratio with its spread, and whether it keeps its limit', async t => {
  const { asText, tablesOf } = await load('tables.mjs')
  t.equal(asText(tablesOf([result, tooSlow, growth])), `
Time per request, without sockets
case          µs    ÷ bare            ÷ hand-written
exact origin  2.00  2.00 (1.50–2.50)  1.00 (0.50–1.50) ✓ 1.10
any           2.00  –                 1.20 (0.70–1.70) ✗ 1.10

Growth, hostile requests, and cached answers
case           what   µs    ratio                    to
exact origins  1,000  3.00  1.50 (1.00–2.00) ✗ 1.10  10
`.trim())
})

t.test('a document gets the tables between its markers', async t => {
  const { asMarkdown, tablesOf, BEGIN, END, withResults } = await load('tables.mjs')
  const tables = asMarkdown(tablesOf([growth]))

  t.equal(withResults(`before\n${BEGIN}\nold\n${END}\nafter`, tables), `before
${BEGIN}
### Growth, hostile requests, and cached answers

| case | what | µs | ratio | to |
| --- | --- | --- | --- | --- |
| exact origins | 1,000 | 3.00 | 1.50 (1.00–2.00) ✗ 1.10 | 10 |
${END}
after`)
  t.throws(() => withResults('no markers', tables), /must have/)
})

t.test('the command measures a case, after making sure that it is answered rightly', async t => {
  const { code, output, errors } = await bench('--case', 'preflight', '--rounds', '1', '--json')
  t.equal(code, 0, errors)
  const { results, machine } = JSON.parse(output) as { results: Result[], machine: { node: string } }
  t.equal(machine.node, process.version)
  t.strictSame(results.map(({ name }) => name), ['preflight'])
  const candidates = ['bare', 'hand-written', '@fastify/cors', 'cors, middie', 'fastify-cors-policy']
  t.strictSame(Object.keys(results[0]?.microseconds ?? {}), candidates)
  t.strictSame(results[0]?.ratios.map(({ to }) => to), candidates.slice(0, -1))
  t.strictSame(results[0]?.ratios.map(({ limit }) => limit), [null, 1.15, null, null])
  t.ok(results[0]?.ratios.every(({ median, low, high }) => low > 0 && low <= median && median <= high))
})

t.test('the command says which cases there are when it is asked for another', async t => {
  const { code, errors } = await bench('--case', 'preflite')
  t.equal(code, 2)
  t.match(errors, /There is no case "preflite"\. Cases: exact-origin, any-origin, .*, million-origins, sockets-exact-origin, sockets-preflight/)
  t.match(await bench('--rounds', 'many'), { code: 2, errors: /The number of rounds must be at least 1/ })
  t.match(await bench('--only', 'preflight'), { code: 2, errors: /^Unknown option '--only'.*\nnpm run bench -- \[--case <name>\]/ })
  t.match(await bench('--markdown', '--case', 'preflight'), { code: 2, errors: /^--markdown puts all tables in the place of those in docs\/performance\.md: leave --case out/ })
  t.match(await bench('--help'), { code: 0, output: /^npm run bench -- [^]*\nCases: exact-origin, / })
})
