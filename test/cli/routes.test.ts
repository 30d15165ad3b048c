import { channel } from 'node:diagnostics_channel'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import t, { type Test } from 'tap'
import { Applications } from '../../lib/cli/routes/applications.js'
import { run, serve } from './terminal.js'

const fixture = (name: string): string => join(__dirname, 'fixtures', `${name}.ts`)

/** What the command makes of a file that is written for a test; its routes as `GET /`. */
async function load (t: Test, name: string, source: string): Promise<{ exitCode: number, code: string | undefined, routes: string[], errors: string }> {
  const { exitCode, output, errors } = await run(['routes', join(t.testdir({ [name]: source }), name), '--json'])
  const { routes = [], error } = JSON.parse(output) as { routes?: Array<{ method: string, url: string }>, error?: { code: string } }
  return { exitCode, code: error?.code, routes: routes.map(({ method, url }) => `${method} ${url}`), errors }
}

t.test('every route is in the table, in the order of declaration: of nested registrations, and of none', async t => {
  const { exitCode, output, errors } = await run(['routes', fixture('contexts')])
  t.equal(exitCode, 1)
  t.equal(errors, '')
  const [table = '', ...rest] = output.split('\n\n')
  const listed = 'https://a.example, https://b.example, https://c.example +1'
  t.strictSame(table.split('\n').map(line => line.split(/ {2,}/)), [
    ['METHOD', 'URL', 'FROM', 'ORIGIN', 'METHODS', 'HEADERS', 'CREDENTIALS', 'MAX-AGE'],
    ['GET', '/health', '–', 'no CORS here'],
    ['GET', '/api/users', 'context', listed, 'GET, PUT', 'requested', 'yes', '7200'],
    ['PUT', '/api/users/:id', 'context', listed, 'GET, PUT', 'requested', 'yes', '7200'],
    ['DELETE', '/api/users/:id', 'context', listed, 'GET, PUT', 'requested', 'yes', '7200'],
    ['GET', '/api/internal', 'route', 'off'],
    ['GET', '/api/admin/reports', 'context', 'delegator', 'GET, HEAD, POST', 'requested', 'no', '–'],
    ['GET', '/open', 'context', 'any, reflected', '*', 'requested', 'no', '–'],
    ['GET', '/closed', 'route', '/^https:\\/\\/a\\.example$/', '*', 'X-A', 'no', '–']
  ])
  t.strictSame(rest, [
    '! PUT, DELETE /api/users/:id  method-not-allowed\n' +
    '    A page of another origin can\'t use DELETE here: the policy allows GET, PUT.\n' +
    '    Fix: methods: [\'GET\', \'PUT\', \'DELETE\']',
    '· everywhere  max-age-capped\n' +
    '    maxAge is 7200 seconds, of which WebKit honours 600, Chromium 7,200 and Firefox 86,400. Nothing has to be changed.',
    '✗ 1 finding\n'
  ])
})

t.test('the columns of the table are below each other', async t => {
  const { output } = await run(['routes', fixture('instance')])
  t.equal(output, `METHOD  URL  FROM     ORIGIN             METHODS          HEADERS    CREDENTIALS  MAX-AGE
GET     /    context  https://a.example  GET, HEAD, POST  requested  no           –

✓ Nothing found
`)
})

t.test('where the table is too wide for a terminal, each route stands by itself', async t => {
  const { output } = await run(['routes', fixture('contexts'), '--no-color'], { isTTY: true, columns: 60 })
  for (const line of output.split('\n')) t.ok(line.length <= 60, line)
  t.match(output, `GET /health  –
    no CORS here
GET /api/users  context
    origin https://a.example, https://b.example,
    https://c.example +1; methods GET, PUT; headers
    requested; credentials yes; max-age 7200
`)
  t.match(output, '\nGET /api/internal  route\n    off\n')
  t.match(output, '\n! PUT, DELETE /api/users/:id  method-not-allowed\n')
  const narrow = await run(['routes', fixture('contexts'), '--no-color'], { isTTY: true, columns: 40 })
  t.match(narrow.output, '\n! PUT, DELETE /api/users/:id\n    method-not-allowed\n')
  const at = async (columns: number): Promise<string> => (await run(['routes', fixture('contexts'), '--no-color'], { isTTY: true, columns })).output
  const [table = ''] = (await run(['routes', fixture('contexts')])).output.split('\n\n')
  t.ok((await at(200)).startsWith(`${table}\n\n`), 'a wide terminal has room')
  t.equal(await at(0), await at(110), 'some terminals report no width')
})

