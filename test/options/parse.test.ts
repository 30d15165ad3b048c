import t from 'tap'
import { parseCorsOptions, parseDelegated, parseReconfiguration, parseRouteOverride } from '../../lib/options/parse.js'
import type { CorsOptions } from '../../lib/options/schema.js'
import { holds, issuesOf } from './refused.js'

t.test('parsed options are a frozen copy of what was given, and nothing else', async t => {
  const origin = ['https://a.example', /^https:\/\/b\.example$/]
  const given = Object.assign(Object.create({ credentials: true }), { origin, methods: 'PUT', maxAge: undefined })
  const options = parseCorsOptions(given)
  t.strictSame(Object.entries(options), [['origin', origin], ['methods', 'PUT']], 'inherited and undefined keys are absent')
  t.not(options.origin, origin)
  t.ok(Object.isFrozen(options))
  t.ok(Object.isFrozen(options.origin))
  t.equal((options.origin as readonly unknown[])[1], origin[1], 'the same expression')
  origin.push('https://evil.example')
  t.equal((options.origin as readonly unknown[]).length, 2)
  t.strictSame(parseCorsOptions(options), options, 'they can be parsed again')
})

t.test('functions are handed on as they are', async t => {
  const origin = () => true
  const delegator = () => ({})
  const options = parseCorsOptions({ origin, delegator })
  t.equal(options.origin, origin)
  t.equal(options.delegator, delegator)
})

const base = parseCorsOptions({ origin: ['https://a.example'], credentials: true, methods: ['PUT'], hook: 'onSend' })

t.test('the options of a route go over those of the registration', async t => {
  const options = parseRouteOverride({ methods: ['DELETE'], maxAge: 5, credentials: undefined }, base, 'PUT /x')
  t.strictSame(options, { origin: ['https://a.example'], credentials: true, methods: ['DELETE'], hook: 'onSend', maxAge: 5 })
  t.ok(Object.isFrozen(options))
  t.strictSame(parseRouteOverride({}, base, 'PUT /x'), base)
})

t.test('the error of a route names it', async t => {
  t.throws(() => parseRouteOverride({ methods: 5 }, base, 'PUT /x'), { message: /of route PUT \/x have a problem/ })
  t.throws(() => parseRouteOverride('https://a.example', base, 'PUT /x'), { message: /of route PUT \/x have a problem/ })
})

t.test('a route has no options that are about the whole plugin', async t => {
  for (const [option, value] of Object.entries({ hook: 'onSend', delegator: () => ({}), urls: /a/, strictPreflight: true, hideOptionsRoute: true, logLevel: 'info', audit: true })) {
    holds(t, issuesOf(() => parseRouteOverride({ [option]: value }, base, 'PUT /x')), [['unknown-option', `/${option}`, 'leave it out']], option)
    t.match(issuesOf(() => parseRouteOverride({ [option]: value }, base, 'PUT /x'))[0]?.message, `app.register(corsPlugin, { ${option}: … })`)
  }
  holds(t, issuesOf(() => parseRouteOverride({ audit: 5, allowMethods: [] }, base, 'PUT /x')), [['unknown-option', '/audit', 'leave it out'], ['unknown-option', '/allowMethods', 'methods']], 'two')
})

t.test('what the route and the registration say together is checked, and reported at the key of the route', async t => {
  const cases: ReadonlyArray<[object, CorsOptions, Parameters<typeof holds>[2]]> = [
    [{ origin: '*' }, base, [['origin-any-with-credentials', '/origin', /./]]],
    [{ origin: ['https://b.example', true] }, base, [['invalid-type', '/origin/1', null]]],
    [{ origin: [] }, base, [['origin-missing', '/origin', null]]],
    [{ credentials: true }, { origin: '*' }, [['origin-any-with-credentials', '/credentials', 'credentials: false']]],
    [{ credentials: true }, { origin: ['http://a.example', 'https://*.com'] }, [['origin-insecure-with-credentials', '/credentials', null], ['origin-public-suffix-with-credentials', '/credentials', null]]],
    [{ credentials: true }, { origin: false, exposedHeaders: '*' }, [['exposed-any-with-credentials', '/credentials', null]]],
    [{ exposedHeaders: ['*'] }, base, [['exposed-any-with-credentials', '/exposedHeaders/0', null]]],
    [{ enforce: 'all' }, { origin: true }, [['enforce-any-origin', '/enforce', null]]],
    [{ origin: '*' }, { origin: 'https://a.example', enforce: 'all' }, [['enforce-any-origin', '/origin', null]]],
    [{ dangerouslyAllow: [] }, { origin: 'null', dangerouslyAllow: ['null-origin'] }, [['origin-null', '/dangerouslyAllow', null]]],
    [{ dangerouslyAllow: [] }, { origin: '*', credentials: true, dangerouslyAllow: ['any-origin-with-credentials'] }, [['origin-any-with-credentials', '/dangerouslyAllow', /./]]]
  ]
  for (const [override, over, issues] of cases) holds(t, issuesOf(() => parseRouteOverride(override, over, 'GET /')), issues, JSON.stringify(override))
})

