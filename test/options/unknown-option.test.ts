import t from 'tap'
import { parseCorsOptions } from '../../lib/options/parse.js'
import { issuesOf, refuses } from './refused.js'

const origin = 'https://a.example'

t.test('an option that there is not is refused, with the one that was meant', async t => {
  const meant: Record<string, readonly string[]> = {
    origin: ['orgin', 'origins', 'Origin', 'allowedOrigins', 'AllowedOrigins', 'allow_origins', 'allowOrigin', 'CORS_ALLOWED_ORIGINS', 'allow_origin_regex', 'Access-Control-Allow-Origin'],
    methods: ['allowedMethods', 'allowMethods', 'allow_methods', 'method', 'methds', 'AllowedMethods'],
    allowedHeaders: ['allowHeaders', 'allowed_headers', 'headers', 'additionalHeaders', 'allowedHeader', 'allwoedHeaders'],
    exposedHeaders: ['exposeHeaders', 'exposedHeader', 'expose_headers', 'additionalExposedHeaders', 'ExposedHeaders', 'exposdHeaders'],
    credentials: ['allow_credentials', 'allowCredentials', 'supportsCredentials', 'withCredentials', 'credential', 'credentails'],
    maxAge: ['max_age', 'maxage', 'MaxAge', 'maxAgeSeconds', 'maxAeg'],
    privateNetwork: ['AllowPrivateNetwork', 'privateNetworks'],
    preflightContinue: ['optionsPassthrough', 'preflightcontinue', 'prefligthContinue'],
    optionsSuccessStatus: ['optionsSuccessStatusCode', 'optionSuccessStatus', 'originSuccessStatus', 'corsSuccessStatus'],
    strictPreflight: ['strictPreFlight'],
    hideOptionsRoute: ['hideOptionsRoutes'],
    dangerouslyAllow: ['dangerouslyallow'],
    urls: ['paths']
  }
  const values: Record<string, unknown> = {
    origin, methods: ['PUT'], allowedHeaders: 'x-a', exposedHeaders: ['ETag'], maxAge: 1, optionsSuccessStatus: 200, dangerouslyAllow: [], urls: /a/
  }
  for (const [option, names] of Object.entries(meant)) {
    for (const name of names) {
      const others = option === 'origin' ? {} : { origin }
      refuses(t, { ...others, [name]: values[option] ?? true }, [['unknown-option', `/${name}`, option]], name)
      t.match(issuesOf(() => parseCorsOptions({ origin, [option]: values[option] ?? true, [name]: 1 })), [{ message: `Did you mean '${option}'?`, fix: null }], `${name} beside it`)
    }
  }
})

t.test('where no option is near, none is named', async t => {
  for (const name of ['x', 'nonsense', 'foo', 'debug', '', 'constructor', 'toString', '__proto__', 'a'.repeat(1000)]) {
    refuses(t, JSON.parse(`{"origin": "https://a.example", ${JSON.stringify(name)}: 1}`), [['unknown-option', `/${name}`, null]], `"${name.slice(0, 20)}"`)
  }
})

t.test('of a thousand misspelled options, the first get their fix, and judging the others does not go on for a minute', async t => {
  const names = Array.from({ length: 1000 }, (_, index) => `credent${String.fromCharCode(97 + index % 26, 97 + Math.floor(index / 26))}als`)
  const issues = issuesOf(() => parseCorsOptions({ origin, ...Object.fromEntries(names.map(name => [name, 1])) }))
  t.equal(issues.length, 1000)
  t.ok(issues.every(({ fix }) => fix === null), 'a number is no right value')
  const [first, ...others] = issuesOf(() => parseCorsOptions({ origin: Array.from({ length: 10_000 }, (_, index) => `https://a${index}.example`), ...Object.fromEntries(names.map(name => [name, true])) }))
  t.match(first, { fix: 'credentials' })
  t.ok(others.every(({ fix }) => fix === null), 'one has the name already')
})

