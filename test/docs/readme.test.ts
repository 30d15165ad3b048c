import fastifyCors from '@fastify/cors'
import Fastify, { type FastifyInstance } from 'fastify'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import corsPlugin from '../../lib/index.js'
import { page, preflight, stranger } from '../helpers.js'
import { repository, run } from '../installed.js'
import { nameOf, pages, proseOf } from './pages.js'

const path = join(repository, 'README.md')
const readme = readFileSync(path, 'utf8')

/** The rows of the table below a heading. */
function rowsBelow (heading: string): string[][] {
  const [, section = ''] = readme.split(`\n## ${heading}\n`)
  const [, table = ''] = /^\| ---.*\n((?:\|.*\n)+)/m.exec(section) ?? []
  return table.trim().split('\n').map(row => row.slice(1, -1).split(' | ').map(cell => cell.trim()))
}

t.test('the README has two screens: the error, the commands, ten lines, and a picture of the inspector', async t => {
  t.ok(readme.split('\n').length <= 120)
  t.match(readme, 'has been **blocked by CORS policy**')
  for (const command of ['\nnpm install fastify-cors-policy\n', '\nnpx fastify-cors-policy check ', '`npm ci && npm start`', '`npm ci && npm test`']) t.match(readme, command)
  const [, program = ''] = /```js\n(.*?)```/s.exec(readme) ?? []
  t.ok(program.split('\n').filter(line => line !== '').length <= 10)
  t.match(readme, /!\[The inspector.*\]\(docs\/images\/inspector-[\w-]+\.png\)/)
})

