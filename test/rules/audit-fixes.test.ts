import Fastify, { type FastifyInstance, type HTTPMethods } from 'fastify'
import { runInThisContext } from 'node:vm'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import type { CorsFinding } from '../../lib/introspection/finding.js'
import { page, preflight, stranger } from '../helpers.js'

// What the audit prints as a fix is put where it says, in an application that is written anew, and that is audited again.

type Options = Readonly<Record<string, unknown>>

interface Route {
  readonly method: HTTPMethods | 'ALL'
  readonly url: string
  readonly cors?: unknown
  readonly version?: string
  /** Stands beside `config`. */
  readonly beside?: Options
}

/** An application as somebody wrote it. */
interface Written {
  readonly options: Options
  readonly routes: readonly Route[]
  /** It registers in a file without `fastify-plugin`. */
  readonly isAlone?: boolean
}

async function boot ({ options, routes, isAlone = false }: Written): Promise<{ app: FastifyInstance, findings: CorsFinding[] }> {
  const app = Fastify()
  let covering: FastifyInstance = app
  if (isAlone) app.register(async file => { covering = file; await file.register(corsPlugin, options) })
  else app.register(corsPlugin, options)
  for (const { method, url, cors, version, beside } of routes) {
    const config = cors === undefined ? {} : { config: { cors: cors as false } }
    app.route({ method: method === 'ALL' ? app.supportedMethods : method, url, ...config, ...version === undefined ? {} : { constraints: { version } }, ...beside, handler: async () => 'x' })
  }
  await app.ready()
  return { app, findings: covering.cors.audit() }
}

/** Puts a fix where a finding says. */
function fixed (written: Written, { fix, route, where }: CorsFinding): Written {
  const settings: unknown = fix === 'leave it out' ? null : runInThisContext(`({ ${fix} })`)
  if (where === 'registration') return { ...written, options: { ...written.options, ...settings as Options } }
  const isMeant = ({ method, url }: Route): boolean => `${method} ${url}` === route
  return { ...written, routes: written.routes.map(one => isMeant(one) ? { ...one, cors: settings === null ? undefined : { ...one.cors as Options, ...settings } } : one) }
}

const keyOf = ({ code, route }: CorsFinding): string => `${code} ${route}`

const handled = { method: 'OPTIONS', url: '/handled' } as const

