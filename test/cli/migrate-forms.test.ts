import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { migrate } from './migrate/migrated.js'
import { run } from './terminal.js'

/** A file, a part of what it becomes, and the codes of the remarks. */
type Form = readonly [name: string, source: string, expected: string | readonly string[], remarks?: readonly string[]]

function holds (t: Test, forms: readonly Form[], file = 'app.js'): void {
  for (const [name, source, expected, remarks = []] of forms) {
    t.test(name, async t => {
      const migrated = await migrate(t, source, file)
      for (const part of [expected].flat()) t.ok(migrated.source.includes(part), `${part}\nin\n${migrated.source}`)
      t.strictSame(migrated.remarks.map(({ code }) => code).sort(), [...remarks].sort())
    })
  }
}

/** Options of a registration. */
const options = (text: string, before = ''): string => `const cors = require('@fastify/cors')\n${before}\napp.register(cors, ${text})\n`
const origin = (text: string, before = ''): string => options(`{ origin: ${text} }`, before)

t.test('however the plugin is loaded, it is found', async t => holds(t, [
  ['import', 'import cors from \'@fastify/cors\'; app.register(cors)', 'import cors from \'fastify-cors-policy\'; app.register(cors, { origin: \'*\' })'],
  ['import of all', 'import * as cors from "@fastify/cors"; app.register(cors.default)', ['"fastify-cors-policy"', 'register(cors.default, {']],
  ['import by name', 'import { fastifyCors as cors } from \'@fastify/cors\'; app.register(cors)', '{ corsPlugin as cors }'],
  ['import by the name default', 'import { default as cors } from \'@fastify/cors\'; app.register(cors)', '{ default as cors } from \'fastify-cors-policy\''],
  ['import by a quoted name', 'import { "fastifyCors" as cors } from \'@fastify/cors\'; app.register(cors)', '{ corsPlugin as cors }'],
  ['import by a name that is not here', 'import cors, { FastifyCorsHook } from \'@fastify/cors\'; app.register(cors)', 'register(cors, {', ['unknown-import']],
  ['require', 'app.register(require(\'@fastify/cors\'))', 'require(\'fastify-cors-policy\'), {'],
  ['require with a name', 'const { fastifyCors } = require(\'@fastify/cors\'), { other } = {}; app.register(fastifyCors)', '{ corsPlugin: fastifyCors }'],
  ['require with default', 'app.register(require(\'@fastify/cors\').default)', '.default, {'],
  ['require with a member', 'app.register(require(\'@fastify/cors\').fastifyCors)', '.corsPlugin, {'],
  ['import()', 'await app.register(await import(\'@fastify/cors\'))', 'await import(\'fastify-cors-policy\'), {'],
  ['in a class', 'class Server { plugin = require(\'@fastify/cors\') }', 'plugin = require(\'fastify-cors-policy\')', ['not-registered']],
  ['other modules and members stay', 'const a = require(\'a\'), b = other.fastifyCors, c = load(\'@fastify/cors\'), d = require(a); app.register(require(\'@fastify/cors\')); app.register(a); app.register()', ['require(\'a\')', 'other.fastifyCors', 'load(\'@fastify/cors\')']]
]))

t.test('TypeScript is read, too', async t => holds(t, [
  ['import =', 'import cors = require(\'@fastify/cors\')\nimport other = require(\'other\')\nimport alias = other.alias\napp.register(cors as any, { origin: \'https://a.example\' } satisfies object)', 'import cors = require(\'fastify-cors-policy\')'],
  ['import type', 'import cors from \'@fastify/cors\'\nimport type { FastifyCorsOptions } from \'@fastify/cors\'\nclass A { constructor (private readonly app: App, { list: [a, , b], ...rest }: Rest = {}) {} }\napp.register(cors)', 'import type { CorsOptions as FastifyCorsOptions }'],
  ['assertions', 'import cors from \'@fastify/cors\'\nconst list = <const>[\'https://a.example/\']\napp.register(cors, <any>{ origin: list! })', 'origin: list!', ['origin-invalid']]
], 'app.ts'))

t.test('TypeScript with JSX is read', async t => holds(t, [
  ['tsx', 'import cors from \'@fastify/cors\'\nconst page = <p>Hello</p>\napp.register(cors as never)', 'register(cors as never, {']
], 'app.tsx'))

