import t from 'tap'
import type { CorsOptions } from '../../lib/index.js'
import { compile } from '../../lib/policy/policy.js'
import { answerPreflight, leastOf, type PreflightAnswer } from '../../lib/policy/preflight.js'

const origin = 'https://page.example'

/** What a preflight announces, in short. */
interface Announced {
  readonly method?: string
  readonly headers?: string
  readonly privateNetwork?: boolean
}

function answer (options: Partial<CorsOptions>, { method = 'PUT', headers, privateNetwork = false }: Announced = {}, allowed = true, differ = false): PreflightAnswer {
  return answerPreflight(compile({ origin, ...options }), {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': headers,
    'access-control-request-private-network': String(privateNetwork)
  }, allowed, differ)
}

t.test('an origin that is refused gets Vary, and nothing else', t => {
  const { decision, headers: { policy, ...headers } } = answer({ credentials: true, maxAge: 5, cacheControl: 5, methods: ['PUT'], privateNetwork: true }, { privateNetwork: true }, false)
  t.strictSame(decision, { kind: 'preflight', origin, allowed: false, reason: 'origin-not-allowed' })
  t.strictSame(headers, {
    allowOrigin: null,
    credentials: false,
    allowMethods: null,
    allowHeaders: null,
    maxAge: null,
    privateNetwork: false,
    vary: 'Origin, Access-Control-Request-Headers'
  })
  t.equal(policy.cacheControl, 'max-age=5', 'what does not depend on the request is that of the policy')
  t.end()
})

t.test('the decision depends on the method and on each header name', t => {
  for (const [options, request, reason] of [
    [{ methods: ['PUT'] }, {}, 'origin-allowed'],
    [{ methods: ['DELETE'] }, {}, 'method-not-allowed'],
    [{ methods: [] }, { method: 'POST' }, 'origin-allowed'],
    [{ methods: '*' }, { method: 'ANY' }, 'origin-allowed'],
    [{ methods: ['PUT'], allowedHeaders: ['X-A'] }, { headers: 'x-a' }, 'origin-allowed'],
    [{ methods: ['PUT'], allowedHeaders: ['X-A'] }, { headers: 'x-a, x-b' }, 'header-not-allowed'],
    [{ methods: ['PUT'], allowedHeaders: [] }, { headers: 'x-a' }, 'header-not-allowed'],
    [{ methods: ['PUT'], allowedHeaders: [] }, {}, 'origin-allowed'],
    [{ methods: ['PUT'] }, { headers: 'x'.repeat(5000) }, 'header-not-allowed'],
    [{ methods: ['PUT'], allowedHeaders: '*' }, { headers: 'authorization' }, 'header-not-allowed'],
    [{ methods: ['PUT'], allowedHeaders: ['*', 'authorization'] }, { headers: 'authorization, x-a' }, 'origin-allowed']
  ] as const) t.equal(answer(options, request).decision.reason, reason, JSON.stringify([options, request]))
  t.end()
})

t.test('of several answers, the least counts, whatever their order', t => {
  const granted = answer({ methods: ['PUT'], credentials: true, privateNetwork: true }, { privateNetwork: true })
  const withoutCredentials = answer({ methods: ['PUT'] })
  const lacksMethod = answer({ methods: ['DELETE'], optionsSuccessStatus: 200 })
  const refused = answer({}, {}, false)
  for (const [answers, expected] of [
    [[granted, withoutCredentials], { allowed: true, status: 204 }],
    [[granted, lacksMethod], { allowed: false, status: 200 }],
    [[granted, refused], { allowed: false, status: null }],
    [[lacksMethod, refused], { allowed: false, status: null }],
    [[granted, lacksMethod, refused, withoutCredentials], { allowed: false, status: null }]
  ] as const) {
    for (const list of [answers, [...answers].reverse()]) {
      const least = leastOf(list)
      t.equal(least.decision.allowed, expected.allowed)
      t.equal(least.headers.allowOrigin === null ? null : least.headers.policy.status, expected.status)
      t.equal(least.headers.credentials, false)
      t.equal(least.headers.privateNetwork, false)
      t.equal(least.headers.allowOrigin, expected.status === null ? null : origin)
    }
  }
  t.equal(leastOf([granted]), granted)
  t.end()
})

t.test('the least answer varies by all that any of them varies by', t => {
  const anyone = answer({ origin: '*', methods: ['PUT'], allowedHeaders: ['x-a'] })
  const one = answer({ methods: ['PUT'], allowedHeaders: ['x-a'] })
  for (const list of [[anyone, one], [one, anyone]]) t.match(leastOf(list).headers.vary, /Origin/)
  t.end()
})
