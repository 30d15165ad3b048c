import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { checkCors } from '../../lib/browser/index.js'
import { CorsOptionsSchema } from '../../lib/index.js'
import { copyInto, install, repository, run, start } from '../installed.js'
import { send } from '../http.js'
import { blocksOf, nameOf, pages, type Block } from './pages.js'

const installation = install(t)
const { folder, write } = installation
for (const name of ['async-cache-dedupe', 'ioredis']) installation.link(name)

/** The pages whose blocks have tests of their own: test/docs/recipes.test.ts, test/remedies and test/docs/migrate.test.ts. */
const ELSEWHERE = /^docs\/(?:recipes\.md|remedies\.md|migrate\/.*)$/

/** What `migrate` reads is an application of the other plugin: test/docs/migrate.test.ts runs it. */
const OF_THE_OTHER = "from '@fastify/cors'"

/** A program, with what the page says that comes of it. */
interface Program extends Block {
  readonly results: ReadonlyArray<{ origin: string, method: string, path: string, outcome: string }>
  readonly error: string | undefined
  readonly json: string | undefined
}

const blocks = pages.filter(page => !ELSEWHERE.test(nameOf(page))).flatMap(page => {
  const all = blocksOf(page)
  return all.map((block, i): Program => {
    const { heading, language = '', text = '' } = all[i + 1] ?? {}
    const output = (kind: string): string | undefined => heading === block.heading && language === kind ? text : undefined
    const rows = [...block.after.matchAll(/^\| `(\S+)` \| `(\S+) (\S+)` \| (allowed|blocked|refused with 403) \|$/gm)]
    return {
      ...block,
      error: output('text'),
      json: output('json'),
      results: rows.map(([, origin = '', method = '', path = '', outcome = '']) => ({ origin, method, path, outcome }))
    }
  })
})

const ofJavaScript = blocks.filter(({ language, text }) => ['js', 'ts'].includes(language) && !text.includes(OF_THE_OTHER))
const programs = ofJavaScript.filter(({ text }) => text.includes('= Fastify('))

/** Starts a program on a free port, and returns its URL. */
async function serve (t: Test, { page, heading, text }: Program): Promise<string> {
  const listening = /await app\.listen\(\{ port: \d+ \}\)/
  t.match(text, listening, 'it is a whole program')
  const file = write(`${page}-${heading}`.replace(/\W+/g, '-') + '.mjs', text.replace(listening, 'console.log(await app.listen({ port: 0 }))'))
  const output = await start(t, [file], { cwd: folder }).says(/^http:.*\n/m)
  return String(/^http:.*$/m.exec(output)?.[0])
}

for (const program of programs) {
  const { page, heading, text, results, error, json } = program

  t.test(`${page}: the program of "${heading}" does what the page says`, async t => {
    if (error !== undefined) {
      const { code, errors } = await run(t, [write('refused.mjs', text)], { cwd: folder })
      t.equal(code, 1)
      t.match(errors, error.trim())
      return
    }
    if (!text.includes('app.listen')) {
      const { output } = await run(t, [write('printing.mjs', text)], { cwd: folder })
      t.strictSame(JSON.parse(output), JSON.parse(String(json)))
      return
    }
    const server = await serve(t, program)
    if (text.includes('<!doctype html>')) {
      t.match(await send({ url: server, headers: {} }), { status: 200, body: '<!doctype html>' })
      return
    }
    t.ok(results.length > 0 || json !== undefined, 'it says something')
    for (const { origin, method, path, outcome } of results) {
      const { allowed, exchanges } = await checkCors({ origin, url: server + path, method }, send)
      const { status } = exchanges.at(-1)?.response ?? {}
      t.equal(allowed ? 'allowed' : status === 403 && outcome !== 'blocked' ? 'refused with 403' : 'blocked', outcome, `${origin} calls ${method} ${path}`)
      if (allowed) t.equal(status, 200)
    }
    if (json !== undefined) {
      const expected = JSON.parse(json)
      const { body } = await send({ url: server, headers: { origin: expected.origin } })
      t.strictSame(JSON.parse(body), expected)
    }
  })
}

/** What the fragments leave to the applications around them. */
const AROUND = `
  declare module '@opentelemetry/api' {
    interface Result { observe (value: number): void }
    interface Instrument { addCallback (observe: (result: Result) => void): void }
    export const metrics: { getMeter (name: string): { createObservableCounter (name: string): Instrument, createObservableGauge (name: string): Instrument } }
  }
  declare const app: import('fastify').FastifyInstance
  declare const corsPlugin: typeof import('fastify-cors-policy').default
  declare const database: { isAllowed (tenant: string, origin: string): Promise<boolean>, save (policy: unknown): Promise<void> }
  declare const origins: import('fastify-cors-policy/origins').CachedOrigins
  declare const redis: import('ioredis').Redis
  declare function tenantOf (request: import('fastify').FastifyRequest): string
`

t.test('all JavaScript compiles as strict TypeScript, but for the option that the boot refuses too', async t => {
  write(join('typed', 'around.d.ts'), AROUND)
  for (const [index, { text }] of ofJavaScript.entries()) write(join('typed', `block-${index}.mts`), text)
  write(join('typed', 'tsconfig.json'), JSON.stringify({
    compilerOptions: { target: 'es2023', module: 'nodenext', types: ['node'], strict: true, noEmit: true, skipLibCheck: true }
  }))
  const compiler = join(repository, 'node_modules', 'typescript', 'bin', 'tsc')
  const { output } = await run(t, [compiler, '-p', '.', '--pretty', 'false'], { cwd: join(folder, 'typed') })
  const refused = ofJavaScript.findIndex(({ text }) => text.includes('exposeHeaders'))
  t.strictSame([...output.matchAll(/^(\S+\.mts)\(/gm)].map(([, file]) => file), [`block-${refused}.mts`], output)
  t.match(output, '\'exposeHeaders\' does not exist in type \'FastifyRegisterOptions<CorsOptions>\'')
})

t.test('the README, the tutorial and the pages on options, routes and security have programs', async t => {
  for (const page of ['README.md', 'docs/start.md', 'docs/options.md', 'docs/routes.md', 'docs/security.md', 'docs/decisions.md', 'docs/fleet.md']) {
    t.ok(programs.some(program => program.page === page), page)
  }
  t.ok(programs.some(({ error }) => error !== undefined), 'of one the error is shown')
  t.ok(programs.some(({ json }) => json !== undefined), 'of one the output is shown')
})

const optionsPage = readFileSync(join(repository, 'docs', 'options.md'), 'utf8')

t.test('the table of the options is that of the schema: "npm run docs" writes it', async t => {
  const generator = join(copyInto(installation, 'docs'), 'generate.mjs')
  t.match(await run(t, [generator], { cwd: folder }), { code: 0, errors: '' })
  t.equal(readFileSync(join(folder, 'docs', 'options.md'), 'utf8'), optionsPage)
  for (const name of Object.keys(CorsOptionsSchema.properties)) t.match(optionsPage, `\n| \`${name}\` | `)
})

t.test('the generator refuses a page without its markers', async t => {
  const generator = join(copyInto(installation, 'docs'), 'generate.mjs')
  write(join('docs', 'options.md'), optionsPage.replace('<!-- end of options -->', ''))
  const { code, errors } = await run(t, [generator], { cwd: folder })
  t.equal(code, 1)
  t.match(errors, 'must have the marker <!-- end of options --> once')
})
