import { bare, handWritten, sendHello, withFastifyCors, withMiddleware } from '../baselines.mjs'
import { SUBJECT, withPolicy } from '../subject.mjs'
import { tenants } from './tenants.mjs'

const APP = 'https://app.example.com'
const listed = [APP, 'https://admin.example.com', 'https://www.example.com']
const known = new Set(listed)
const options = { origin: listed, credentials: true, exposedHeaders: ['X-Total-Count', 'X-Request-Id'] }
const written = { allows: origin => known.has(origin), credentials: 'true', exposed: 'X-Total-Count, X-Request-Id' }
const allowing = {
  vary: 'Origin',
  'access-control-allow-origin': APP,
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'X-Total-Count, X-Request-Id'
}

/** The candidates of most cases: the same in the words of each. */
function all (ofFastifyCors, hook, ofSubject = ofFastifyCors) {
  return {
    bare,
    'hand-written': () => handWritten(hook),
    '@fastify/cors': () => withFastifyCors(ofFastifyCors),
    'cors, middie': () => withMiddleware(ofFastifyCors),
    [SUBJECT]: () => withPolicy(ofSubject)
  }
}

const callsBack = (origin, done) => { done(null, known.has(origin)) }
const callsBackLater = (origin, done) => { queueMicrotask(() => { done(null, known.has(origin)) }) }
const later = async origin => known.has(origin)
const pattern = /^https:\/\/(?:[a-z0-9-]+\.)+example\.com$/
const tenThousand = tenants(10_000)
const setOfTenThousand = new Set(tenThousand)
const partner = 'https://partner.example.net'
const override = { config: { cors: { origin: partner } }, method: 'GET', url: '/', handler: sendHello }

/** Requests that are no preflights. */
export const actual = [
  {
    name: 'exact-origin',
    title: 'exact origin among 3, credentials, exposed headers',
    request: { origins: [APP] },
    expected: { status: 200, headers: allowing },
    targets: { 'hand-written': 1.10 },
    applications: all(options, written)
  },
  {
    name: 'any-origin',
    title: 'any origin',
    request: { origins: [APP] },
    expected: { status: 200, headers: { 'access-control-allow-origin': '*' } },
    targets: { 'hand-written': 1.20 },
    applications: all({ origin: '*' }, { allows: null })
  },
  {
    name: 'no-origin',
    title: 'no `Origin`',
    request: {},
    expected: { status: 200, headers: { vary: 'Origin' } },
    targets: { 'hand-written': 1.22 },
    applications: all(options, written)
  },
  {
    name: 'refused-origin',
    title: 'refused origin',
    request: { origins: ['https://stranger.example.net'] },
    expected: { status: 200, headers: { vary: 'Origin' } },
    applications: all(options, written)
  },
  {
    name: 'pattern',
    title: 'pattern `https://*.example.com`',
    request: { origins: ['https://eu.app.example.com'] },
    expected: { status: 200, headers: { vary: 'Origin', 'access-control-allow-origin': 'https://eu.app.example.com' } },
    applications: all({ origin: [pattern] }, { allows: origin => pattern.test(origin) }, { origin: 'https://*.example.com' })
  },
  {
    name: 'route-override',
    title: 'override of the route',
    request: { origins: [partner] },
    expected: { status: 200, headers: { ...allowing, 'access-control-allow-origin': partner } },
    applications: {
      bare,
      'hand-written': () => handWritten({ ...written, allows: origin => origin === partner }),
      '@fastify/cors': () => withFastifyCors(options, app => { app.route(override) }),
      [SUBJECT]: () => withPolicy(options, app => { app.route(override) })
    }
  },
  {
    name: 'nested-context',
    title: 'registration of a nested context',
    request: { origins: [partner] },
    expected: { status: 200, headers: { vary: 'Origin', 'access-control-allow-origin': partner } },
    applications: {
      bare,
      'hand-written': () => handWritten({ allows: origin => origin === partner || origin === APP }),
      // Beside a registration of the root, it could not be registered in a context.
      '@fastify/cors': () => withFastifyCors({ origin: [partner, APP] }),
      [SUBJECT]: () => withPolicy(options, addNestedContext)
    }
  },
  {
    name: 'enforce',
    title: "POST under `enforce: 'unsafe'`",
    request: { method: 'POST', origins: [APP], headers: { 'sec-fetch-site': 'cross-site' } },
    expected: { status: 200, headers: allowing },
    applications: all(options, { ...written, enforce: true }, { ...options, enforce: 'unsafe' })
  },
  {
    name: 'origin-function',
    title: 'origin function',
    request: { origins: [APP] },
    expected: { status: 200, headers: allowing },
    applications: all({ ...options, origin: callsBack }, written, { ...options, origin: written.allows })
  },
  {
    name: 'async-origin-function',
    title: 'origin function that returns a promise',
    request: { origins: [APP] },
    expected: { status: 200, headers: allowing },
    applications: all({ ...options, origin: callsBackLater }, { ...written, allows: later }, { ...options, origin: later })
  },
  {
    name: 'delegator',
    title: 'delegator whose results are equal, and made anew',
    request: { origins: [APP] },
    expected: { status: 200, headers: allowing },
    applications: {
      bare,
      'hand-written': () => handWritten(written),
      '@fastify/cors': () => withFastifyCors(() => (_request, done) => { done(null, { ...options }) }),
      [SUBJECT]: () => withPolicy({ delegator: () => ({ ...options }) })
    }
  },
  {
    name: 'exact-10000',
    title: 'exact origin among 10,000',
    request: { origins: tenThousand.filter((_origin, i) => i % 10 === 0) },
    expected: { status: 200, headers: { vary: 'Origin', 'access-control-allow-origin': tenThousand[0] } },
    targets: { 'hand-written': 1.15, '@fastify/cors': 0.10 },
    applications: all({ origin: tenThousand }, { allows: origin => setOfTenThousand.has(origin) })
  }
]

async function addNestedContext (app, plugin) {
  await app.register(async inner => {
    await inner.register(plugin, { origin: [partner, APP] })
    inner.get('/', sendHello)
  })
}