t.test('--json has every policy in full, and the findings', async t => {
  const { exitCode, output } = await run(['routes', fixture('contexts'), '--json'])
  t.equal(exitCode, 1)
  const { routes, findings } = JSON.parse(output)
  t.match(routes[0], { method: 'GET', url: '/health', source: 'none', policy: false })
  t.match(routes[1], { method: 'GET', url: '/api/users', source: 'context', policy: { origin: { length: 4 }, credentials: true, maxAge: 7200 } })
  t.strictSame(findings.map(({ code, route }: { code: string, route: string | null }) => [code, route]), [
    ['method-not-allowed', 'PUT, DELETE /api/users/:id'], ['max-age-capped', null]
  ])
})

t.test('findings are counted over all registrations', async t => {
  const { exitCode, output } = await run(['routes', fixture('two-findings')])
  t.equal(exitCode, 1)
  t.ok(output.endsWith('✗ 2 findings\n'))
})

t.test('a function that makes an application is understood, and a note is no finding', async t => {
  const { exitCode, output } = await run(['routes', relative(process.cwd(), fixture('factory'))])
  t.equal(exitCode, 0)
  t.match(output, /^GET +\/made +context +https:\/\/a\.example/m)
  t.match(output, '· everywhere  max-age-capped')
  t.ok(output.endsWith('✓ Nothing found\n'))
})

t.test('options that do not boot are told with all that is wrong with them', async t => {
  const { exitCode, output, errors } = await run(['routes', fixture('refused'), '--json'])
  t.equal(exitCode, 2)
  t.match(errors, /refused\.ts does not boot: The CORS options have a problem:\n {2}\/origin: 'https:\/\/a\.example\/' ends with a slash\. Fix: 'https:\/\/a\.example'\n$/)
  t.equal(JSON.parse(output).error.code, 'FST_CORS_INVALID_OPTIONS')
  const { code } = await load(t, 'throws.cjs', 'module.exports = async () => { throw new Error("no database") }')
  t.equal(code, 'not-booted')
})

t.test('a plugin is found in whatever way it is exported', async t => {
  const get = (url: string): string => `{ app.get('${url}', () => '') }`
  const exported: Array<[string, string]> = [
    ['default.mjs', `export default async app => ${get('/')}`],
    ['callback.mjs', 'export default function (app, options, done) { app.get(\'/\', () => \'\'); done() }'],
    ['named.mjs', `export const prefix = '/v1'\nexport async function api (app) ${get('/')}`],
    ['both.mjs', `export function helper () {}\nexport default async app => ${get('/')}`],
    ['module.cjs', `module.exports = async app => ${get('/')}`],
    ['property.cjs', `exports.api = async app => ${get('/')}`],
    ['hidden.cjs', `module.exports = Object.fromEntries([['api', async app => ${get('/')}]])`],
    ['compiled.cjs', `Object.defineProperty(exports, '__esModule', { value: true })\nexports.helper = () => {}\nexports.default = async app => ${get('/')}`],
    ['itself.cjs', `const api = async app => ${get('/')}\nmodule.exports = api\nmodule.exports.default = api\nmodule.exports.api = api`],
    ['instance.cjs', 'const app = require(\'fastify\')()\napp.get(\'/\', () => \'\')\nmodule.exports = app'],
    ['listening.cjs', 'const app = require(\'fastify\')()\napp.get(\'/\', () => \'\')\napp.listen({ port: 0 })\nmodule.exports = { app }']
  ]
  for (const [name, source] of exported) t.strictSame((await load(t, name, source)).routes, ['GET /'], name)
})