t.test('values that are known are checked', async t => holds(t, [
  ['undefined', options('{ origin: undefined, credentials: true }'), 'origin: undefined', ['origin-missing']],
  ['null', origin('null'), 'origin: null', ['invalid-type']],
  ['template literals', origin('`https://a.example/`'), '`https://a.example/`', ['origin-invalid']],
  ['template literals with parts', origin(`\`https://$${'{host}'}\``), '://$', ['unknown-value']],
  ['expressions that are none', origin('/(/'), '/(/', ['unknown-value']],
  ['negation', options('{ origin: \'https://a.example\', credentials: !dev, maxAge: -5 }'), 'maxAge: -5', ['unknown-value']],
  ['sums', options('{ origin: \'https://a.example\', maxAge: 60 + 60 }'), '60 + 60', ['unknown-value']],
  ['spread items, and holes', origin('[, ...list, ...more]', 'const list = [\'https://a.example/\']'), '...more', ['origin-invalid', 'unknown-value']],
  ['only unknown items', origin('[one, two]'), '[one, two]', ['unknown-value']],
  ['frozen lists', origin('Object.freeze([\'a.example\'])'), 'freeze', ['origin-invalid']],
  ['sets', origin('new Set([\'a.example\'])'), 'Set', ['origin-invalid']],
  ['other objects', origin('new List()'), 'List', ['unknown-value']],
  ['an empty set', origin('new Set()'), 'Set', ['unknown-value']],
  ['lists in a text', origin('\'https://a.example,b.example\'.split(\',\')'), 'split', ['origin-invalid']],
  ['a text that is not known', origin('text.split(separator)'), 'split', ['unknown-value']],
  ['other methods', origin('list.toSorted(by)', 'const list = [\'https://a.example\']'), 'toSorted', ['unknown-value']],
  ['calls', origin('origins()'), 'origins()', ['unknown-value']],
  ['filter of what is no list', origin('(dev ? [\'https://a.example\'] : \'https://b.example\').filter(Boolean)'), 'filter', []],
  ['a name that leads to itself', origin('a', 'const a = b, b = a'), 'origin: a', ['unknown-value']],
  ['lists that lead to each other', origin('a', 'const a = [...b], b = [...a]'), 'origin: a', ['unknown-value']],
  ['a variable that is assigned again', origin('list', 'let list = [\'x\']\nlist = load()'), 'origin: list', ['unknown-value']],
  ['a variable without a value', origin('list', 'let list'), 'origin: list', ['unknown-value']],
  ['a part of an object that is changed', origin('config.origin', 'const config = { origin: \'x\' }\nconfig.origin = \'https://a.example\''), 'config.origin', ['unknown-value']],
  ['a part of an object that is computed', origin('config[name]', 'const config = { origin: \'x\' }'), 'config[name]', ['unknown-value']],
  ['a part of an object that is not there', origin('config.origins', 'const config = { origin () {} }'), 'config.origins', ['unknown-value']],
  ['destructured names', origin('a', 'const { a, ...b } = config'), 'origin: a', ['unknown-value']],
  ['several unknown parts', options('{ origin: [A, B], methods: METHODS }'), '[A, B]', ['unknown-value', 'unknown-value']],
  ['patterns', origin('[\'https://a.example\', \'https://*.a.example\', \'*.b.example\', \'http://localhost:*\']'), 'https://*.a.example', ['origin-pattern', 'origin-pattern', 'origin-invalid']],
  ['a list of which nothing is left', origin('(process.env.ORIGINS ?? \'\').split(\',\').filter(Boolean)'), 'filter', ['unknown-value']],
  ['many combinations', options('{ origin: a ? \'https://a.example\' : \'https://b.example\', credentials: a === b, preflight: a === b, strictPreflight: a === b, timingAllowOrigin: a === b, privateNetwork: a === b, audit: a === b, hideOptionsRoute: a === b }'), 'audit', []]
]))

t.test('options from elsewhere are kept, with a remark', async t => holds(t, [
  ['a parameter', 'const cors = require(\'@fastify/cors\')\nmodule.exports = (app, options) => app.register(cors, options)', 'register(cors, options)', ['unknown-options']],
  ['a spread one', options('{ ...defaults }'), '{ ...defaults }', ['unknown-options']],
  ['a computed name', options('{ [name]: 1, \'origin\': \'https://a.example\' }'), '[name]', ['unknown-options']],
  ['a function of the file', options('corsOptions()', 'function corsOptions () { return { origin: \'https://a.example\', maxAge: null } }'), 'return { origin: \'https://a.example\' }'],
  ['a function from elsewhere', options('corsOptions()'), 'corsOptions()', ['unknown-options']],
  ['options that are used twice', 'const cors = require(\'@fastify/cors\')\nconst options = { maxAge: null }\na.register(cors, options)\nb.register(cors, options)', 'const options = { origin: \'*\', }'],
  ['a delegator from elsewhere', options('{ delegator }'), '{ delegator }'],
  ['a delegator whose result is not known', options('{ delegator: async request => find(request) }'), 'origin: \'*\', delegator', ['unknown-options']]
]))

t.test('properties are removed and added in the layout of the object', async t => holds(t, [
  ['all of them', options('{ maxAge: null, exposedHeaders: null }'), '{ origin: \'*\', }'],
  ['the first', options('{ maxAge: null, origin: \'https://a.example\' }'), '{ origin: \'https://a.example\' }'],
  ['all behind a callback', options('{ origin: (o, cb) => cb(o === \'https://a.example\' ? null : new Error(\'no\'), true), maxAge: null }'), '{ origin: \'https://a.example\', enforce: \'unsafe\' }', ['callback-error']],
  ['where there is no space', options('{credentials:false}'), '{ origin: \'*\',credentials:false}']
]))

