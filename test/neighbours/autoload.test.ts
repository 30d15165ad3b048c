import { join } from 'node:path'
import t, { type Test } from 'tap'
import { page, stranger } from '../helpers.js'
import { install, repository, run, start } from '../installed.js'
import { call } from './served.js'

const installation = install(t)
for (const name of ['@fastify/autoload', 'fastify-cli', 'fastify-plugin']) installation.link(name)
const cli = join(repository, 'node_modules', 'fastify-cli', 'cli.js')

/** An application as `fastify generate` makes it. */
const application = `
const { join } = require('node:path')
const autoload = require('@fastify/autoload')

module.exports = async function (fastify, options) {
  fastify.register(autoload, { dir: join(__dirname, 'plugins'), options: { ...options } })
  fastify.register(autoload, { dir: join(__dirname, 'routes'), options: { ...options } })
}
module.exports.options = { bodyLimit: 10, skipOverride: true }
`

const routes = `
module.exports = async function (fastify) {
  fastify.get('/', async () => 'hello')
  fastify.put('/', async request => request.body)
  fastify.put('/strangers', { config: { cors: { origin: '${stranger}' } } }, async () => 'hello')
}
`

/** Writes an application with a file in \`plugins\`. */
function write (name: string, plugin: string, ending = 'js'): string {
  const path = installation.write(join(name, 'app.js'), application)
  installation.write(join(name, 'routes', 'users', 'index.js'), routes)
  installation.write(join(name, 'plugins', `cors.${ending}`), plugin)
  return path
}

const environment = { PORT: '0', NODE_ENV: 'development' }

async function serve (t: Test, path: string, ...args: string[]): Promise<string> {
  const { says } = start(t, [cli, 'start', '-l', 'info', path, ...args], { cwd: installation.folder, env: environment })
  return String(/http:\/\/127\.0\.0\.1:\d+/.exec(await says(/http:\/\/127\.0\.0\.1:\d+/))?.[0])
}

const wrapped = (options: string): string => `
const fp = require('fastify-plugin')
module.exports = fp(async (fastify, options) => {
  fastify.register(require('fastify-cors-policy'), ${options})
})
`

const forms = {
  'with options of its own': [wrapped(`{ origin: '${page}', methods: ['PUT'] }`), 'js'],
  'with autoConfig': [`export { default } from 'fastify-cors-policy'\nexport const autoConfig = { origin: '${page}', methods: ['PUT'] }`, 'mjs']
} as const

for (const [form, [plugin, ending]] of Object.entries(forms)) {
  t.test(`a plugin file ${form} covers the routes beside it`, async t => {
    const server = await serve(t, write(form.replaceAll(' ', '-'), plugin, ending))
    t.match(await call(server, 'PUT /users', { headers: { 'content-type': 'application/json' }, body: '{"a":1}' }), { allowed: true, preflight: 204, status: 200, body: '{"a":1}' })
    t.match(await call(server, 'PUT /users/strangers', { origin: stranger }), { allowed: true, preflight: 204, status: 200, body: 'hello' }, 'config.cors, without an await')
    t.match(await call(server, 'PUT /users/strangers'), { allowed: false, preflight: 403, status: null })
    t.match(await call(server, 'PUT /nowhere'), { allowed: false, preflight: 404, status: null }, 'fastify-cli registers the application in a context of its own, below the root')
  })
}

t.test('with --options, what the file exports reaches the server, and not the policy', async t => {
  const server = await serve(t, write('limited', forms['with options of its own'][0]), '--options', '--', '--audience', 'all')
  t.match(await call(server, 'PUT /users', { headers: { 'content-type': 'application/json' }, body: '{"text":"more than ten bytes"}' }), { allowed: true, preflight: 204, status: 413 })
  t.match(await call(server, 'PUT /nowhere'), { allowed: true, preflight: 204, status: 404 }, 'with skipOverride, the application is at the root')
})

t.test('where options of the application are spread into those of CORS, the message names the strangers among them', async t => {
  const spread = write('spread', wrapped(`{ origin: '${page}', ...options }`))
  const merged = write('merged', forms['with autoConfig'][0], 'mjs')
  for (const path of [spread, merged]) {
    const { code, output, errors } = await run(t, [cli, 'start', '--options', path, '--', '--audience', 'all'], { cwd: installation.folder, env: environment })
    t.not(code, 0)
    for (const option of ['bodyLimit', 'skipOverride', 'audience']) t.match(output + errors, `unknown option '${option}'`, option)
    t.match(output + errors, 'Take no options of the application, ...options, among those of CORS')
  }
  const { errors } = await run(t, [cli, 'start', '--prefix', '/api', spread], { cwd: installation.folder, env: environment })
  t.match(errors, /prefix has no effect here: .*\.\.\.options/)
  const works = await serve(t, spread)
  t.match(await call(works, 'GET /users'), { allowed: true, status: 200, body: 'hello' }, 'without --options there are none')
})

t.test('of a plugin file without fastify-plugin, a line in the log says what is missing', async t => {
  const path = write('alone', `module.exports = async fastify => { await fastify.register(require('fastify-cors-policy'), { origin: '${page}' }) }`)
  const { says } = start(t, [cli, 'start', '-l', 'info', path], { cwd: installation.folder, env: environment })
  t.match(await says(/listening/), /covers no route: a plugin file without fastify-plugin keeps it to itself/)
})