t.test('so is a promise of one, and a class is none', async t => {
  t.match(await load(t, 'promised.mjs', "export default Promise.resolve(async app => { app.get('/promised', () => '') })"), { exitCode: 0, routes: ['GET /promised'] })
  t.match(await load(t, 'class.mjs', 'export default class Server { constructor () { this.port = 3000 } }'), { exitCode: 2, code: 'no-plugin' })
})

t.test('HEAD routes are shown where a person wrote them', async t => {
  const { routes } = await load(t, 'head.cjs', `module.exports = async app => {
    app.get('/', () => '')
    app.head('/only', () => '')
    app.route({ method: ['GET', 'PUT'], url: '/two', handler: () => '' })
  }`)
  t.strictSame(routes, ['GET /', 'HEAD /only', 'GET /two', 'PUT /two'])
})

t.test('a decoration of somebody else is not taken for the plugin', async t => {
  const { exitCode, routes } = await load(t, 'decorated.cjs', 'module.exports = async app => { app.decorate("cors", { enabled: true }).get("/", () => "") }')
  t.equal(exitCode, 0)
  t.strictSame(routes, ['GET /'])
})

t.test('a plugin without routes, and one that never registers CORS, are told', async t => {
  const file = join(t.testdir({ 'empty.mjs': 'export default async () => {}' }), 'empty.mjs')
  const { exitCode, output } = await run(['routes', file])
  t.equal(exitCode, 0)
  t.match(output, /^No routes\.\n\n! The plugin is registered nowhere/)
  t.match((await run(['routes', file, '--no-color'], { isTTY: true, columns: 60 })).output, /so that no page of\n {2}another origin/)
})

t.test('an application on @fastify/cors is told what to run', async t => {
  const file = join(t.testdir({ 'before.cjs': 'module.exports = async app => { app.register(async api => { api.register(require(\'@fastify/cors\')) }) }' }), 'before.cjs')
  const { output } = await run(['routes', file])
  t.match(output, /! This application has @fastify\/cors, .* npx fastify-cors-policy migrate <file>/)
  t.notMatch(output, 'no page of another origin')
})

t.test('the handler of a lambda is not taken for a plugin', async t => {
  const { exitCode, routes } = await load(t, 'lambda.cjs', `const app = require('fastify')()
app.get('/users', async () => [])
exports.handler = async event => app.inject(event.path)`)
  t.equal(exitCode, 0)
  t.strictSame(routes, ['GET /users'])
})

