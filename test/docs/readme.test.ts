import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { checkCors } from '../../lib/browser/index.js'
import { CorsOptionsSchema } from '../../lib/index.js'
import { copyInto, install, repository, run, start } from '../installed.js'
import { send } from '../http.js'

const readme = readFileSync(join(repository, 'README.md'), 'utf8')
const installation = install(t)
const { folder, write } = installation
installation.link('async-cache-dedupe')

/** The examples: each program, with the text that follows it up to the next heading. */
const examples = readme.split(/^## /m).flatMap(section => {
  const heading = section.split('\n', 1)[0] ?? ''
  return [...section.matchAll(/```js\n(.*?)```\n(.*)/gs)].map(([, program = '', shown = '']) => ({ heading, program, shown }))
})

/** Starts an example on a free port, and returns its URL. */
async function serve (t: Test, heading: string, program: string): Promise<string> {
  const listening = 'await app.listen({ port: 3000 })'
  t.ok(program.includes(listening), 'it is a whole program')
  const file = write(`${heading.replace(/\W+/g, '-')}.mjs`, program.replace(listening, 'console.log(await app.listen({ port: 0 }))'))
  return (await start(t, [file], { cwd: folder }).says(/\n/)).trim()
}

for (const { heading, program, shown } of examples) {
  const results = [...shown.matchAll(/^\| `(\S+)` \| `(\S+) (\S+)` \| (allowed|blocked|refused with 403) \|$/gm)]
  const [, error] = /```text\n(.*?)```/s.exec(shown) ?? []
  const [, json] = /```json\n(.*?)```/s.exec(shown) ?? []

  t.test(`the example of "${heading}" does what the README says`, async t => {
    t.ok(results.length > 0 || error !== undefined || json !== undefined, 'it says something')
    if (error !== undefined) {
      const { code, errors } = await run(t, [write('refused.mjs', program)], { cwd: folder })
      t.equal(code, 1)
      t.match(errors, error.trim())
      return
    }
    if (!program.includes('app.listen')) {
      const { output } = await run(t, [write('printing.mjs', program)], { cwd: folder })
      t.strictSame(JSON.parse(output), JSON.parse(String(json)))
      return
    }
    const server = await serve(t, heading, program)
    for (const [, origin = '', method = '', path = '', outcome] of results) {
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

t.test('every example compiles as strict TypeScript, but for the option that the boot refuses too', async t => {
  for (const [index, { program }] of examples.entries()) write(join('typed', `example-${index}.mts`), program)
  write(join('typed', 'tsconfig.json'), JSON.stringify({
    compilerOptions: { target: 'es2023', module: 'nodenext', types: ['node'], strict: true, noEmit: true, skipLibCheck: true }
  }))
  const compiler = join(repository, 'node_modules', 'typescript', 'bin', 'tsc')
  const { output } = await run(t, [compiler, '-p', '.', '--pretty', 'false'], { cwd: join(folder, 'typed') })
  const refused = examples.findIndex(({ program }) => program.includes('exposeHeaders'))
  t.strictSame([...output.matchAll(/^(\S+\.mts)\(/gm)].map(([, file]) => file), [`example-${refused}.mts`], output)
  t.match(output, '\'exposeHeaders\' does not exist in type \'FastifyRegisterOptions<CorsOptions>\'')
})

t.test('the README has examples of each kind', async t => {
  t.strictSame(examples.map(({ shown }) => /^\| a page|^```(?:text|json)/m.exec(shown)?.[0]).filter((kind, i, all) => all.indexOf(kind) === i).length, 3)
})

t.test('the table of the options is that of the schema: "npm run docs" writes it', async t => {
  const generator = join(copyInto(installation, 'docs'), 'generate.mjs')
  write('README.md', readme)
  t.match(await run(t, [generator], { cwd: folder }), { code: 0, errors: '' })
  t.equal(readFileSync(join(folder, 'README.md'), 'utf8'), readme)
  for (const name of Object.keys(CorsOptionsSchema.properties)) t.match(readme, `\n| \`${name}\` | `)
})

t.test('the generator refuses a README without its markers', async t => {
  const generator = join(copyInto(installation, 'docs'), 'generate.mjs')
  write('README.md', readme.replace('<!-- end of options -->', ''))
  const { code, errors } = await run(t, [generator], { cwd: folder })
  t.equal(code, 1)
  t.match(errors, 'must have the marker <!-- end of options --> once')
})

t.test('it gives the two commands for a fresh clone', async t => {
  for (const command of ['npm ci && npm start', 'npm ci && npm test']) t.match(readme, `\n${command}\n`)
})