const APPLICATIONS: Readonly<Record<string, Written & { readonly finds: readonly string[], readonly without?: readonly string[] }>> = {
  'has PUT and DELETE routes under the default methods': {
    options: { origin: page },
    routes: [{ method: 'PUT', url: '/a' }, { method: 'DELETE', url: '/b' }, { method: 'GET', url: '/a' }, { method: 'PUT', url: '/own', cors: { methods: ['GET'] } }],
    finds: ['method-not-allowed PUT /a', 'method-not-allowed DELETE /b', 'method-not-allowed PUT /own']
  },
  'has methods that are allowed route by route': {
    options: { origin: page },
    routes: [{ method: 'PUT', url: '/a', cors: { methods: ['GET', 'HEAD', 'POST', 'PUT'] } }, { method: 'PUT', url: '/b' }],
    finds: ['method-not-allowed PUT /b']
  },
  'repeats one override for the routes of a URL': {
    options: { origin: page },
    routes: [{ method: 'GET', url: '/x', cors: { methods: ['GET'] } }, { method: 'PUT', url: '/x', cors: { methods: ['GET'] } }],
    finds: ['method-not-allowed PUT /x'],
    without: ['method-not-allowed PUT /x']
  },
  'allows two methods of a URL with one override': {
    options: { origin: page },
    routes: [{ method: 'PATCH', url: '/users/:id', cors: { methods: ['GET'] } }, { method: 'GET', url: '/users/me', cors: { methods: ['GET'] } }],
    finds: ['method-not-allowed PATCH /users/:id'],
    without: ['method-not-allowed PATCH /users/:id']
  },
  'repeats the methods that it has to change': {
    options: { origin: page },
    routes: [{ method: 'PUT', url: '/x', cors: { methods: 'GET,HEAD,POST' } }],
    finds: ['method-not-allowed PUT /x', 'override-without-effect PUT /x'],
    without: ['override-without-effect PUT /x']
  },
  'passes everything on, beside a route of its own': {
    options: { origin: page },
    routes: [{ method: 'ALL', url: '/proxy/*' }, { method: 'PUT', url: '/x' }],
    finds: ['every-method /proxy/*', 'method-not-allowed PUT /x'],
    without: ['every-method /proxy/*']
  },
  'leaves preflights to nobody': {
    options: { origin: page, preflight: false },
    routes: [{ method: 'PUT', url: '/a' }, { method: 'DELETE', url: '/b', cors: { methods: ['DELETE'] } }],
    finds: ['preflight-unanswered PUT /a', 'preflight-unanswered DELETE /b']
  },
  'leaves preflights to nobody, and allows every method': {
    options: { origin: page, preflight: false, methods: '*', credentials: true },
    routes: [{ method: 'PUT', url: '/a' }, { method: 'DELETE', url: '/b', cors: { methods: '*', maxAge: 1 } }],
    finds: ['preflight-unanswered PUT /a', 'preflight-unanswered DELETE /b']
  },
  'leaves preflights to nobody, in one route': {
    options: { origin: page, methods: ['GET'] },
    routes: [{ method: 'PUT', url: '/a', cors: { preflight: false } }, { method: 'GET', url: '/b' }],
    finds: ['preflight-unanswered PUT /a']
  },
  'continues preflights to nobody': {
    options: { origin: page, methods: ['PUT'], preflightContinue: true },
    routes: [{ method: 'PUT', url: '/a' }, { method: 'DELETE', url: '/b' }],
    finds: ['preflight-unanswered PUT /a', 'preflight-unanswered DELETE /b', 'method-not-allowed DELETE /b']
  },
  'answers some preflights itself, and forgets others': {
    options: { origin: page, methods: ['PUT'], preflight: false },
    routes: [{ method: 'PUT', url: '/handled' }, handled, { method: 'PUT', url: '/a' }],
    finds: ['preflight-unanswered PUT /a']
  },
  'forgets the preflights of one of two methods, and answers others': {
    options: { origin: page, methods: ['PUT'], preflight: false },
    routes: [{ method: 'PUT', url: '/handled' }, handled, { method: 'PUT', url: '/a' }, { method: 'GET', url: '/a' }],
    finds: ['preflight-unanswered PUT /a'],
    without: ['preflight-unanswered PUT /a']
  },
  'repeats the registration in a route': {
    options: { origin: page, maxAge: 5 },
    routes: [{ method: 'GET', url: '/a', cors: { origin: [page] } }, { method: 'GET', url: '/b', cors: {} }],
    finds: ['override-without-effect GET /a', 'override-without-effect GET /b']
  },
  'switches off what is off': {
    options: { origin: false },
    routes: [{ method: 'GET', url: '/a', cors: false }],
    finds: ['override-without-effect GET /a']
  },
  'overrides outside urls': {
    options: { origin: page, urls: /^\/api\// },
    routes: [{ method: 'GET', url: '/a', cors: { origin: stranger } }],
    finds: ['override-without-effect GET /a'],
    without: ['override-without-effect GET /a']
  },
  'puts the override beside config': {
    options: { origin: page },
    routes: [{ method: 'GET', url: '/a', beside: { cors: { origin: stranger } } }],
    finds: ['override-misplaced GET /a'],
    without: ['override-misplaced GET /a']
  },
  'has two policies for one URL': {
    options: { origin: page },
    routes: [{ method: 'GET', url: '/a', cors: { maxAge: 5 } }, { method: 'POST', url: '/a' }],
    finds: ['policies-differ /a'],
    without: ['policies-differ /a']
  },
  'has a policy for each version': {
    options: { origin: page },
    routes: [{ method: 'GET', url: '/a', version: '1.0.0', cors: { maxAge: 5 } }, { method: 'GET', url: '/a', version: '2.0.0' }],
    finds: ['policies-differ /a', 'constraints-leave-open GET /a'],
    without: ['policies-differ /a', 'constraints-leave-open GET /a']
  },
  'allows every header, and repeats it': {
    options: { origin: page, allowedHeaders: '*' },
    routes: [{ method: 'GET', url: '/a', cors: { allowedHeaders: ['*'], maxAge: 1 } }, { method: 'GET', url: '/b' }, { method: 'GET', url: '/c', cors: { maxAge: 2 } }],
    finds: ['authorization-not-covered null', 'authorization-not-covered GET /a']
  },
  'allows every header without credentials in one route': {
    options: { origin: page, credentials: true, allowedHeaders: '*' },
    routes: [{ method: 'GET', url: '/a', cors: { credentials: false } }],
    finds: ['authorization-not-covered GET /a']
  },
  'lets browsers remember for a day': {
    options: { origin: page, maxAge: 86_400 },
    routes: [{ method: 'GET', url: '/a' }, { method: 'GET', url: '/b', cors: { maxAge: 7200 } }],
    finds: ['max-age-capped null', 'max-age-capped GET /b'],
    without: ['max-age-capped null', 'max-age-capped GET /b']
  },
  'registers where no route is': {
    options: { origin: page },
    routes: [{ method: 'GET', url: '/a' }],
    isAlone: true,
    finds: ['covers-no-route null'],
    without: ['covers-no-route null']
  },
  'allows every header, and Authorization in one route': {
    options: { origin: page, allowedHeaders: '*' },
    routes: [{ method: 'GET', url: '/a', cors: { allowedHeaders: ['*', 'Authorization'] } }, { method: 'GET', url: '/b' }],
    finds: ['authorization-not-covered null'],
    without: ['authorization-not-covered null']
  },
  'leaves the preflights of one route alone': {
    options: { origin: page, methods: ['PUT'] },
    routes: [{ method: 'PUT', url: '/a', cors: { preflight: false } }, { method: 'PUT', url: '/b' }],
    finds: ['preflight-unanswered PUT /a']
  },
  'lets one route continue with its preflights, and lists too few methods': {
    options: { origin: page },
    routes: [{ method: 'PUT', url: '/a', cors: { preflightContinue: true } }],
    finds: ['preflight-unanswered PUT /a', 'method-not-allowed PUT /a']
  },
  'allows no method': {
    options: { origin: page, methods: [] },
    routes: [{ method: 'PUT', url: '/a' }],
    finds: ['method-not-allowed PUT /a']
  },
  'writes urls without the slash': {
    options: { origin: page, urls: /^api\// },
    routes: [{ method: 'GET', url: '/api/a' }, { method: 'PUT', url: '/api/b' }],
    finds: ['urls-match-nothing null'],
    without: ['urls-match-nothing null']
  },
  'writes urls that a parameter may match': {
    options: { origin: page, urls: /^\/api\// },
    routes: [{ method: 'GET', url: '/a' }, { method: 'GET', url: '/:any/b' }],
    finds: []
  },
  'lets a delegator choose': {
    options: { origin: page, delegator: () => ({}), allowedHeaders: '*' },
    routes: [{ method: 'GET', url: '/a' }, { method: 'PUT', url: '/a' }],
    finds: ['policies-differ /a', 'authorization-not-covered null'],
    without: ['policies-differ /a']
  }
}

for (const [name, { finds, without = [], ...written }] of Object.entries(APPLICATIONS)) {
  t.test(`who ${name} gets fixes of the audit that keep their promise, put where they say`, async t => {
    const { findings } = await boot(written)
    t.strictSame(findings.map(keyOf).sort(), finds.toSorted())
    t.strictSame(findings.filter(({ fix }) => fix === null).map(keyOf).sort(), without.toSorted(), 'where nobody can know, there is no fix')
    const fixable = findings.filter(({ fix }) => fix !== null)
    for (const finding of fixable) {
      const after = (await boot(fixed(written, finding))).findings.map(keyOf)
      t.notOk(after.includes(keyOf(finding)), `${finding.where}: ${finding.fix} mends ${keyOf(finding)}`)
      t.strictSame(after.filter(key => !finds.includes(key)), [], 'and brings nothing')
    }
    const together = await boot(fixable.reduce(fixed, written))
    t.strictSame(together.findings.map(keyOf).filter(key => !without.includes(key)), [], 'together they mend all')
    t.strictSame(together.findings.map(keyOf).filter(key => !finds.includes(key)), [], 'and bring nothing')
    for (const { code, route } of fixable) {
      const [, method = '', url = ''] = /^(\S+) (\S+)$/.exec(String(route)) ?? []
      if (code !== 'method-not-allowed' && code !== 'preflight-unanswered') continue
      t.equal((await preflight(together.app, { origin: page, url, method })).headers['access-control-allow-origin'], page, `${route} can be used`)
      t.match((await preflight(together.app, { origin: page, url, method })).headers['access-control-allow-methods'], method)
      t.notMatch((await preflight(together.app, { origin: page, url, method })).headers['access-control-allow-methods'], /PATCH|TRACE|PURGE/, 'and no more')
      t.equal((await preflight(together.app, { origin: stranger, url, method })).headers['access-control-allow-origin'], undefined)
    }
  })
}

t.test('every kind of finding is tried here, but for what only a request reveals', async t => {
  const seen = new Set(Object.values(APPLICATIONS).flatMap(({ finds }) => finds).map(key => key.split(' ')[0]))
  t.strictSame([...seen].sort(), [
    'authorization-not-covered', 'constraints-leave-open', 'covers-no-route', 'every-method', 'max-age-capped', 'method-not-allowed',
    'override-misplaced', 'override-without-effect', 'policies-differ', 'preflight-unanswered', 'urls-match-nothing'
  ])
})

t.test('a finding without a fix says what to write', async t => {
  const messageOf = async (name: string, code: string): Promise<string> => {
    const written = APPLICATIONS[name]
    return written === undefined ? '' : (await boot(written)).findings.find(finding => finding.code === code)?.message ?? ''
  }
  t.match(await messageOf('repeats one override for the routes of a URL', 'method-not-allowed'), /the policy allows GET\. List what pages use in methods, alike for all routes of this URL$/)
  t.match(await messageOf('repeats the methods that it has to change', 'override-without-effect'), /Leave config\.cors out, or say in it what differs$/)
  t.match(await messageOf('overrides outside urls', 'override-without-effect'), /Let urls match the path, or leave config\.cors out$/)
  t.match(await messageOf('allows every header, and Authorization in one route', 'authorization-not-covered'), /\. Write allowedHeaders: \['\*', 'Authorization'\] here, and in each config\.cors that has allowedHeaders$/)
  t.match(await messageOf('allows no method', 'method-not-allowed'), /the policy allows no method that needs a preflight$/)
  t.match(await messageOf('writes urls without the slash', 'urls-match-nothing'), /^urls matches the path of no route, .* begin with a slash/)
  t.match(await messageOf('puts the override beside config', 'override-misplaced'), /Write config: \{ cors: … \} in its place$/)
})

t.test('what is tried changes nothing in the application', async t => {
  const { app } = await boot({ options: { origin: page }, routes: [{ method: 'PUT', url: '/own', cors: { methods: ['GET'] } }, { method: 'PUT', url: '/x' }] })
  const before = JSON.stringify([app.cors.routes(), app.cors.audit()])
  t.equal(JSON.stringify([app.cors.routes(), app.cors.audit()]), before)
  t.notMatch((await preflight(app, { origin: page, url: '/x' })).headers['access-control-allow-methods'], 'PUT')
})

t.test('where an override is not right any more, the fix for its registration is not told', async t => {
  const app = Fastify()
  app.register(corsPlugin, { origin: page })
  const cors = { maxAge: 5 }
  app.put('/x', { config: { cors } }, async () => 'x')
  await app.ready()
  t.match(app.cors.audit(), [{ fix: /^methods: / }])
  cors.maxAge = -1
  t.match(app.cors.audit(), [{ code: 'method-not-allowed', fix: null }])
})

t.test('of very many findings, the first have fixes', async t => {
  const { findings } = await boot({ options: { origin: page }, routes: Array.from({ length: 120 }, (_, index) => ({ method: 'PUT', url: `/${index}`, cors: { methods: ['GET'], maxAge: index } }) as const) })
  t.equal(findings.length, 120)
  t.equal(findings.filter(({ fix }) => fix === "methods: ['GET', 'PUT']").length, 100)
})