t.test('keys of Fastify\'s own register are explained', async t => {
  refuses(t, { origin, prefix: '/api', logSerializers: {} }, [['unknown-option', '/prefix', null], ['unknown-option', '/logSerializers', null]], 'prefix')
  t.match(issuesOf(() => parseCorsOptions({ origin, prefix: '/api' }))[0]?.message, /register it in a context with that prefix/)
})

t.test('options of the application that are handed on are explained', async t => {
  refuses(t, { origin, bodyLimit: 10, logger: true, audience: 'all' }, [['unknown-option', '/bodyLimit', 'leave it out'], ['unknown-option', '/logger', 'leave it out'], ['unknown-option', '/audience', null]], 'bodyLimit')
  for (const name of ['ignoreTrailingSlash', 'skipOverride', 'prefix']) {
    t.match(issuesOf(() => parseCorsOptions({ origin, [name]: true }))[0]?.message, /options of the application, \.\.\.options/, name)
  }
})

t.test('the place of an odd name is a JSON pointer', async t => {
  refuses(t, { origin, 'a/b~c': 1 }, [['unknown-option', '/a~1b~0c', null]], 'a/b~c')
})

t.test('a misspelled option is one problem: it is not missing, too', async t => {
  for (const name of ['orgin', 'allowedOrigins']) refuses(t, { [name]: origin }, [['unknown-option', `/${name}`, 'origin']], name)
  refuses(t, { delegater: () => ({}) }, [['unknown-option', '/delegater', 'delegator']], 'delegater')
  refuses(t, { delegater: origin }, [['unknown-option', '/delegater', null], ['invalid-type', '/delegater', null]], 'one whose value is wrong, too')
  refuses(t, { nonsense: origin }, [['origin-missing', '/origin', null], ['unknown-option', '/nonsense', null]], 'one that means nothing')
})

t.test('options inside of another, as other tools nest them, are told to stand alone, and nothing is missing, too', async t => {
  const nested = [
    { cors: { origin } }, { corsOptions: { origins: [origin] } }, { config: { cors: { origin } } }, { server: { cors: { allowedOrigins: origin } } },
    { production: { origin } }, { '/api': { origin } }, { resources: { '/api/*': { origins: '*' } } }, { options: { Origin: true } }
  ]
  for (const options of nested) {
    const [name = ''] = Object.keys(options)
    const place = `/${name.replace('/', '~1')}`
    refuses(t, options, [['unknown-option', place, null]], name)
    refuses(t, { origin, ...options }, [['unknown-option', place, null]], `${name} beside origin`)
    t.match(issuesOf(() => parseCorsOptions(options))[0]?.message, /the options in it stand alone, as in app\.register\(corsPlugin, \{ origin: … \}\)$/, name)
  }
  refuses(t, { cors: { methods: ['PUT'] } }, [['unknown-option', '/cors', null], ['invalid-type', '/cors', null]], 'without origin')
})

t.test('origins under a name that may mean anything else are meant for origin', async t => {
  for (const name of ['cors', 'url', 'host', 'hosts', 'sites', 'client', 'frontend', 'FRONTEND_URL', 'trustedOrigins', 'CSRF_TRUSTED_ORIGINS']) {
    for (const value of [origin, [origin, 'https://b.example']]) refuses(t, { [name]: value }, [['unknown-option', `/${name}`, 'origin']], name)
    t.match(issuesOf(() => parseCorsOptions({ origin, [name]: origin })), [{ message: /'origin'\?$/, fix: null }], name)
  }
  refuses(t, { cors: '*' }, [['unknown-option', '/cors', 'origin']], 'any origin')
  refuses(t, { origin, host: '0.0.0.0' }, [['unknown-option', '/host', null]], 'an address to listen at')
  refuses(t, { origin, url: /^\/api\// }, [['unknown-option', '/url', 'urls']], 'paths')
  refuses(t, { origin, CORS_URLS_REGEX: /^\/api\// }, [['unknown-option', '/CORS_URLS_REGEX', 'urls']], 'paths, as Django has them')
})
