import t from 'tap'
import { install, run } from '../installed.js'

const { folder, write, link } = install(t)

for (const [name, before] of [
  ['browser.mjs', 'import { checkCors } from "fastify-cors-policy/browser"'],
  ['browser.cjs', 'const { checkCors } = require("fastify-cors-policy/browser")']
] as const) {
  t.test(`${name} gets checkCors from fastify-cors-policy/browser, without Fastify`, async t => {
    const { code, output, errors } = await run(t, [write(name, `
      ${before}
      const page = { origin: 'https://page.example', url: 'https://api.example/' }
      checkCors(page, async () => ({ status: 200, headers: [] })).then(({ allowed, reason }) => {
        const loaded = typeof require === 'undefined' ? [] : Object.keys(require.cache).filter(file => /fastify.fastify\\.js$/.test(file))
        console.log(JSON.stringify([allowed, reason, loaded]))
      })
    `)], { cwd: folder })
    t.equal(errors, '')
    t.equal(code, 0)
    t.strictSame(JSON.parse(output), [false, 'MissingAllowOriginHeader', []])
  })
}

const origins = [
  ['origins.mjs', 'import { cachedOrigins } from "fastify-cors-policy/origins"'],
  ['origins.cjs', 'const { cachedOrigins } = require("fastify-cors-policy/origins")']
] as const

t.test('cachedOrigins names the package that it lacks, and works once that is installed', async t => {
  const runAll = () => Promise.all(origins.map(([name, before]) => run(t, [write(name, `
    ${before}
    try {
      const origins = cachedOrigins({ lookup: origin => origin === 'https://page.example', ttl: 60 })
      Promise.resolve(origins('https://page.example', {})).then(answer => console.log(answer, origins('https://page.example', {})))
    } catch ({ code, message }) {
      console.log(code, message)
    }
  `)], { cwd: folder })))
  for (const { output } of await runAll()) t.match(output, /^FST_CORS_MISSING_CACHE .*npm install async-cache-dedupe@3/)
  link('async-cache-dedupe')
  for (const { output, errors } of await runAll()) {
    t.equal(errors, '')
    t.equal(output, 'true true\n')
  }
})

for (const [name, before] of [
  ['inspector.mjs', "import corsPlugin from 'fastify-cors-policy'\nimport corsInspector, { corsInspector as named } from 'fastify-cors-policy/inspector'\nimport Fastify from 'fastify'"],
  ['inspector.cjs', "const corsPlugin = require('fastify-cors-policy')\nconst { default: corsInspector, corsInspector: named } = require('fastify-cors-policy/inspector')\nconst Fastify = require('fastify')"]
] as const) {
  t.test(`${name} gets the inspector, default and named, with the files of its page`, async t => {
    const { errors, output } = await run(t, [write(name, `
      ${before}
      const app = Fastify()
      app.register(corsPlugin, { origin: 'https://page.example' })
      app.register(corsInspector)
      const paths = ['/_cors', '/_cors/assets/inspector.js', '/_cors/assets/inspector.css', '/_cors/assets/icon.svg']
      Promise.all(paths.map(url => app.inject(url))).then(answers => console.log(JSON.stringify([named === corsInspector, ...answers.map(({ statusCode }) => statusCode)])))
    `)], { cwd: folder })
    t.equal(errors, '')
    t.strictSame(JSON.parse(output), [true, 200, 200, 200, 200])
  })
}

t.test('without the inspector registered, nothing of it is loaded, and nothing runs', async t => {
  const { errors, output } = await run(t, [write('plain.cjs', `
    const { channel } = require('node:diagnostics_channel')
    const app = require('fastify')()
    app.register(require('fastify-cors-policy'), { origin: 'https://page.example' })
    app.get('/', () => 'hello')
    app.listen({ host: '127.0.0.1', port: 0 }).then(async url => {
      await fetch(url, { headers: { origin: 'https://page.example' } })
      console.log(JSON.stringify([
        Object.keys(require.cache).filter(file => /inspector|better-sse|httpxy/.test(file)),
        channel('http.server.request.start').hasSubscribers,
        app.server.listenerCount('request')
      ]))
      await app.close()
    })
  `)], { cwd: folder })
  t.equal(errors, '')
  t.strictSame(JSON.parse(output), [[], false, 1])
})
