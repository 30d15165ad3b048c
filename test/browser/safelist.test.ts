import t from 'tap'
import { checkCors } from '../../lib/browser/index.js'
import { allowHeaders, allowOrigin, answers, from, page } from './scripted.js'

async function causes (headers: Record<string, string>, method = 'GET'): Promise<string[]> {
  const names = Object.keys(headers).join(', ')
  const { send } = answers([204, allowOrigin(page), allowHeaders(names)], [200, allowOrigin(page)])
  return (await checkCors(from({ headers, method }), send)).preflightBecause
}

const long = 'a'.repeat(128)

const safe: [string, string][] = [
  ['accept', ''],
  ['accept', 'text/html, */*;q=0.8'],
  ['accept', 'a\tb'],
  ['accept', 'é'],
  ['accept', long],
  ['accept-language', 'en, de;q=0.5, *'],
  ['content-language', 'de-AT'],
  ['content-type', 'text/plain'],
  ['content-type', ' TEXT/Plain ; charset=utf-8'],
  ['content-type', 'text/plain;'],
  ['content-type', 'multipart/form-data; boundary=x'],
  ['content-type', 'application/x-www-form-urlencoded'],
  ['range', 'bytes=0-'],
  ['range', 'bytes=0-10'],
  ['range', 'bytes=10-10'],
  ['range', 'bytes=00-01']
]
for (const [name, value] of safe) {
  t.test(`${name}: ${value.slice(0, 50)} needs no preflight`, async t => t.strictSame(await causes({ [name]: value }), []))
}

const unsafe: [string, string, RegExp][] = [
  ['accept', 'a"', /CORS-unsafe byte/],
  ['accept', '(x)', /CORS-unsafe byte/],
  ['accept', 'a:b', /CORS-unsafe byte/],
  ['accept', 'a\x01b', /CORS-unsafe byte/],
  ['accept', 'a\x7f', /CORS-unsafe byte/],
  ['accept', `${long}a`, /129 bytes long, more than 128/],
  ['accept-language', 'en_US', /accept-language/],
  ['content-language', 'é', /content-language/],
  ['content-type', 'application/json', /content-type is application\/json, which is not one of/],
  ['content-type', 'text/plain; charset="utf-8"', /CORS-unsafe byte/],
  ['content-type', '', /content-type is empty/],
  ['content-type', 'text', /content-type is text,/],
  ['content-type', 'text/plain,text/plain', /content-type/],
  ['content-type', 'text /plain', /content-type/],
  ['range', 'bytes=-10', /not one range with a start/],
  ['range', 'bytes=10-9', /not one range/],
  ['range', 'bytes=0-1,3-4', /not one range/],
  ['range', 'bytes= 0-1', /not one range/],
  ['range', 'items=0-1', /not one range/],
  ['x-requested-with', 'XMLHttpRequest', /x-requested-with is not CORS-safelisted/],
  ['authorization', 'Bearer x', /authorization is not CORS-safelisted/]
]
for (const [name, value, because] of unsafe) {
  t.test(`${name}: ${value.slice(0, 50)} needs a preflight`, async t => {
    const [cause, ...others] = await causes({ [name]: value })
    t.match(cause, because)
    t.strictSame(others, [])
  })
}

t.test('safelisted headers need a preflight where their values are longer than 1024 bytes together', async t => {
  // Five names of at most 128 bytes stay below; names that differ in case are headers of their own.
  const accept = (count: number) => Object.fromEntries(
    ['accept', 'Accept', 'aCcept', 'acCept', 'accEpt', 'accePt', 'accepT', 'ACcept', 'AcCept'].slice(0, count).map(name => [name, long])
  )
  t.strictSame(await causes(accept(8)), [])
  t.strictSame(await causes({ ...accept(8), range: 'bytes=0-' }), [
    'the values of the safelisted headers are 1032 bytes together, more than 1024'
  ])
})

t.test('GET, HEAD and POST need no preflight, the others do', async t => {
  for (const method of ['GET', 'get', 'HEAD', 'POST', 'post']) t.strictSame(await causes({}, method), [], method)
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'QUERY', 'Custom']) {
    t.strictSame(await causes({}, method), [`the method ${method} is not GET, HEAD or POST`])
  }
})