t.test('what is only the registration\'s is not reported again, and a route may be the exception', async t => {
  const broken: CorsOptions = { origin: '*', credentials: true, exposedHeaders: '*', enforce: 'all', methods: ['patch'] }
  t.same(issuesOf(() => parseRouteOverride({ maxAge: 5 }, broken, 'GET /')), [])
  t.same(issuesOf(() => parseRouteOverride({ credentials: false }, { origin: 'https://a.example' }, 'GET /')), [])
  t.same(issuesOf(() => parseRouteOverride({ enforce: false }, broken, 'GET /')), [])
  t.same(issuesOf(() => parseRouteOverride({ origin: 'null', dangerouslyAllow: ['null-origin'] }, base, 'GET /')), [])
  t.same(issuesOf(() => parseRouteOverride({ methods: ['PUT'] }, { delegator: () => ({}) }, 'GET /')), [], 'a delegator will give the origin')
})

t.test('a delegator\'s result goes between the registration and the route', async t => {
  const delegator = () => ({})
  const registered = parseCorsOptions({ delegator, methods: ['PUT'], maxAge: 1, hook: 'onSend' })
  const options = parseDelegated({ origin: 'https://a.example', maxAge: 2, methods: undefined }, registered, { maxAge: 3 }, 'GET /x')
  t.strictSame(options, { methods: ['PUT'], maxAge: 3, hook: 'onSend', origin: 'https://a.example' })
  t.ok(Object.isFrozen(options))
  t.strictSame(parseDelegated({}, registered, { origin: 'https://b.example' }, 'GET /x').origin, 'https://b.example')
  t.strictSame(parseDelegated({ origin: '*' }, { delegator, credentials: true }, { credentials: false }, 'GET /x'), { origin: '*', credentials: false }, 'the route has the last word')
})

t.test('a delegator\'s result is checked, with what it makes of the others', async t => {
  const delegator = () => ({})
  const cases: ReadonlyArray<[unknown, CorsOptions, object, Parameters<typeof holds>[2]]> = [
    [{}, { delegator }, {}, [['origin-missing', '/origin', null]]],
    [undefined, { delegator, origin: '*' }, {}, [['invalid-type', '', null]]],
    [false, { delegator, origin: '*' }, {}, [['invalid-type', '', null]]],
    [{ origin: '*' }, { delegator, credentials: true }, {}, [['origin-any-with-credentials', '/origin', /./]]],
    // Nothing that the delegator could write about credentials goes over the route's own.
    [{ origin: '*' }, { delegator }, { credentials: true }, [['origin-any-with-credentials', '/origin', null]]],
    [{ origin: 'a.example', maxage: 1 }, { delegator }, {}, [['origin-invalid', '/origin', '\'https://a.example\''], ['unknown-option', '/maxage', 'maxAge']]],
    [{ origin: '*', hook: 'onRequest', audit: true }, { delegator, hook: 'onSend' }, {}, [['unknown-option', '/hook', /./]]]
  ]
  for (const [result, over, override, issues] of cases) holds(t, issuesOf(() => parseDelegated(result, over, override, 'GET /x')), issues, JSON.stringify(result))
  t.throws(() => parseDelegated({}, { delegator }, {}, 'GET /x'), { message: /that the delegator chose for GET \/x have a problem/ })
  t.throws(() => parseDelegated({ credentials: true }, { delegator }, { origin: '*' }, 'GET /x'), { message: /that the delegator chose for GET \/x, under its config\.cors, have a problem/ })
})

