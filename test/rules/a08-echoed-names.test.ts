import fc from 'fast-check'
import t from 'tap'
import { createApp, page, preflight } from '../helpers.js'

const app = createApp({ origin: page, methods: ['PUT'] })

async function echoed (headers: string): Promise<unknown> {
  const asked = await preflight(app, { origin: page, headers })
  t.equal(asked.statusCode, 204)
  return asked.headers['access-control-allow-headers']
}

t.test('names are parsed, lower-cased and sent once, in their order', async t => {
  for (const [given, expected] of [
    ['x-a', 'x-a'],
    ['X-B,x-a', 'x-b, x-a'],
    [' x-a ,\tX-A,x-b', 'x-a, x-b'],
    ['x-a,,x-b,', 'x-a, x-b'],
    ["!#$%&'*+-.^_`|~1", "!#$%&'*+-.^_`|~1"],
    ['__proto__, constructor', '__proto__, constructor']
  ] as const) t.equal(await echoed(given), expected, given)
})

t.test('what is no token is left out', async t => {
  for (const [given, expected] of [
    ['x a, x-b', 'x-b'],
    ['x-a: 1, x-b', 'x-b'],
    ['"x-a", x-b', 'x-b'],
    ['x\u00e9, x-b', 'x-b'],
    ['x\ta, x-b', 'x-b'],
    ['(x), x-b', 'x-b']
  ] as const) t.equal(await echoed(given), expected, given)
  for (const none of ['', ',', ' , ', 'a b', '()', '\u00ff']) t.equal(await echoed(none), undefined, JSON.stringify(none))
})

t.test('64 names are echoed, 65 are not', async t => {
  const names = Array.from({ length: 64 }, (_, i) => `x-${i}`).join(',')
  t.equal(await echoed(names), names.replaceAll(',', ', '))
  t.equal(await echoed(`${names},x-64`), undefined)
})

t.test('repetitions and empty places count for nothing', async t => {
  t.equal(await echoed('x-a,'.repeat(200)), 'x-a')
  t.equal(await echoed(`x-a${','.repeat(1000)}`), 'x-a')
})

t.test('1,024 characters are echoed, more are not', async t => {
  const longest = `x-${'a'.repeat(1022)}`
  t.equal(await echoed(longest), longest)
  t.equal(await echoed(`${longest}a`), undefined)
})

t.test('beyond the limits a policy\'s own list is sent all the same', async t => {
  const listed = createApp({ origin: page, methods: ['PUT'], allowedHeaders: ['x-a'], maxAge: 5 })
  const asked = await preflight(listed, { origin: page, headers: 'x'.repeat(5000) })
  t.equal(asked.statusCode, 204)
  t.equal(asked.headers['access-control-allow-headers'], 'x-a')
  t.equal(asked.headers['access-control-max-age'], '5')
})

t.test('without names there is no Allow-Headers, and Vary all the same', async t => {
  const asked = await preflight(app, { origin: page })
  t.notOk('access-control-allow-headers' in asked.headers)
  t.match(asked.headers.vary, /Access-Control-Request-Headers/)
})

t.test('a method is echoed only if it is a token', async t => {
  const any = createApp({ origin: page, methods: '*', credentials: true })
  for (const method of ['PATCH', 'X-Y', '*']) t.equal((await preflight(any, { origin: page, method })).headers['access-control-allow-methods'], method)
  for (const method of ['PUT, DELETE', 'a b', '"x"', '\u00e9', '']) t.notOk('access-control-allow-methods' in (await preflight(any, { origin: page, method })).headers, method)
})

t.test('whatever is asked for, what is sent is a list of lower-case tokens, each once', async () => {
  const byte = fc.integer({ min: 0x20, max: 0xff }).filter(code => code !== 0x7f).map(code => String.fromCharCode(code))
  const value = fc.array(fc.oneof(byte, fc.constantFrom(',', ' ', '\t', 'x-a', 'X-A')), { maxLength: 60 }).map(parts => parts.join(''))
  await fc.assert(fc.asyncProperty(value, async headers => {
    const sent = (await preflight(app, { origin: page, headers })).headers['access-control-allow-headers']
    if (sent === undefined) return true
    const names = String(sent).split(', ')
    return names.every(name => /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) && new Set(names).size === names.length
  }), { numRuns: 200 })
})
