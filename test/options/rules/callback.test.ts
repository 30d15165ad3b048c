import { runInThisContext } from 'node:vm'
import Fastify from 'fastify'
import t from 'tap'
import corsPlugin, { parseCorsOptions } from '../../../lib/index.js'
import { page } from '../../helpers.js'
import { accepts, refuses } from '../refused.js'

/** A function as people write it: from its text, which the compiler of the tests would change. */
function written (source: string): unknown {
  return runInThisContext(`(${source})`)
}

t.test('an origin function that calls back, as other libraries have it, is refused at boot, however it is written', t => {
  for (const source of [
    '(origin, cb) => cb(null, true)',
    '(origin, callback) => { setTimeout(() => callback(null, true)) }',
    'async (origin, done) => { await null; done(null, true) }',
    'function (origin, next) { next(null, true) }',
    'function check(origin, cb) { cb(null, true) }',
    'async function * check(origin, cb) {}',
    '({ origin (origin, cb) { cb(null, true) } }).origin',
    '({ async origin (origin, callback) {} }).origin',
    '(origin, cb = () => {}) => cb(null, true)',
    '(origin /* , done */, cb /* called later */) => cb(null, true)',
    '(origin, // who\n cb) => cb(null, true)',
    '(origin = "a,b)", cb) => cb(null, true)',
    '(origin = `a,b)`, cb) => cb(null, true)',
    '({ origin, other = [1, 2] }, cb) => cb(null, true)',
    '(origin = check(1, 2), cb) => cb(null, true)',
    '(origin, cb, more) => cb(null, true)',
    '(e,t)=>{t(null,!0)}',
    'function(e,$){return e?$(null,!0):$(new Error("no"))}',
    'async(e,t)=>{t(void 0,await n(e))}',
    '(e,t)=>{r.includes(e)?t( null,!0):t(TypeError(e))}'
  ]) refuses(t, { origin: written(source) }, [['callback-function', '/origin', null]], source)
  t.end()
})

t.test('functions that answer are not', t => {
  for (const source of [
    'origin => true',
    'async origin => check(origin, cb)',
    '(origin, request) => true',
    '(origin, { done }) => done',
    '(origin, { headers: { next } }) => next',
    '(origin, [callback]) => true',
    '(...callback) => true',
    '(origin, ...done) => true',
    '(origin, request, cb) => true',
    '(origin) => ((a, cb) => cb)(1, 2)',
    '(origin, callbackUrl) => true',
    '(e,t)=>r.t(null,e)',
    '(e,t)=>not(null)||t.ok(null)',
    '(e,t)=>list.some(t=>t(e))',
    '() => true',
    'function () { return check(1, cb) }',
    '(function (origin, cb) {}).bind(null)'
  ]) accepts(t, { origin: written(source) }, source)
  t.end()
})

t.test('a delegator that calls back is refused, whatever minified code calls the callback', t => {
  for (const source of ['(request, callback) => callback(null, {})', '(e, t) => t(null, {})', '(request, cb = () => {}) => cb(null, {})', '(e, t) => t(e)']) {
    refuses(t, { delegator: written(source) }, [['callback-function', '/delegator', null]], source)
  }
  for (const source of ['request => ({})', '({ headers }) => ({})', 'async (request) => ({})', '(request, { done } = {}) => ({})']) {
    accepts(t, { delegator: written(source) }, source)
  }
  t.end()
})

t.test('the error shows the form to write, for a registration and for a route', async t => {
  const origin = (_origin: string, cb: unknown): boolean => cb !== undefined
  t.throws(() => parseCorsOptions({ origin }), { message: /origin takes a callback, 'cb', and is handed none\. Return the answer: \(origin, request\) => boolean/ })
  const app = Fastify()
  app.register(corsPlugin, { origin: page })
  app.get('/', { config: { cors: { origin } } }, async () => 'x')
  await t.rejects(async () => await app.ready(), { code: 'FST_CORS_INVALID_OPTIONS', message: /route GET \/.*origin takes a callback/s })
})