t.test('callbacks of the usual forms become lists', async t => holds(t, [
  ['==', origin('(o, cb) => cb(null, "https://a.example" == o)'), 'origin: "https://a.example"'],
  ['!==', origin('(o, cb) => { if (o !== \'https://a.example\') cb(null, false); else cb(null, true) }'), 'origin: \'https://a.example\''],
  ['=== undefined', origin('(o, cb) => { if (o === undefined || o === null) return cb(null, true); cb(null, o === \'https://a.example\') }'), 'origin: \'https://a.example\''],
  ['typeof', origin('(o, cb) => { if (typeof o === \'undefined\' || typeof o !== \'string\') { return cb(null, true) } return cb(null, list.has(o)) }', 'const list = new Set([\'https://a.example\'])'), '[...list]'],
  ['indexOf < 0', origin('(o, cb) => { if (list.indexOf(o) < 0) { cb(new Error(\'no\')) } else { cb(null, o) } }', 'const list = [\'https://a.example\']'), 'origin: list', ['callback-error']],
  ['indexOf === -1', origin('(o, cb) => list.indexOf(o) === -1 ? cb(\'no\') : cb(null, true)', 'const list = [\'https://a.example\']'), 'origin: list', ['callback-error']],
  ['match', origin('(o, cb) => cb(null, Boolean(o && o.match(/^https:\\/\\/a\\.example$/)))'), 'origin: /^https'],
  ['new RegExp', origin('(o, cb) => cb(null, new RegExp(pattern).test(o))'), 'origin: new RegExp(pattern)', ['unknown-value']],
  ['some with ===', origin('(o, cb) => cb(null, list.some(item => item === o) || other.some(item => o === item))', 'const list = [\'https://a.example\'], other = [\'https://b.example\']'), '[...list, ...other]'],
  ['some with match', origin('(o, cb) => cb(null, list.some(item => o.match(item)))', 'const list = [/^https:\\/\\/a\\.example$/]'), 'origin: list'],
  ['a condition as the error, without a result', origin('(o, cb) => cb(o === \'https://a.example\' ? null : new Error(\'no\'))'), 'origin: false', ['callback-error']],
  ['!!', origin('(o, cb) => cb(null, !!list.includes(o))', 'const list = [\'https://a.example\']'), 'origin: list'],
  ['a text as the result', origin('(o, cb) => cb(null, \'https://a.example\')'), 'origin: \'https://a.example\''],
  ['a list as the result', origin('(o, cb) => cb(null, list)', 'const list = [\'https://a.example\']'), 'origin: list'],
  ['a condition as the result', origin('(o, cb) => { cb(null, o === \'https://a.example\' ? o : null) }'), 'origin: \'https://a.example\''],
  ['nothing as the result', origin('(o, cb) => { void cb(null) }'), 'origin: false'],
  ['nothing at all', origin('(o, cb) => cb()'), 'origin: false'],
  ['false in place of an error', origin('(o, cb) => cb(false, o === \'https://a.example\')'), 'origin: \'https://a.example\''],
  ['everything but', origin('(o, cb) => cb(null, o !== \'https://a.example\')'), 'origin: (o) => o !== \'https://a.example\''],
  ['not the ones in two lists', origin('(o, cb) => cb(null, !(a.includes(o) && b.includes(o)))', 'const a = [\'https://a.example\'], b = [\'https://b.example\']'), '(o) => !(a.includes(o) && b.includes(o))'],
  ['a list of the function', origin('(o, cb) => { const list = [\'https://a.example\']; cb(null, list.includes(o)) }'), 'origin: [\'https://a.example\']'],
  ['a list in the environment', origin('(o, cb) => cb(null, (process.env.ORIGINS ?? \'\').split(\',\').includes(o))'), 'origin: (process.env.ORIGINS ?? \'\').split(\',\')', ['unknown-value', 'origin-invalid']],
  ['an assignment', origin('(o, cb) => { let ok = false; ok = o === \'https://a.example\'; cb(null, ok) }'), 'origin: \'https://a.example\''],
  ['a branch without an answer of its own', origin('(o, cb) => { if (!o) { } cb(null, o === \'https://a.example\') }'), 'origin: \'https://a.example\''],
  ['one function that returns a list', origin('async o => [\'https://a.example\']'), 'origin: [\'https://a.example\']']
]))

