import t from 'tap'
import fc from 'fast-check'
import { FRAMEWORKS, remedyFor, type Framework, type RemedyOptions } from '../../../lib/browser/index.js'

/** Names as a server or a page may invent them: every character that RFC 9110 allows in a token. */
const token = fc.string({ unit: fc.constantFrom(..."!#$%&'+-.^_`|~*0aZ{}"), minLength: 1, maxLength: 8 })
  .map(text => text.replace(/[{}]/g, '')).filter(text => text !== '' && text !== '*')
const hostile = fc.record({
  origin: fc.constant('https://app.example.com'),
  methods: fc.uniqueArray(token, { minLength: 1, maxLength: 3 }),
  allowedHeaders: fc.uniqueArray(token, { minLength: 1, maxLength: 3 }),
  exposedHeaders: fc.uniqueArray(token, { minLength: 1, maxLength: 3 }),
  credentials: fc.boolean()
})

function plain (options: RemedyOptions & { methods: string[], allowedHeaders: string[], exposedHeaders: string[] }): RemedyOptions {
  const named = (names: string[]) => names.map((_, index) => `n${index}`)
  return { ...options, methods: named(options.methods), allowedHeaders: named(options.allowedHeaders), exposedHeaders: named(options.exposedHeaders) }
}

const singleQuoted: readonly Framework[] = ['fastify-cors-policy', 'fastify-cors', 'express', 'koa', 'hono', 'nestjs', 'laravel', 'rails']
const doubleQuoted: readonly Framework[] = ['django', 'flask', 'fastapi', 'spring', 'aspnet', 'go']

/** The text without its strings, and the strings as their language reads them. */
function taken (text: string, mark: string): { program: string, strings: string[] } {
  const strings: string[] = []
  const program = text.replace(new RegExp(`${mark}((?:[^${mark}\\\\]|\\\\.)*)${mark}`, 'gs'), (_, inner: string) => {
    strings.push(inner.replace(/\\(.)/g, '$1'))
    return '«»'
  })
  return { program, strings }
}

for (const [mark, frameworks] of [["'", singleQuoted], ['"', doubleQuoted]] as const) {
  for (const framework of frameworks) {
    t.test(`with ${framework}, no name ends the string it stands in`, async t => {
      fc.assert(fc.property(hostile, options => {
        const { program, strings } = taken(remedyFor({ options }, framework), mark)
        const expected = taken(remedyFor({ options: plain(options) }, framework), mark)
        const names = framework === 'flask'
          // As expressions, where the library would take the name for one: the names of headers to send.
          ? [...options.methods, ...options.exposedHeaders]
          : [...options.methods, ...options.allowedHeaders, ...options.exposedHeaders]
        return program === expected.program && strings.length === expected.strings.length &&
          names.every(name => strings.includes(framework === 'rails' && options.methods.includes(name) ? name.toLowerCase() : name))
      }))
      t.pass()
    })
  }
}

t.test('programs in JavaScript hand the library exactly what was asked for', async t => {
  const AsyncFunction = async function () {}.constructor as new (...code: string[]) => (...values: unknown[]) => Promise<void>
  for (const framework of ['fastify-cors', 'express', 'hono', 'nestjs'] as const) {
    await fc.assert(fc.asyncProperty(hostile, async options => {
      const program = remedyFor({ options }, framework).replace(/^import .*$/m, '')
      const { origin, methods, allowedHeaders, exposedHeaders, credentials } = options
      const expected = framework === 'hono'
        ? { origin: [origin], allowMethods: methods, allowHeaders: allowedHeaders, exposeHeaders: exposedHeaders }
        : { origin: [origin], methods, allowedHeaders, exposedHeaders }
      let given: unknown
      const cors = (value: unknown) => { given = value }
      const app = { use: () => {}, enableCors: cors, register: (_: unknown, value: unknown) => { given = value } }
      await new AsyncFunction('app', 'cors', program)(app, cors)
      t.strictSame(given, credentials ? { ...expected, credentials } : expected)
    }), { numRuns: 30 })
  }
})

t.test('Flask takes a name with a mark of expressions literally', async t => {
  const options = { origin: 'http://[::1]:3000', allowedHeaders: ['x-a$b', 'x*', 'x-plain'] }
  const text = remedyFor({ options }, 'flask')
  const [origin = ''] = taken(/origins=.*/.exec(text)?.[0] ?? '', '"').strings
  t.ok(new RegExp(origin).test('http://[::1]:3000'))
  t.notOk(new RegExp(origin).test('http://:3000'))
  const [dollar = '', star = '', ordinary] = taken(/allow_headers=.*/.exec(text)?.[0] ?? '', '"').strings
  t.ok(new RegExp(dollar).test('x-a$b'))
  t.ok(new RegExp(star).test('x*'))
  t.notOk(new RegExp(star).test('xx'))
  t.equal(ordinary, 'x-plain')
})

t.test('nginx never reads a name as one of its variables, nor past its string', async t => {
  const variables = new Set(['$cors_origin', '$http_origin', '$cors_preflight', '$request_method', '$http_access_control_request_method'])
  fc.assert(fc.property(hostile, options => {
    const { program, strings } = taken(remedyFor({ options }, 'nginx'), '"')
    return strings.every(text => !text.includes('$')) && (program.match(/\$\w*/g) ?? []).every(name => variables.has(name)) &&
      program.split('\n').every(line => /^(?:#.*|(?:set|add_header) .*;|if \(.*\) \{ .* \})?$/.test(line))
  }))
  t.notMatch(remedyFor({ options: { origin: 'https://a.example', allowedHeaders: ['x-$host'] } }, 'nginx'), 'Allow-Headers')
})

t.test('header lines stay as many as there are', async t => {
  const names = (text: string) => text.split('\n').map(line => line.split(':', 1)[0])
  fc.assert(fc.property(hostile, options => {
    t.strictSame(names(remedyFor({ options }, 'headers')), names(remedyFor({ options: plain(options) }, 'headers')))
  }))
})

t.test('every framework is tested here', async t => {
  t.strictSame([...singleQuoted, ...doubleQuoted, 'nginx', 'headers'].sort(), [...FRAMEWORKS].sort())
})
