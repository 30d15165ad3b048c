import t, { type Test } from 'tap'
import * as exported from '../../lib/index.js'
import { install, run } from '../installed.js'

const { folder, write } = install(t)

/** What a program prints as JSON. */
async function printed (t: Test, name: string, source: string): Promise<unknown> {
  const { code, output, errors } = await run(t, [write(name, source)], { cwd: folder })
  t.equal(errors, '')
  t.equal(code, 0)
  return JSON.parse(output)
}

/** What Node adds to the names that a CommonJS module exports. */
const ADDED = ['module.exports', '__esModule']

const forms = {
  'import corsPlugin from': ['mjs', 'import corsPlugin from "fastify-cors-policy"', 'corsPlugin'],
  'import { corsPlugin } from': ['mjs', 'import { corsPlugin } from "fastify-cors-policy"', 'corsPlugin'],
  'app.register(import()) in a module': ['mjs', '', 'import("fastify-cors-policy")'],
  'require()': ['cjs', '', 'require("fastify-cors-policy")'],
  'require().default': ['cjs', '', 'require("fastify-cors-policy").default'],
  'require().corsPlugin': ['cjs', '', 'require("fastify-cors-policy").corsPlugin'],
  'app.register(import()) in CommonJS': ['cjs', '', 'import("fastify-cors-policy")']
}

for (const [form, [extension, before, plugin]] of Object.entries(forms)) {
  t.test(`${form} gives the plugin`, async t => {
    const answers = await printed(t, `${form.replace(/\W+/g, '-')}.${extension}`, `
      ${extension === 'mjs' ? 'import Fastify from "fastify"' : 'const Fastify = require("fastify")'}
      ${before}
      const app = Fastify()
      app.register(${plugin}, { origin: 'https://page.example' })
      app.get('/', async request => request.cors)
      app.inject({ url: '/', headers: { origin: 'https://page.example' } })
        .then(({ headers, body }) => console.log(JSON.stringify([headers['access-control-allow-origin'], JSON.parse(body).reason])))
    `)
    t.strictSame(answers, ['https://page.example', 'origin-allowed'])
  })
}

t.test('import and require give every export', async t => {
  const names = Object.entries(exported).flatMap(([name, value]) => value === undefined || ADDED.includes(name) ? [] : [name]).sort()
  t.strictSame(
    ['CorsConfigError', 'CorsOptionsSchema', 'CorsPolicySchema', 'corsPlugin', 'default', 'parseCorsOptions'].filter(name => !names.includes(name)), []
  )
  const imported = await printed(t, 'names.mjs', `
    import * as all from 'fastify-cors-policy'
    console.log(JSON.stringify(Object.keys(all).filter(name => !${JSON.stringify(ADDED)}.includes(name)).sort()))
  `)
  t.strictSame(imported, names)
  const absent = await printed(t, 'names.cjs', `
    const all = require('fastify-cors-policy')
    console.log(JSON.stringify(${JSON.stringify(names)}.filter(name => all[name] === undefined)))
  `)
  t.strictSame(absent, [])
})

t.test('import and require share one copy', async t => {
  const same = await printed(t, 'one-copy.mjs', `
    import { createRequire } from 'node:module'
    import * as imported from 'fastify-cors-policy'
    const required = createRequire(import.meta.url)('fastify-cors-policy')
    let error
    try {
      imported.parseCorsOptions({ origin: '*', credentials: true })
    } catch (thrown) {
      error = thrown
    }
    console.log(JSON.stringify([
      error instanceof required.CorsConfigError,
      error.code,
      required === imported.default,
      Object.keys(imported).every(name => ${JSON.stringify(ADDED)}.includes(name) || required[name] === imported[name])
    ]))
  `)
  t.strictSame(same, [true, 'FST_CORS_INVALID_OPTIONS', true, true])
})

t.test('the schemas work with Fastify as they are', async t => {
  const status = await printed(t, 'schema.mjs', `
    import Fastify from 'fastify'
    import { CorsPolicySchema } from 'fastify-cors-policy'
    const app = Fastify()
    app.post('/', { schema: { body: CorsPolicySchema } }, async () => 'saved')
    const good = await app.inject({ method: 'POST', url: '/', body: { origin: ['https://a.example'] } })
    const bad = await app.inject({ method: 'POST', url: '/', body: { origin: [] } })
    console.log(JSON.stringify([good.statusCode, bad.statusCode]))
  `)
  t.strictSame(status, [200, 400])
})

t.test('a process loads what it uses: no schema library, and neither expressions nor public suffixes before they are asked for', async t => {
  const loaded = await printed(t, 'loaded.cjs', `
    const Fastify = require('fastify')
    const corsPlugin = require('fastify-cors-policy')
    const loaded = () => ['@sinclair/typebox', 'tldts', '@eslint-community/regexpp', 'on-need-']
      .filter(part => Object.keys(require.cache).some(file => file.replaceAll('\\\\', '/').includes(part)))
    const boot = async options => {
      const app = Fastify()
      app.register(corsPlugin, options)
      await app.ready()
      await app.close()
      return loaded()
    }
    const steps = async () => [
      await boot({ origin: ['https://app.example'], credentials: true }),
      await boot({ origin: /^https:\\/\\/[a-z]+\\.app\\.example$/ }),
      await boot({ origin: 'https://*.app.example', credentials: true })
    ]
    steps().then(all => console.log(JSON.stringify(all)))
  `)
  t.strictSame(loaded, [[], ['@eslint-community/regexpp', 'on-need-'], ['tldts', '@eslint-community/regexpp', 'on-need-']])
})