t.test('what is no list stays a function that returns', async t => holds(t, [
  ['a list that grows', origin('(o, cb) => cb(null, list.includes(o))', 'const list = []\nlist.push(\'x\')'), '(o) => list.includes(o)'],
  ['a list of the request', origin('function (o, cb) { cb(null, this.origins.includes(o)) }'), 'function (o) { return this.origins.includes(o) }'],
  ['a list without a value', origin('(o, cb) => { let list; cb(null, list.includes(o)) }'), 'return list.includes(o)'],
  ['an async function that returns its origin after something else', origin('async o => { log(o); return o }'), 'return true'],
  ['a name for nothing that is known', origin('(o, cb) => cb(null, enabled)'), '(o) => enabled', ['origin-result']],
  ['a number', origin('(o, cb) => cb(null, -o)'), '(o) => -o', ['origin-result']],
  ['match of another', origin('(o, cb) => cb(null, text.match(o) || o.match(text))'), 'o.match(text)', ['origin-result']],
  ['no answer for some', origin('(o, cb) => { if (o === \'https://a.example\') cb(null, true) }'), 'return true'],
  ['no answer without an origin', origin('(o, cb) => { if (!o) return; cb(null, o === \'https://a.example\') }'), 'if (!o) return; return o ==='],
  ['an answer on one side', origin('(o, cb) => { o ? cb(null, true) : check(o, cb) }'), 'new Promise(', ['callback-wrapped']],
  ['a list that has to be waited for', origin('async (o, cb) => { cb(null, (await list()).includes(o)) }'), 'async (o) => { return (await list()).includes(o) }'],
  ['a list of a call', origin('(o, cb) => cb(null, list().includes(o))'), '(o) => list().includes(o)'],
  ['a list of a member', origin('(o, cb) => cb(null, lists[o].includes(o) || lists?.[o].includes(o))'), 'lists[o].includes(o)', ['origin-result']],
  ['a part of a text', origin('(o, cb) => cb(null, \'https://a.example,https://b.example\'.includes(o))'), '(o) => \'https://a.example,https://b.example\'.includes(o)'],
  ['test of something else', origin('(o, cb) => cb(null, checker.test(o))'), '(o) => checker.test(o)'],
  ['another method', origin('(o, cb) => cb(null, Boolean(checker.find(o)))'), 'Boolean(checker.find(o))'],
  ['some with another function', origin('(o, cb) => cb(null, list.some(() => true) || list.some(item => { return item === o }) || list.some(item => o.includes(item)) || list.some(item => same(item, o)) || list.some(item => item.test()) || list.some(check))', 'const list = []'), 'list.some(check)', ['loose-check']],
  ['another comparison', origin('(o, cb) => cb(null, o > \'https://\' && typeof o === kind && a === b && list.indexOf(o) > 3 && list.size() > 3 && o === o.trim())'), 'list.indexOf(o) > 3'],
  ['includes of another', origin('(o, cb) => cb(null, list.includes(host) || check() || new URL(o).host === \'a.example\')', 'const list = []'), 'list.includes(host)', ['origin-result']],
  ['a loop', origin('(o, cb) => { for (const item of list) { if (item === o) { cb(null, true); return; } } cb(null, false); }'), 'return true; } } return false; }'],
  ['a switch', origin('(o, cb) => { switch (o) { case \'https://a.example\': cb(null, true); break; default: cb(null, false) } }'), 'return true; break;'],
  ['an error that was caught', origin('(o, cb) => { try { cb(null, check(o) === true) } catch (error) { cb(error) } }'), 'catch (error) { throw error }'],
  ['a first parameter that is taken apart', origin('({ length }, cb) => cb(null, length > 3)'), '({ length }) => length > 3'],
  ['a result that is no condition', origin('(o, cb) => { log(o); cb(null, find(o)) }'), 'return find(o)', ['origin-result']],
  ['a text and a list, after something else', origin('(o, cb) => { log(o); if (x) return cb(null, \'https://a.example\'); if (y) return cb(null, list); cb(null) }', 'const list = [\'https://a.example\']'), ['return origin === \'https://a.example\'', 'return list.includes(origin)', 'return false']],
  ['a condition as the error', origin('(o, cb) => { log(o); cb(ok(o) ? null : new Error(\'no\'), true) }'), 'return ok(o) ? true : false', ['callback-error']],
  ['a comparison as the error', origin('(o, cb) => { log(o); cb(o === a ? null : new Error(\'no\'), true) }'), 'return o === a', ['callback-error']],
  ['a function without parameters', origin('() => true'), 'origin: true'],
  ['a function with three', origin('(o, request, cb) => { cb(null, request.ip === o) }'), 'new Promise(', ['callback-wrapped']],
  ['a callback that is handed on', origin('(o, cb) => { check(o, cb) }'), 'new Promise(', ['callback-wrapped']],
  ['a callback that is handed on, beside answers', origin('(o, cb) => { if (!o) return cb(null, true); check(o, cb) }'), 'new Promise(', ['callback-wrapped']],
  ['an answer before something else', origin('(o, cb) => { cb(null, true); log(o) }'), 'new Promise(', ['callback-wrapped']],
  ['an answer before a value', origin('(o, cb) => { cb(null, true); return 1 }'), 'new Promise(', ['callback-wrapped']],
  ['an error in a condition', origin('(o, cb) => { log(o); o ? cb(null, true) : cb(error) }'), 'new Promise(', ['callback-wrapped']],
  ['an error in an expression', origin('(o, cb) => cb(error)'), 'new Promise(', ['callback-wrapped']],
  ['a method', options('{ origin (o, cb) { check(o, cb) } }'), 'origin: origin => new Promise((resolve, reject) => (function (o, cb) {', ['callback-wrapped']],
  ['an async method', options('{ async origin (o, cb) { await check(o, cb) } }'), 'origin: origin => new Promise((resolve, reject) => (async function (o, cb) {', ['callback-wrapped']],
  ['a function that is used twice', 'const cors = require(\'@fastify/cors\')\nfunction check (o, cb) { log(o); cb(null, true) }\na.register(cors, { origin: check })\nb.register(cors, { origin: check })', 'function check (o) { log(o); return true }'],
  ['a part of the host', origin('(o, cb) => { const { hostname } = new URL(o), host = hostname, same = a => a === o; let unset; cb(null, host.endsWith(\'example.com\') || new URL(o).host.endsWith(domain) || host.endsWith(\'.example.com\')) }'), 'host.endsWith', ['loose-check']],
  ['items that an origin begins with', origin('(o, cb) => cb(null, list.some(item => o.startsWith(item)))', 'const list = []'), 'list.some', ['loose-check']],
  ['expressions that match too much', origin('(o, cb) => { log(o); cb(null, /localhost/.test(o) || !!o.match(/a.example$/) || /./.test(host)) }'), '/localhost/', ['origin-regexp-unanchored', 'origin-regexp-loose']],
  ['a part of the host that anybody can have', origin('(o, cb) => { let host = \'\'; try { host = new URL(o).hostname } catch { cb(null, false); return } cb(null, host.endsWith(\'.vercel.app\') || host.endsWith(\'.a.example\')) }'), 'host.endsWith', ['loose-check']],
  ['assignments of other kinds', origin('(o, cb) => { let ok = false; ok ||= list.includes(o); [ok] = [ok]; cb(null, ok === true) }', 'const list = [\'https://a.example\']'), 'return ok === true'],
  ['an assignment to several', origin('(o, cb) => { let ok = false; [ok] = [true]; cb(null, ok === true) }'), 'return ok === true'],
  ['names and functions that are conditions', origin('(o, cb) => { log(o); const ok = list.has(o) || check(o); cb(ok ? null : new Error(\'no\'), ok) }', 'const list = new Set([\'https://a.example\'])\nfunction check (o) { if (!o) return false; return o === \'https://b.example\' ? true : o.endsWith(\'.c.example\') }'), 'return ok ? ok : false', ['callback-error']],
  ['functions that are none', origin('(o, cb) => { log(o); cb(null, later(o) || nothing(o) || one(o)) }', 'async function later () { return true }\nfunction nothing () {}\nfunction one (o) { return one(o) }'), 'return later(o)', ['origin-result']],
  ['startsWith of a scheme', origin('o => o.startsWith(\'https://\') || o.startsWith(prefix) || o.endsWith(\'.example\') || o.at(0) === 1 || o.trim(\'x\')'), 'startsWith', ['loose-check', 'loose-check', 'origin-result']]
]))