t.test('a delegator that checks the origin and then reflects any is told what to return', async t => {
  const refused = issuesOf(() => parseDelegated({ origin: true, credentials: true }, { delegator: () => ({}) }, {}, 'GET /x'))
  t.match(refused, [{ code: 'origin-any-with-credentials', message: /write origin: allowed \? request\.headers\.origin : false$/, fix: null }])
  t.notMatch(issuesOf(() => parseCorsOptions({ origin: true, credentials: true }))[0]?.message, 'delegator')
})

t.test('what a policy repeats of the registration is let pass', async t => {
  const registered: CorsOptions = { delegator: () => ({}), hook: 'onSend' }
  const result = { origin: 'https://a.example', hook: 'onSend', audit: true, hideOptionsRoute: true, strictPreflight: false }
  t.strictSame(parseDelegated(result, registered, {}, 'GET /'), { hook: 'onSend', origin: 'https://a.example' })
})

t.test('a running registration can get new options, but for what is fixed at boot', async t => {
  const current = parseCorsOptions({ origin: 'https://a.example', methods: ['PUT'], hook: 'onSend', logLevel: 'warn' })
  t.strictSame(parseReconfiguration({ origin: '*' }, current), { hook: 'onSend', logLevel: 'warn', origin: '*' }, 'what is fixed stays')
  t.strictSame(parseReconfiguration({ origin: '*', hook: 'onSend', audit: true, hideOptionsRoute: true }, current), { hook: 'onSend', logLevel: 'warn', origin: '*', audit: true, hideOptionsRoute: true })
  for (const [option, value] of Object.entries({ hook: 'onRequest', logLevel: 'info', hideOptionsRoute: false, audit: false })) {
    holds(t, issuesOf(() => parseReconfiguration({ origin: '*', [option]: value }, current)), [['fixed-at-boot', `/${option}`, 'leave it out']], option)
  }
  holds(t, issuesOf(() => parseReconfiguration({ origin: 'a.example', hook: 'preHandler' }, {})), [['origin-invalid', '/origin', /./], ['fixed-at-boot', '/hook', /./]], 'every problem')
  holds(t, issuesOf(() => parseReconfiguration({ maxAge: -1, origin: 'a.example', hook: 'preHandler' }, { hook: 'onSend' })), [
    ['max-age-out-of-range', '/maxAge', /./], ['origin-invalid', '/origin', /./], ['fixed-at-boot', '/hook', /./]
  ], 'in the order in which they were given')
  holds(t, issuesOf(() => parseReconfiguration(undefined, current)), [['origin-missing', '/origin', null]], 'nothing')
})

t.test('what is no options is called by its name, and the message says what to do about it', async t => {
  class Config { get origin (): string { return 'https://a.example' } }
  class Options { origin = 'https://a.example' }
  const given: ReadonlyArray<readonly [unknown, RegExp]> = [
    [new Map([['origin', '*']]), /not a Map, of which Object\.fromEntries makes one$/],
    [Promise.resolve({ origin: '*' }), /not a Promise, which must be awaited first$/],
    [new Config(), /not a Config, whose options are not properties of its own$/],
    [Object.create({ origin: '*' }), /not an object, whose options are not properties of its own$/],
    [new Error('no'), /not an Error, whose/],
    [new URL('https://a.example'), /not a URL, which belongs in origin$/],
    [new Set(['https://a.example']), /not a Set, which belongs in origin$/],
    [/^https:\/\/a\.example$/, /not a regular expression, which belongs in origin$/],
    [['https://a.example'], /not a list, which belongs in origin$/],
    ['https://a.example', /not 'https:\/\/a\.example', which belongs in origin$/],
    [5, /not 5$/]
  ]
  for (const [options, message] of given) t.match(issuesOf(() => parseCorsOptions(options)), [{ code: 'invalid-type', path: '', message, fix: null }])
  t.strictSame(issuesOf(() => parseCorsOptions(new Options())), [], 'an object of a class whose properties are its own')
  t.match(issuesOf(() => parseCorsOptions({ origin: new Map() })), [{ message: /not a Map/ }])
  for (const prototype of [null, Object.create(null), () => 1]) t.match(issuesOf(() => parseCorsOptions({ origin: Object.create(prototype) })), [{ message: /not an object/ }])
})
