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
    optionsSuccessStatus: ['optionsSuccessStatusCode', 'optionSuccessStatus'],
    strictPreflight: ['strictPreFlight'],
    hideOptionsRoute: ['hideOptionsRoutes'],
    dangerouslyAllow: ['dangerouslyallow'],
    urls: ['paths']
  }
  for (const [option, names] of Object.entries(meant)) {
    for (const name of names) refuses(t, { origin, [name]: 1 }, [['unknown-option', `/${name}`, option]], name)
  }
})

t.test('where no option is near, none is named', async t => {
  for (const name of ['x', 'nonsense', 'foo', 'debug', '', 'constructor', 'toString', '__proto__', 'a'.repeat(1000)]) {
    refuses(t, JSON.parse(`{"origin": "https://a.example", ${JSON.stringify(name)}: 1}`), [['unknown-option', `/${name}`, null]], `"${name.slice(0, 20)}"`)
  }
})

t.test('keys of Fastify\'s own register are explained', async t => {
  refuses(t, { origin, prefix: '/api', logSerializers: {} }, [['unknown-option', '/prefix', null], ['unknown-option', '/logSerializers', null]], 'prefix')
  t.match(issuesOf(() => parseCorsOptions({ origin, prefix: '/api' }))[0]?.message, /register it in a context with that prefix/)
})

t.test('the place of an odd name is a JSON pointer', async t => {
  refuses(t, { origin, 'a/b~c': 1 }, [['unknown-option', '/a~1b~0c', null]], 'a/b~c')
})

t.test('of very many unknown options only the first are explained', async t => {
  const names = Array.from({ length: 30 }, (_, index) => `method${'s'.repeat(index % 2)}${index}`)
  const issues = issuesOf(() => parseCorsOptions({ origin, ...Object.fromEntries(names.map(name => [name, 1])) }))
  t.equal(issues.length, 30)
  t.equal(issues[0]?.fix, 'methods')
  t.equal(issues[29]?.fix, null)
})