t.test('delegators become lists where they check and reflect', async t => holds(t, [
  ['in a member with quotes', options('() => (r, cb) => cb(null, r.headers[\'origin\'] === \'https://a.example\' ? { origin: true } : { origin: false })'), 'register(cors, () => ({ origin: \'https://a.example\' }))'],
  ['turned around', options('{ delegator: async r => { const o = r.raw.headers.origin ?? \'\'; if (!list.includes(o)) return { origin: false }; return { origin: true, credentials: true } } }', 'const list = [\'https://a.example\']'), '{ origin: list, credentials: true }'],
  ['with lists', options('() => { return async r => list.includes(r.headers.origin || \'\') ? { origin: list } : { origin: \'https://b.example\' } }', 'const list = [\'https://a.example\']'), 'async r =>'],
  ['with lists for all', options('() => { return async r => list.includes(r.headers.origin) ? { origin: list } : { origin: false } }', 'const list = [\'https://a.example\']'), 'async r =>'],
  ['with other options for each', options('() => async r => list.includes(r.headers.origin) ? { origin: true, maxAge: 1 } : { origin: \'https://b.example\', maxAge: 2 }', 'const list = [\'https://a.example\']'), '{ delegator: async r =>'],
  ['with what the parser refuses', options('() => async r => list.includes(r.headers.origin) ? { origin: true, credentials: true } : { origin: false }', 'const list = [\'http://a.example\']'), '{ origin: list, credentials: true }', ['origin-insecure-with-credentials']],
  ['for all but some', options('() => async r => list.includes(r.headers.origin) ? { origin: false } : { origin: true }', 'const list = [\'https://a.example\']'), '{ delegator: async r =>'],
  ['for nobody', options('() => async r => r.url === \'/\' ? { origin: false } : { origin: false }'), '{ delegator: async r =>'],
  ['with an origin that is not known', options('() => async r => list.includes(r.headers.origin) ? { origin: found } : { origin: false }', 'const list = [\'https://a.example\']'), '{ delegator: async r =>', ['unknown-value']],
  ['with options that are computed', options('() => async r => list.includes(r.headers.origin) ? { origin: true, [name]: 1 } : { origin: false }', 'const list = [\'https://a.example\']'), '{ delegator: async r =>', ['unknown-options']],
  ['in a block', options('() => { return async r => list.includes(r.headers.origin) ? { origin: true } : { origin: false } }', 'const list = [\'https://a.example\']'), '{ return { origin: list } }'],
  ['with options that are spread', options('() => async r => list.includes(r.headers.origin) ? { ...base, origin: true } : { origin: false }', 'const list = [\'https://a.example\'], base = {}'), '{ delegator: async r =>'],
  ['with options of the request', options('() => async r => list.includes(r.headers.origin) ? { origin: true, maxAge: r.age } : { origin: false }', 'const list = [\'https://a.example\']'), '{ delegator: async r =>', ['unknown-value']],
  ['without an origin', options('() => async r => list.includes(r.headers.origin) ? { maxAge: 5 } : { origin: false }', 'const list = [\'https://a.example\']'), '{ origin: \'*\', delegator: async r =>'],
  ['by an assignment to a part of the options', options('() => (r, cb) => { const o = { origin: false, credentials: true }; if (list.includes(r.headers.origin)) { o.origin = true } cb(null, o) }', 'const list = [\'https://a.example\']'), '{ origin: list, credentials: true }'],
  ['not by one that is refused', options('() => (r, cb) => { const o = { ...more, origin: false, credentials: true }; if (r.ip === \'::1\') o.origin = true; cb(null, o) }'), '{ delegator: (r) =>', ['origin-any-with-credentials', 'unknown-options']],
  ['not by an assignment to other parts', options('() => (r, cb) => { const o = { origin: false }; o.maxAge = 5; if (list.includes(r.headers.origin)) { o.origin = true } cb(null, o) }', 'const list = [\'https://a.example\']'), '{ delegator: (r) =>'],
  ['not by an assignment to what is no object', options('() => (r, cb) => { x.origin = true; cb(null, { origin: \'https://a.example\' }) }'), '{ delegator: (r) =>'],
  ['not by an assignment of a part that is not there', options('() => (r, cb) => { const o = { credentials: true }; o.origin = list; cb(null, o) }', 'const list = [\'https://a.example\']'), '{ origin: \'*\', delegator: (r) =>'],
  ['by something else', options('() => async r => { if (r.headers.host === \'a\' || request.headers.origin === \'b\' || origin === \'c\' || other === \'d\' || r.ip === \'e\' || getHeaders().origin === \'f\') return { origin: true }; return { origin: false } }', 'const { other } = config'), '{ delegator: async r =>'],
  ['by another header that is called so', options('() => async r => { const { origin } = r.query; let unset; return origin === unset ? { origin: true } : { origin: false } }'), '{ delegator: async r =>'],
  ['by a function without a request', options('() => async () => x === \'https://a.example\' ? { origin: true } : { origin: false }'), '{ delegator: async () =>']
]))

t.test('other delegators return', async t => holds(t, [
  ['one that answers with an error', options('() => (r, cb) => { if (!r.ip) { cb(error); return }; cb(null, { origin: \'https://a.example\' }) }'), ['throw error', 'return { origin: \'https://a.example\' }']],
  ['one that answers with nothing', options('() => (r, cb) => { if (!r.ip) { cb(null); return }; cb(null, { origin: \'https://a.example\' }) }'), 'return {}'],
  ['one that is an expression', options('() => (r, cb) => cb(null, { origin: \'https://a.example\', maxAge: null })'), '({ delegator: (r) => ({ origin: \'https://a.example\' }) })'],
  ['one with a choice', options('() => (r, cb) => cb(null, r.ip ? { origin: \'https://a.example\', } : { origin: \'https://b.example\' })'), '(r) => r.ip ? {'],
  ['one that has a name', options('{ delegator: choose }', 'function choose (r, cb) { log(r); cb(null, { origin: \'https://a.example\' }) }'), 'function choose (r) { log(r); return {'],
  ['one that is a method', options('{ delegator (r, cb) { log(r); cb(null, { origin: \'https://a.example\' }) } }'), 'delegator (r) { log(r); return {'],
  ['one in options that are used twice', 'const cors = require(\'@fastify/cors\')\nconst options = { delegator: (r, cb) => cb(null, { origin: r.ip }) }\na.register(cors, options)\nb.register(cors, options)', 'const options = { delegator: (r) => ({ origin: r.ip }) }', ['unknown-value']],
  ['one that is used twice', 'const cors = require(\'@fastify/cors\')\nfunction choose (r, cb) { log(r); cb(null, { origin: \'https://a.example\' }) }\na.register(cors, () => choose)\nb.register(cors, { hook: \'onSend\', delegator: choose })', '({ delegator: choose })']
]))