t.test('a file that gives no plugin is told, with what to do', async t => {
  const wrong: Array<[string, string, string, RegExp]> = [
    ['nothing.mjs', 'export default 1', 'no-plugin', /nothing\.mjs exports no Fastify plugin and no instance: export default async function \(app, options\)/],
    ['null.mjs', 'export default null', 'no-plugin', /exports no Fastify plugin/],
    ['several.mjs', 'export function a () {}\nexport function b () {}', 'no-plugin', /exports several functions \(a, b\): make the Fastify plugin its default export/],
    ['throws.mjs', 'throw new Error("not today")', 'file-not-loaded', /throws\.mjs can't be loaded: not today\n$/],
    ['text.mjs', 'throw "not today"', 'file-not-loaded', /can't be loaded: not today\n$/],
    ['missing.mjs', 'import "no-such-package"', 'file-not-loaded', /Cannot find package 'no-such-package'/],
    ['unknown.tsxx', '', 'file-not-loaded', /Of a TypeScript project, give the file that was built\n$/]
  ]
  for (const [name, source, code, message] of wrong) {
    const loaded = await load(t, name, source)
    t.equal(loaded.exitCode, 2, name)
    t.equal(loaded.code, code, name)
    t.match(loaded.errors, message)
  }
  const { exitCode, errors } = await run(['routes', 'no/such.js'])
  t.equal(exitCode, 2)
  t.equal(errors, 'Error: there is no file no/such.js\n')
  const folder = await run(['routes', 'test'])
  t.equal(folder.exitCode, 2)
  t.equal(folder.errors, 'Error: test is a folder: give the file in it that makes the application\n')
})

t.test('a project without Fastify is told to install it', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'fastify-cors-policy-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'app.mjs')
  writeFileSync(file, 'export default async () => {}')
  const { exitCode, errors } = await run(['routes', file])
  t.equal(exitCode, 2)
  t.match(errors, /fastify can't be found from .*app\.mjs: npm install fastify\n$/)
  const other = t.testdir({ 'app.mjs': 'export default async () => {}', node_modules: { fastify: { 'index.js': 'module.exports = {}' } } })
  t.match((await run(['routes', join(other, 'app.mjs')])).errors, 'npm install fastify')
})

t.test('applications are seen from their creation to the end, and closed', async t => {
  const applications = new Applications()
  applications.watch()
  channel('fastify.initialization').publish('something else')
  channel('fastify.initialization').publish({})
  const { default: Fastify } = await import('fastify')
  const app = Fastify()
  let isClosed = false
  app.addHook('onClose', async () => { isClosed = true })
  t.equal(applications.of(app)?.root, app)
  t.equal(applications.see(app), applications.of(app))
  await applications.end()
  t.equal(applications.of(Fastify()), undefined)
  t.ok(isClosed)
})

/** No module is loaded twice. */
let loaded = 0

/** What the command makes of a program that depends on the plugin, as projects do. */
async function loadProject (t: Test, source: string, ...given: Array<string | Record<string, Record<string, string>>>): Promise<{ exitCode: number, output: string, errors: string }> {
  const options = given.filter(option => typeof option === 'string')
  const [files] = given.filter(option => typeof option !== 'string')
  const library = JSON.stringify(join(__dirname, '..', '..', 'lib', 'index.js'))
  const folder = t.testdir({ ...files, [`app${++loaded}.mjs`]: source, node_modules: { 'fastify-cors-policy': { 'index.js': `module.exports = require(${library})` } } })
  return await run(['routes', join(folder, `app${loaded}.mjs`), ...options])
}

t.test('an application that registers with import() shows its routes', async t => {
  const { exitCode, output } = await loadProject(t, `import Fastify from 'fastify'
    const app = Fastify()
    app.register(import('fastify-cors-policy'), { origin: 'https://a.example' })
    app.get('/users', () => '')
    export default app`)
  t.equal(exitCode, 0)
  t.match(output, /^GET +\/users +context +https:\/\/a\.example/m)
})

t.test('a program that listens is booted without a port, whether it exports anything or not', async t => {
  const taken = new URL(await serve(t, (_request, response) => response.end())).port
  const listen = `app.listen({ port: ${taken}, host: '127.0.0.1' }`
  for (const start of [`await ${listen})`, `${listen}, () => {})`, `setTimeout(() => { ${listen}) }, 50)`, `${listen})\nexport default app`]) {
    const { exitCode, output, errors } = await loadProject(t, `import Fastify from 'fastify'
      const app = Fastify()
      await app.register(import('fastify-cors-policy'), { origin: 'https://a.example' })
      app.get('/users', () => '')
      ${start}`)
    t.equal(errors, '')
    t.equal(exitCode, 0)
    t.match(output, /^GET +\/users/m)
  }
})

t.test('a program that lets the server of its application listen is booted without a port', async t => {
  const taken = new URL(await serve(t, (_request, response) => response.end())).port
  for (const [listen, origin, exitCode] of [
    [`app.server.listen(${taken}, () => { app.get('/late', () => app.server.address().port) })`, 'https://a.example', 0],
    [`app.server.listen(${taken})`, 'https://a.example', 0],
    [`app.server.on('error', () => {}).listen(${taken})`, 'https://a.example/', 2]
  ] as const) {
    const ran = await loadProject(t, `import Fastify from 'fastify'
      const app = Fastify()
      app.register(import('fastify-cors-policy'), { origin: '${origin}' })
      app.get('/users', () => '')
      ${listen}`)
    t.equal(ran.exitCode, exitCode, ran.errors)
    t.match(ran.output + ran.errors, exitCode === 0 ? /^GET +\/users/m : /does not boot: .*ends with a slash/s)
  }
})

t.test('a program that calls back after listening is told when it does not boot', async t => {
  const { exitCode, errors } = await loadProject(t, `import Fastify from 'fastify'
    const app = Fastify()
    app.register(import('fastify-cors-policy'), { origin: 'https://a.example/' })
    app.listen({ port: 0 }, error => { globalThis.failed = error })`)
  t.equal(exitCode, 2)
  t.match(errors, /does not boot: .*ends with a slash/s)
})

t.test('a port that another server of the file wants and can\'t have is told with what to do', async t => {
  const taken = new URL(await serve(t, (_request, response) => response.end())).port
  const { exitCode, errors } = await loadProject(t, `import { createServer } from 'node:http'
    await new Promise((resolve, reject) => createServer().on('error', reject).listen(${taken}, '127.0.0.1', resolve))`)
  t.equal(exitCode, 2)
  t.match(errors, /app\d+\.mjs opens a port that is taken: .*EADDRINUSE.*\. Stop the server that has it, or open the port only where/)
  const inside = await loadProject(t, 'export default async () => { throw Object.assign(new Error("listen"), { code: "EADDRINUSE" }) }')
  t.match(inside.errors, /opens a port that is taken/)
})

t.test('a registration in a plugin file without fastify-plugin is a finding', async t => {
  const { exitCode, output } = await loadProject(t, `import corsPlugin from 'fastify-cors-policy'
    export default async app => {
      app.register(async file => { file.register(corsPlugin, { origin: 'https://a.example' }) })
      app.get('/users', () => '')
    }`)
  t.equal(exitCode, 1)
  t.match(output, /! everywhere {2}covers-no-route\n {4}This registration covers no route: .*fastify-plugin/)
  t.notMatch(output, 'Nothing found')
})

t.test('functions that let strangers in are found, without running a handler', async t => {
  const compared: Array<[string, string]> = [
    ['origin.startsWith(\'https://app.shop.test\')', 'name-as-prefix'],
    ['origin.endsWith(\'shop.test\')', 'name-as-suffix'],
    ['/localhost/.test(origin)', 'name-as-prefix'],
    ['/^https:\\/\\/app.shop\\.test$/.test(origin)', 'unescaped-dot'],
    ['origin === \'https://192.0.2.1:8443\' || origin.startsWith(\'https://192.0.2.1\')', 'name-as-prefix'],
    ['true', 'any-origin-reflected']
  ]
  for (const [comparison, code] of compared) {
    for (const [options, where] of [
      [`{ origin: origin => ${comparison}, credentials: true }`, 'registration'],
      [`{ origin: 'https://app.shop.test', delegator: ({ headers: { origin = '' } }) => ({ origin: ${comparison} ? () => true : false }) }`, 'delegator']
    ] as const) {
      const { exitCode, output } = await loadProject(t, `import corsPlugin from 'fastify-cors-policy'
        export default async app => {
          app.register(corsPlugin, ${options})
          app.get('/users', () => { throw new Error('a handler ran') })
          app.get('/more', () => { throw new Error('a handler ran') })
        }`, '--json')
      t.equal(exitCode, 1)
      const { findings } = JSON.parse(output)
      t.match(findings.filter((finding: { code: string }) => finding.code === code), [{ code, route: 'GET /users', message: /The server lets in .*\. (?:No |List |Write )/, fix: null, where }], `${comparison} ${where}`)
    }
  }
})

t.test('a function is tried with the origins of the files around, and of the environment', async t => {
  process.env.PAGES_OF_TEST = 'https://env.shop.test,https://other.test'
  t.teardown(() => { delete process.env.PAGES_OF_TEST })
  const functions = {
    'origin => origin.startsWith("https://own.shop.test")': 'https://own.shop.test.stranger.example',
    'origin => process.env.PAGES_OF_TEST.split(",").some(page => origin.startsWith(page))': 'https://env.shop.test.stranger.example'
  }
  for (const [written, stranger] of Object.entries(functions)) {
    const { exitCode, output } = await loadProject(t, `import corsPlugin from 'fastify-cors-policy'
      import { isAllowed } from './plugins/allowed${loaded + 1}.mjs'
      export default async app => {
        app.register(corsPlugin, { origin: isAllowed })
        app.get('/users', () => '')
      }`, { plugins: { [`allowed${loaded + 1}.mjs`]: `export const isAllowed = ${written}` } })
    t.equal(exitCode, 1)
    t.match(output, '! GET /users  name-as-prefix')
    t.match(output, stranger)
  }
})

t.test('a function that compares with a number is tried with what can be an origin', async t => {
  const { exitCode, output } = await loadProject(t, `import corsPlugin from 'fastify-cors-policy'
    export default async app => {
      app.register(corsPlugin, { origin: origin => origin.startsWith('http://192.168.1.5') })
      app.get('/users', () => '')
    }`)
  t.equal(exitCode, 1)
  t.match(output, /name-as-prefix\n.*http:\/\/192\.168\.1\.5\.stranger\.example/)
})

t.test('a function may name addresses, and ports whose look-alikes are others', async t => {
  const { exitCode, output, errors } = await loadProject(t, `import corsPlugin from 'fastify-cors-policy'
    const pages = ['http://192.0.2.1:8000', 'https://app.shop.test:80']
    export default async app => {
      app.register(corsPlugin, { origin: origin => pages.includes(origin) })
      app.get('/users', () => '')
    }`)
  t.equal(exitCode, 0, errors)
  t.match(output, '✓ Nothing found')
})

t.test('a policy without methods has none in the table', async t => {
  const { output } = await loadProject(t, `import corsPlugin from 'fastify-cors-policy'
    export default async app => {
      app.register(corsPlugin, { origin: 'https://app.shop.test', methods: [] })
      app.get('/users', () => '')
    }`)
  t.match(output, /app\.shop\.test +none /)
})

t.test('a fix for a route says that it goes into its config.cors', async t => {
  const { exitCode, output } = await loadProject(t, `import corsPlugin from 'fastify-cors-policy'
    export default async app => {
      app.register(corsPlugin, { origin: 'https://app.shop.test' })
      app.put('/users', { config: { cors: { methods: ['GET'] } } }, () => '')
    }`)
  t.equal(exitCode, 1)
  t.match(output, /Fix: .*config\.cors/)
})

t.test('a function that fails for every origin is a finding', async t => {
  const { exitCode, output } = await loadProject(t, `import corsPlugin from 'fastify-cors-policy'
    export default async app => {
      app.register(corsPlugin, { origin: () => lookup() })
      app.get('/users', () => '')
      app.get('/strict', { config: { cors: { origin: origin => { if (origin !== 'https://app.example.com') throw new Error('no'); return true } } } }, () => '')
    }`)
  t.equal(exitCode, 1)
  t.match(output, /! GET \/users {2}function-failed\n {4}The function failed for every origin that was tried/)
  t.notMatch(output, '! GET /strict')
})

t.test('an application that is not shown is told', async t => {
  const { output } = await loadProject(t, `import Fastify from 'fastify'
    const api = Fastify()
    api.get('/users', () => '')
    const admin = Fastify()
    admin.get('/admin', () => '')
    await Promise.all([api.listen(), admin.listen()])`)
  t.match(output, /^GET +\/users/m)
  t.match(output, /^! Another application of this file is not shown, that of GET \/admin/m)
})

t.test('a delegator that lets everybody in without cookies is no finding, and texts that only look like origins are not tried', async t => {
  const { exitCode, output } = await loadProject(t, `import corsPlugin from 'fastify-cors-policy'
    export default async app => {
      app.register(corsPlugin, { delegator: () => ({ origin: '*' }) })
      app.get('/users', () => 'https://999.999.999.999')
    }`)
  t.equal(exitCode, 0)
  t.match(output, '✓ Nothing found')
})

t.test('functions that know their origins are no finding; those of a route are tried too', async t => {
  const { exitCode, output } = await loadProject(t, `import corsPlugin from 'fastify-cors-policy'
    const allowed = new Set(['https://app.shop.test'])
    export default async app => {
      app.register(corsPlugin, { origin: origin => allowed.has(origin) })
      app.get('/users', () => '')
      app.put('/open', { config: { cors: { methods: ['PUT'], origin: origin => origin.endsWith('shop.test') } } }, () => '')
    }`)
  t.equal(exitCode, 1)
  t.match(output, '! PUT /open  name-as-suffix')
  t.notMatch(output, '! GET /users')
})