t.test('every page can be reached from the README', async t => {
  const reached = new Set([path])
  for (const page of reached) {
    for (const [, link = ''] of proseOf(page).matchAll(/\]\((?!https?:)([^)\s#]+\.md)[^)]*\)/g)) reached.add(join(dirname(page), link))
  }
  t.strictSame(pages.filter(page => !reached.has(page)).map(nameOf), [])
})

interface Locked {
  readonly dependencies?: Record<string, string>
}

const { packages } = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> }

/** The packages that some packages bring, themselves among them. */
function closureOf (names: readonly string[]): Set<string> {
  const all = new Set(names)
  for (const name of all) for (const other of Object.keys(packages[`node_modules/${name}`]?.dependencies ?? {})) all.add(other)
  return all
}

function bytesOf (folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .reduce((sum, entry) => sum + (entry.isDirectory() ? bytesOf(join(folder, entry.name)) : statSync(join(folder, entry.name)).size), 0)
}

function megabytesOf (names: Iterable<string>): number {
  return [...names].reduce((sum, name) => sum + bytesOf(join(repository, 'node_modules', name)), 0) / 1e6
}

t.test('the README names each dependency, with its size to a tenth', async t => {
  const dependencies = Object.keys(packages['']?.dependencies ?? {})
  const all = closureOf(dependencies)
  const ofFastify = closureOf(['fastify'])
  const close = (said: string | undefined, size: number, of: string): void => {
    t.ok(Math.abs(Number(said) - size) <= Math.max(size / 10, 0.02), `${of}: ${said} MB, measured ${size.toFixed(3)}`)
  }
  const [, direct, total, size, had] = /(\d+) packages, (\d+) with what they bring, ([\d.]+) MB. Fastify has (\d+) of them already/.exec(readme) ?? []
  t.strictSame([direct, total, had].map(Number), [dependencies.length, all.size, [...all].filter(name => ofFastify.has(name)).length])
  close(size, megabytesOf(all), 'all')
  const rows = rowsBelow('Dependencies').map(([names = '', megabytes, use = '']) => ({ names: [...names.matchAll(/`(.+?)`/g)].map(([, name]) => String(name)), megabytes, use }))
  t.strictSame(rows.flatMap(({ names }) => names).sort(), dependencies.sort())
  for (const { names, megabytes, use } of rows) {
    close(megabytes, megabytesOf(closureOf(names)), names.join())
    t.equal(use.includes('Fastify has it already'), names.every(name => ofFastify.has(name)), names.join())
  }
})

/** Options that both plugins have, and one that only this one knows. */
interface Options {
  readonly origin: true | string | string[] | RegExp
  readonly credentials?: boolean
  readonly enforce?: 'unsafe'
}

type Register = (app: FastifyInstance, options: Options) => void

/** Boots the same application with @fastify/cors and with this plugin: an error stands for one that does not boot. */
async function both (t: Test, build: (app: FastifyInstance, register: Register) => void): Promise<[there: FastifyInstance | Error, here: FastifyInstance | Error]> {
  const boot = async (register: Register): Promise<FastifyInstance | Error> => {
    const app = Fastify()
    build(app, register)
    try {
      await app.ready()
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
    t.teardown(() => app.close())
    return app
  }
  return [
    await boot((app, options) => { app.register(fastifyCors, options) }),
    await boot((app, options) => { app.register(corsPlugin, options) })
  ]
}

/** What is printed by a process that @fastify/cors ends at boot. */
async function dies (t: Test, build: string): Promise<string> {
  const program = `import Fastify from 'fastify'\nimport cors from '@fastify/cors'\nconst app = Fastify()\n${build}\nawait app.ready()`
  const { code, errors } = await run(t, ['--input-type=module', '--eval', program], { cwd: repository })
  t.equal(code, 1)
  return errors
}

function booted (app: FastifyInstance | Error): FastifyInstance {
  if (app instanceof Error) throw app
  return app
}

async function headersOf (app: FastifyInstance | Error, origin = page): Promise<Record<string, unknown>> {
  return (await booted(app).inject({ url: '/', headers: { origin } })).headers
}

const ALLOWED = 'access-control-allow-origin'

/** The rows of the table against @fastify/cors, each tried with both. */
const differences: Readonly<Record<string, (t: Test) => Promise<void>>> = {
  'give a `PUT` route its own `config.cors`': async t => {
    const override = { origin: stranger, methods: ['PUT'] }
    const apps = await both(t, (app, register) => {
      register(app, { origin: [page] })
      app.put('/', { config: { cors: override } }, async () => 'saved')
    })
    const [there, here] = await Promise.all(apps.map(async app => (await preflight(booted(app), { origin: stranger })).headers))
    t.equal(there?.[ALLOWED], undefined)
    t.equal(here?.[ALLOWED], stranger)
  },
  'register it at the root, and again below': async t => {
    t.match(await dies(t, `
      app.register(cors, { origin: '${page}' })
      app.register(async below => { below.register(cors, { origin: '${stranger}' }) }, { prefix: '/below' })
    `), /decorator .* already been added/)
    const app = Fastify()
    app.register(corsPlugin, { origin: page })
    app.register(async below => { below.register(corsPlugin, { origin: stranger }).get('/', async () => 'hello') }, { prefix: '/below' })
    t.equal((await app.inject({ url: '/below', headers: { origin: stranger } })).headers[ALLOWED], stranger)
  },
  'have `OPTIONS` routes, `all(\'*\')` or a proxy at `/`': async t => {
    t.match(await dies(t, `
      app.register(cors, { origin: '${page}' })
      app.all('*', async () => 'own')
    `), /OPTIONS.* already declared/)
    const app = Fastify()
    app.register(corsPlugin, { origin: page })
    app.all('*', async () => 'own')
    t.equal((await app.inject({ method: 'OPTIONS', url: '/' })).body, 'own')
  },
  'write `origin: true` with `credentials: true`': async t => {
    const [there, here] = await both(t, (app, register) => {
      register(app, { origin: true, credentials: true })
      app.get('/', async () => 'secret')
    })
    t.match(await headersOf(there, stranger), { [ALLOWED]: stranger, 'access-control-allow-credentials': 'true' })
    t.match(here, { code: 'FST_CORS_INVALID_OPTIONS' })
  },
  'misspell an option': async t => {
    const options = { origin: page, exposeHeaders: 'ETag' }
    const [there, here] = await both(t, (app, register) => {
      register(app, options)
      app.get('/', async () => 'hello')
    })
    t.notOk('access-control-expose-headers' in await headersOf(there))
    t.match(here, { message: /Did you mean 'exposedHeaders'\?/ })
  },
  'write `/example\\.com$/`': async t => {
    const [there, here] = await both(t, (app, register) => {
      register(app, { origin: /example\.com$/ })
      app.get('/', async () => 'hello')
    })
    t.equal((await headersOf(there, 'https://evil-example.com'))[ALLOWED], 'https://evil-example.com')
    t.match(here, { message: /Fix: \['https:\/\/example\.com', 'https:\/\/\*\.example\.com'\]/ })
  },
  'stream with `reply.hijack()`': async t => {
    const [there, here] = await both(t, (app, register) => {
      register(app, { origin: [page] })
      app.get('/', (_request, reply) => {
        reply.hijack()
        reply.raw.end('data')
      })
    })
    t.equal((await headersOf(there))[ALLOWED], undefined)
    t.equal((await headersOf(here))[ALLOWED], page)
  },
  'set `Vary` in a handler': async t => {
    const [there, here] = await both(t, (app, register) => {
      register(app, { origin: [page] })
      app.get('/', async (_request, reply) => reply.header('Vary', 'Accept').send('hello'))
    })
    t.equal((await headersOf(there))['vary'], 'Accept')
    t.match(String((await headersOf(here))['vary']).split(/, */).sort(), ['Accept', 'Origin'])
  },
  'get a form post of another site': async t => {
    const form = { method: 'POST', url: '/', headers: { origin: stranger, 'sec-fetch-site': 'cross-site', 'content-type': 'text/plain' }, payload: 'amount=1' } as const
    const [there, here] = await both(t, (app, register) => {
      register(app, { origin: [page], enforce: 'unsafe' })
      app.post('/', async () => 'done')
    })
    t.equal((await booted(there).inject(form)).body, 'done')
    t.equal((await booted(here).inject(form)).statusCode, 403)
  },
  'see "blocked by CORS policy"': async t => {
    const [there, here] = await both(t, (app, register) => {
      register(app, { origin: [page] })
      app.get('/', async request => request.cors ?? 'nothing')
    })
    const [atTheirs, atOurs] = await Promise.all([there, here].map(async app => (await booted(app).inject({ url: '/', headers: { origin: stranger } })).body))
    t.equal(atTheirs, 'nothing')
    t.match(atOurs, '"reason":"origin-not-allowed"')
  }
}

for (const [what, differs] of Object.entries(differences)) {
  t.test(`what the README says of @fastify/cors and of this plugin is so when you ${what}`, differs)
}

t.test('every row of the table against @fastify/cors is tried', async t => {
  t.strictSame(rowsBelow('What makes it different').map(([what]) => what), Object.keys(differences))
})