t.test('routes take back what the registration has', async t => holds(t, [
  ['headers to read', `${options('{ origin: \'https://a.example\', exposedHeaders: [\'ETag\'] }')}app.get('/', { config: { cors: { exposedHeaders: null } } }, h)`, 'cors: { exposedHeaders: [] }'],
  ['others', `${options('{ origin: \'https://a.example\', maxAge: 5 }')}app.get('/', { config: { cors: { maxAge: null }, other: 1, config: 1, ...more } }, h)`, 'cors: { }', ['route-null']],
  ['any origin beside enforce', `${origin('(o, cb) => o === \'https://a.example\' ? cb(null, true) : cb(new Error())')}app.get('/', { config: { cors: { origin: true } } }, h)`, 'origin: true, enforce: false', ['callback-error', 'route-preflights']],
  ['a callback with an error', `${origin('\'https://b.example\'')}app.get('/', { config: { cors: { origin: (o, cb) => { if (o !== 'https://a.example') return cb(Error('no'), false); cb(null, true) } } } }, h)`, 'cors: { origin: \'https://a.example\', enforce: \'unsafe\' }', ['callback-error', 'route-preflights']]
]))

t.test('an OPTIONS route keeps preflightContinue', async t => holds(t, [
  ['route()', `${options('{ origin: \'https://a.example\', preflightContinue: true }')}app.route({ method: ['GET', 'OPTIONS'], url: '/', handler })`, 'preflightContinue: true'],
  ['all()', `${options('{ origin: \'https://a.example\', preflightContinue: true }')}app.all('/', handler)`, 'preflightContinue: true'],
  ['another method', `${options('{ origin: \'https://a.example\', preflightContinue: proxied }')}app.route({ method: 'GET', url: '/', handler })`, '{ origin: \'https://a.example\' }', ['preflight-continue']],
  ['false', options('{ origin: \'https://a.example\', preflightContinue: false }'), 'preflightContinue: false']
]))

/** A file of NestJS on Fastify. */
const nest = (lines: string, adapter = 'new FastifyAdapter()', options = ''): string => `import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
const pages = ['https://a.example']
async function bootstrap () {
  const app = await NestFactory.create(AppModule, ${adapter}${options})
  ${lines}
  await app.listen(3000)
}`

/** What is written before it is made. */
const onAdapter = (options: string, made = 'AppModule, adapter'): string => `async function bootstrap () {
  const adapter = new FastifyAdapter()
  await adapter.getInstance().register(corsPlugin, ${options})
  const app = await NestFactory.create(${made})
`

t.test('NestJS has it registered on the adapter', async t => holds(t, [
  ['from enableCors', nest('app.enableCors({ origin: pages, maxAge: null })'), ['import corsPlugin from \'fastify-cors-policy\'\nconst pages', `${onAdapter('{ origin: pages }')}  await app.listen`]],
  ['from enableCors that is awaited, after something else', nest('app.setGlobalPrefix(\'api\'); await app.enableCors({ origin: (o, cb) => cb(null, pages.includes(o)) })'), [onAdapter('{ origin: pages }'), 'app.setGlobalPrefix(\'api\');']],
  ['from enableCors without options', nest('app.enableCors()'), onAdapter('{ origin: \'*\' }')],
  ['from the options of the application', nest('', 'new FastifyAdapter()', ', { cors: { origin: pages, maxAge: null } }'), onAdapter('{ origin: pages }')],
  ['from the options of the application, which has others', nest('', 'new FastifyAdapter()', ', { cors: true, bufferLogs: true }'), onAdapter('{ origin: \'*\' }', 'AppModule, adapter, { bufferLogs: true }')],
  ['from options of another file', nest('', 'new FastifyAdapter()', ', { cors: corsOptions }'), onAdapter('corsOptions'), ['unknown-options']],
  ['where the adapter has a name', nest('app.enableCors({ origin: pages })', 'server').replace('async', 'const server = new FastifyAdapter()\nasync'), '  await server.getInstance().register(corsPlugin, { origin: pages })\n  const app = await NestFactory.create(AppModule, server)\n'],
  ['where the name is taken, with semicolons and types', `${nest('app.enableCors({ origin: pages })').replace(/\)$/gm, ');')}\nconst adapter = 1;`, 'const fastifyAdapter = new FastifyAdapter();\n  await fastifyAdapter.getInstance().register(corsPlugin, { origin: pages });\n'],
  ['in CommonJS', 'async function main () { const app = await NestFactory.create(AppModule, new FastifyAdapter()); app.enableCors({ origin: \'*\' }) }', 'const corsPlugin = require(\'fastify-cors-policy\')\nasync function main () { const adapter = new FastifyAdapter();\n']
], 'main.ts'))

t.test('NestJS has it registered where enableCors stands, if it can be nowhere else', async t => holds(t, [
  ['options of the application', nest('const config = app.get(Config); app.enableCors({ origin: config.origins })'), 'await app.register(corsPlugin, { origin: config.origins })', ['after-middlewares', 'unknown-value']],
  ['in a condition', nest('if (dev) app.enableCors({ origin: pages })'), 'if (dev) await app.register(corsPlugin, { origin: pages })', ['after-middlewares']],
  ['of another application', nest('other.enableCors({ origin: pages }); log(); app.close'), 'await other.register(corsPlugin, { origin: pages })', ['after-middlewares']],
  ['of an application without a name', nest('app.enableCors({ origin: pages })').replace('const app', 'const { app }'), 'await app.register(corsPlugin', ['after-middlewares']],
  ['of an application that is assigned', nest('app.enableCors({ origin: pages })').replace('const app =', 'app ='), 'await app.register(corsPlugin', ['after-middlewares']],
  ['without the factory', 'import { FastifyAdapter } from \'x\';\nlet a, b = await other.create(new FastifyAdapter());\nawait app.enableCors({ origin: true });\n', 'import corsPlugin from \'fastify-cors-policy\';\nlet a, b = await other.create(new FastifyAdapter());\nawait app.register(corsPlugin, { origin: true });', ['after-middlewares']],
  ['without options or imports', 'const { FastifyAdapter } = x\napp.enableCors()', 'const corsPlugin = require(\'fastify-cors-policy\')\nconst { FastifyAdapter } = x\nawait app.register(corsPlugin, { origin: \'*\' })', ['after-middlewares']],
  ['an option that only the application knows', nest('', 'new FastifyAdapter()', ', { cors: process.env.CORS === \'on\' }'), 'cors: process.env.CORS === \'on\'', ['create-option']],
  ['a function that is called later', nest('', 'new FastifyAdapter()', ', { cors: true }').replace('await NestFactory', 'NestFactory'), '{ cors: true }', ['create-option']],
  ['on Express', 'const app = await NestFactory.create(AppModule, { logger, cors: true })\napp.enableCors({ origin: \'https://a.example\' })', 'methods: [\'GET\', \'HEAD\', \'PUT\', \'PATCH\', \'POST\', \'DELETE\']', ['after-middlewares', 'create-option', 'needs-fastify', 'needs-fastify']],
  ['on Express, in the options of the application', 'NestFactory.create(AppModule, { cors: true })', 'cors: true', ['create-option', 'needs-fastify']]
], 'main.ts'))

