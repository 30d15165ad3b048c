import t from 'tap'
import { install, run } from '../installed.js'

const { folder, write } = install(t)

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