/** Options of every kind, right and wrong, as JavaScript. */
const OPTIONS = [
  '{ origin: "*" }', '{ origin: true }', '{ origin: false }', '{ origin: () => true }', '{ origin: /^https:\\/\\/a\\.example$/ }', '{}', 'undefined', '5',
  '{ origin: ["https://a.example", /^https:\\/\\/a\\.example$/] }', '{ origin: [] }', '{ origin: 5 }', '{ origin: [true] }', '{ origin: "https://a.example/" }',
  ...[
    'methods: "GET, PUT"', 'methods: ["GET"]', 'methods: 5', 'methods: [5]', 'allowedHeaders: "*"', 'exposedHeaders: {}', 'credentials: "yes"', 'maxAge: 600',
    'maxAge: 1.5', 'maxAge: -1', 'maxAge: 86401', 'maxAge: "600"', 'cacheControl: 60', 'cacheControl: ""', 'optionsSuccessStatus: 200',
    'optionsSuccessStatus: 300', 'preflight: null', 'enforce: "unsafe"', 'enforce: "some"', 'dangerouslyAllow: ["null-origin"]',
    'dangerouslyAllow: ["all"]', 'hook: "onSend"', 'hook: "onClose"', 'logLevel: "warn"', 'logLevel: 3', 'urls: /^\\/api/', 'urls: "/api"', 'delegator: () => ({})',
    'delegator: {}', 'audit: 1', 'orgin: "*"'
  ].map(option => `{ origin: "https://a.example", ${option} }`)
]

/** For each of the options, the codes and places of what is wrong. */
const JUDGE = `[${OPTIONS.join(', ')}].map(options => {
  try {
    return Object.keys(parseCorsOptions(options))
  } catch ({ issues }) {
    return issues.map(({ code, path }) => code + path)
  }
})`

t.test('the checks that were compiled when the package was built judge as the schema does', async t => {
  const judged = await printed(t, 'judged.mjs', `
    import { parseCorsOptions } from 'fastify-cors-policy'
    console.log(JSON.stringify(${JUDGE}))
  `)
  const { runInNewContext } = await import('node:vm')
  t.strictSame(judged, JSON.parse(JSON.stringify(runInNewContext(JUDGE, { parseCorsOptions: exported.parseCorsOptions }))))
  t.ok(JSON.stringify(judged).includes('invalid-type/maxAge'))
})

t.test('the schemas are those of the sources, and work with TypeBox', async t => {
  const [policy, options, checks] = await printed(t, 'typebox.mjs', `
    import { CorsOptionsSchema, CorsPolicySchema } from 'fastify-cors-policy'
    import { Kind } from '@sinclair/typebox'
    import { TypeCompiler } from '@sinclair/typebox/compiler'
    import { Value } from '@sinclair/typebox/value'
    const compiled = TypeCompiler.Compile(CorsPolicySchema)
    const good = { origin: ['https://a.example'], maxAge: 600 }
    const bad = { origin: ['https://a.example'], maxAge: 'long' }
    console.log(JSON.stringify([CorsPolicySchema, CorsOptionsSchema, [
      CorsPolicySchema[Kind], compiled.Check(good), compiled.Check(bad), Value.Check(CorsPolicySchema, good), Value.Check(CorsPolicySchema, bad)
    ]]))
  `) as unknown[]
  t.strictSame(checks, ['Object', true, false, true, false])
  t.strictSame(policy, JSON.parse(JSON.stringify(exported.CorsPolicySchema)))
  t.strictSame(options, JSON.parse(JSON.stringify(exported.CorsOptionsSchema)))
})

t.test('a stack trace names the functions of the plugin', async t => {
  const stack = await printed(t, 'stack.mjs', `
    import { parseCorsOptions } from 'fastify-cors-policy'
    try {
      parseCorsOptions({})
    } catch ({ stack }) {
      console.log(JSON.stringify(stack))
    }
  `)
  t.match(stack, /at parseCorsOptions \(.*fastify-cors-policy/)
})

t.test('no path inside the package can be reached but its entry points', async t => {
  const codes = await printed(t, 'inside.mjs', `
    import { createRequire } from 'node:module'
    const require = createRequire(import.meta.url)
    const inside = 'fastify-cors-policy/dist/index.js'
    const codes = [await import(inside).then(() => 'reached', error => error.code)]
    try {
      require(inside)
    } catch (error) {
      codes.push(error.code)
    }
    console.log(JSON.stringify([...codes, require('fastify-cors-policy/package.json').name]))
  `)
  t.strictSame(codes, ['ERR_PACKAGE_PATH_NOT_EXPORTED', 'ERR_PACKAGE_PATH_NOT_EXPORTED', 'fastify-cors-policy'])
})