t.test('the plugin is loaded before Fastify() is called', async t => holds(t, [
  ['where it is declared behind it', '\'use strict\'\n\n// The server.\nconst app = require(\'fastify\')()\nconst cors = require(\'@fastify/cors\')\n\napp.register(cors)\n', '\'use strict\'\n\n// The server.\nconst cors = require(\'fastify-cors-policy\')\nconst app = require(\'fastify\')()\n\napp.register(cors, { origin: \'*\' })\n'],
  ['where it is taken apart behind it, in a line with others', 'const app = require(\'fastify\')(); const { fastifyCors: cors } = require(\'@fastify/cors\'); app.register(cors)', 'const { corsPlugin: cors } = require(\'fastify-cors-policy\');\nconst app = require(\'fastify\')();  app.register(cors'],
  ['in a function', 'import Fastify from \'fastify\'\nexport function build () {\n  const app = Fastify()\n  app.register(import("@fastify/cors"))\n}', 'import Fastify from \'fastify\'\nimport corsPlugin from "fastify-cors-policy"\nexport function build () {\n  const app = Fastify()\n  app.register(corsPlugin, {'],
  ['in a plugin', 'module.exports = async app => { app.register(require(\'@fastify/cors\').fastifyCors) }', 'const corsPlugin = require(\'fastify-cors-policy\')\nmodule.exports = async app => { app.register(corsPlugin, {'],
  ['in a module without imports', 'export default async app => {\n  app.register((await import(\'@fastify/cors\')).default)\n}', 'import corsPlugin from \'fastify-cors-policy\'\nexport default async app => {\n  app.register(corsPlugin, {'],
  ['where the name is taken', 'export default async app => {\n  const { fastifyCors: corsPlugin } = await import(\'@fastify/cors\')\n  app.register(import(\'@fastify/cors\'))\n  app.register(corsPlugin)\n}', 'import \'fastify-cors-policy\'\nexport default async app => {\n  const { corsPlugin: corsPlugin } = await import(\'fastify-cors-policy\')'],
  ['where it can\'t be moved', 'const app = require(\'fastify\')()\nconst cors = require(\'@fastify/cors\'), other = 1\napp.register(cors)', 'require(\'fastify-cors-policy\')\nconst app = require(\'fastify\')()\nconst cors = require(\'fastify-cors-policy\'), other = 1'],
  ['where two have its name', 'function a (app) { const cors = require(\'@fastify/cors\'); app.register(cors) }\nfunction b (app) { const cors = require(\'@fastify/cors\'); app.register(cors) }', 'require(\'fastify-cors-policy\')\nfunction a (app) { const cors = require(\'fastify-cors-policy\')'],
  ['not where it is already', 'const cors = require(\'@fastify/cors\')\nconst app = require(\'fastify\')()\nasync function main () { const cors2 = await import(\'@fastify/cors\'); const { fastify } = await import(\'fastify\'); fastify().register(cors2) }\napp.register(cors)', 'const cors = require(\'fastify-cors-policy\')\nconst app = require(\'fastify\')()\nasync function main () { const cors2 = await import(\'fastify-cors-policy\')']
]))

t.test('options in a file of their own are translated', async t => holds(t, [
  ['with the type', 'import type { FastifyCorsOptions as Options } from \'@fastify/cors\'\nexport const shared: Options = { origin: (o, cb) => cb(null, pages.includes(o)), maxAge: null }\nconst pages = [\'https://a.example\'], count: number = 1, b: string, c: Types.Options = { origin: 1 }, d: Other = { origin: 1 }', ['CorsOptions as Options', '{ origin: pages }']],
  ['with an assertion', 'import type { FastifyCorsOptions } from \'@fastify/cors\'\nexport const a = { maxAge: 5 } satisfies FastifyCorsOptions, b = { origin: \'https://a.example\', exposedHeaders: null } as FastifyCorsOptions, c = d as string', ['{ origin: \'*\', maxAge: 5 }', '{ origin: \'https://a.example\' } as']],
  ['of a function', 'import type { FastifyCorsOptions } from \'@fastify/cors\'\nexport const a = (): FastifyCorsOptions => ({ maxAge: 5 })\nexport function options (): FastifyCorsOptions { return { origin: \'https://a.example/\' } }\nfunction other (): void { return { origin: 1 } }', 'https', ['origin-invalid']],
  ['with a name', 'export const corsOptions = { origin: (o, cb) => cb(null, o === \'https://a.example\') }\nexport const corsText = \'\', corsOther = { a: 1 }, other = { origin: null }', 'corsOptions = { origin: \'https://a.example\' }'],
  ['as a part of others', 'module.exports = { port: 1, cors: { origin: true, exposedHeaders: null } }', 'cors: { origin: true }'],
  ['of functions with a name', 'export const getCorsOptions = () => ({ origin: true, maxAge: null })\nexport default function () {}\nlet cors\nexport function corsOptions (app) { return { origin: \'https://a.example\', maxAge: null } }', ['({ origin: true })', '{ origin: \'https://a.example\' }']],
  ['beside a plugin that is passed on', 'export { default } from \'@fastify/cors\'\nexport * from \'@fastify/cors\'\nexport * from \'other\'\nexport const autoConfig = { origin: true, maxAge: null }', ['export { default } from \'fastify-cors-policy\'', 'autoConfig = { origin: true }']],
  ['that are assigned', 'exports.cors = { delegator: (r, cb) => cb(null, { origin: r.ip }) }\nexports.port = { origin: null }', '{ origin: r.ip }', ['unknown-value']]
], 'options.ts'))

