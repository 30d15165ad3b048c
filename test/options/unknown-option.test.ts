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

t.test('a misspelled option is one problem: it is not missing, too', async t => {
  for (const name of ['orgin', 'allowedOrigins', 'delegater']) refuses(t, { [name]: origin }, [['unknown-option', `/${name}`, /origin|delegator/]], name)
  refuses(t, { nonsense: origin }, [['origin-missing', '/origin', /./], ['unknown-option', '/nonsense', null]], 'one that means nothing')
})