t.test('options that a name or a method chooses are translated', async t => holds(t, [
  ['by the environment', options('configurations[process.env.NODE_ENV] || configurations.development', 'const configurations = { development: { origin: true, maxAge: null }, production: { origin: \'https://a.example\', maxAge: null }, ...others }'), '{ development: { origin: true }, production: { origin: \'https://a.example\' }'],
  ['by a method of the class', 'import cors from \'@fastify/cors\'\nclass Server {\n  constructor () { this.app.register(cors, this.options()) }\n  options () { return { origin: \'https://a.example\', maxAge: null } }\n}', 'return { origin: \'https://a.example\' }'],
  ['not by a method that two classes have', 'import cors from \'@fastify/cors\'\nclass A { options () {}; start () { app.register(cors, this.options()); app.register(cors, this.others()) } }\nclass B { options () {} }', 'register(cors, this.options())', ['unknown-options', 'unknown-options']],
  ['not by a name that is not known', options('a[b]'), 'register(cors, a[b])', ['unknown-options']]
]))

t.test('a route is checked with the registration around it', async t => holds(t, [
  ['together with its registration', `${options('{ origin: [\'https://a.example\'], credentials: true }')}app.get('/', { config: { cors: { origin: '*' } } }, h)`, 'origin: \'*\'', ['origin-any-with-credentials', 'route-preflights']],
  ['with what makes it right', `${options('{ origin: [\'https://a.example\'], credentials: true }')}app.get('/', { config: { cors: { origin: '*', credentials: false } } }, h)`, 'origin: \'*\'', ['route-preflights']],
  ['with options that only a registration can have', 'module.exports = app => app.get(\'/\', { config: { cors: { hook: \'onSend\' } } }, h)', 'hook', ['unknown-option']],
  ['in a file that registers nothing', 'module.exports = app => app.get(\'/\', { config: { cors: { origin: (o, cb) => cb(null, o === \'https://a.example\') } } }, h)', 'cors: { origin: \'https://a.example\' }', ['route-preflights']],
  ['in the innermost function with one', 'const cors = require(\'@fastify/cors\')\nmodule.exports = app => {\n  app.register(cors, { origin: \'https://a.example\', credentials: true })\n  app.register(async api => {\n    api.register(cors, { origin: \'https://b.example\' })\n    api.get(\'/\', { config: { cors: { origin: true } } }, h)\n  })\n}', 'origin: true', ['route-preflights']],
  ['in the innermost function, if the others come later', 'const cors = require(\'@fastify/cors\')\nmodule.exports = app => {\n  app.register(async api => {\n    api.register(cors, { origin: \'https://b.example\', credentials: true })\n    api.get(\'/\', { config: { cors: { origin: true } } }, h)\n  })\n  app.register(cors, { origin: \'*\' })\n}', 'origin: true', ['origin-any-with-credentials', 'route-preflights']],
  ['in another function', 'const cors = require(\'@fastify/cors\')\nconst start = async app => { await app.register(cors, { origin: \'https://a.example\', credentials: true }) }\nconst routes = app => app.get(\'/\', { config: { cors: { origin: true } } }, h)', 'origin: true', ['origin-any-with-credentials', 'route-preflights']],
  ['not where the registration itself is refused', `${options('{ origin: true, credentials: true }')}app.get('/', { config: { cors: { origin: '*' } } }, h)`, 'origin: \'*\'', ['origin-any-with-credentials', 'route-preflights']]
]))

t.test('default methods are those of the version that is installed', async t => {
  const source = 'app.register(require(\'@fastify/cors\'))\napp.register(require(\'@fastify/cors\'), { origin: \'https://a.example\' })\napp.register(require(\'@fastify/cors\'), () => async r => ({ origin: r.ip }))'
  const folder = t.testdir()
  const file = (path: string, text: string): string => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
    return join(folder, path)
  }
  const wide = 'methods: [\'GET\', \'HEAD\', \'PUT\', \'PATCH\', \'POST\', \'DELETE\']'
  const migrated = async (path: string): Promise<string> => (await run(['migrate', file(path, source)])).output
  file('old/node_modules/@fastify/cors/package.json', '{ "version": "9.0.1" }')
  t.equal((await migrated('old/src/app.js')).split(wide).length, 4)
  file('asked/package.json', '{ "devDependencies": { "@fastify/cors": "^10.1.0" } }')
  t.equal((await migrated('asked/app.js')).split(wide).length, 4)
  file('nest/node_modules/@nestjs/platform-fastify/node_modules/@fastify/cors/package.json', '{ "version": "11.3.0" }')
  t.notMatch(await migrated('nest/app.js'), /methods: /)
  for (const [name, manifest] of [['broken', '{'], ['latest', '{ "dependencies": { "@fastify/cors": "latest" } }'], ['none', '{ "dependencies": null }'], ['null', 'null'], ['others', '{ "dependencies": { "fastify": "5" } }']] as const) {
    file(`${name}/package.json`, manifest)
    t.notMatch(await migrated(`${name}/app.js`), /methods: /, 'the next package above has 11')
  }
})

t.test('where no version can be found, the remark says what to do', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'fastify-cors-policy-migrate-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'app.js'), 'app.register(require(\'@fastify/cors\'))')
  const { exitCode, output } = await run(['migrate', join(folder, 'app.js')])
  t.equal(exitCode, 1)
  t.match(output, /! default-methods[^]*Fix: methods: \['GET', 'HEAD', 'PUT'/)
})
