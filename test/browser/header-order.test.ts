import t from 'tap'
import { checkCors, type CorsPage } from '../../lib/browser/index.js'
import { allowHeaders, allowOrigin, answers, from, type ScriptedAnswer } from './scripted.js'

/** The header that is reported of those named, where the preflight's answers are given. */
async function named (names: string, overrides: Partial<CorsPage> = {}, ...scripted: ScriptedAnswer[]): Promise<string | null> {
  const headers = Object.fromEntries(names.split(' ').map(name => [name, name === 'content-type' ? 'application/json' : '1']))
  const { send } = answers(...scripted, [204, allowOrigin('*')])
  return (await checkCors(from({ headers, ...overrides }), send)).parameter
}

/** What Chromium 156 has reported of requests to a server at https:, and of those to one at http:. */
const recorded: [names: string, secure: string, insecure: string][] = [
  ['x-a x-b', 'x-a', 'x-a'],
  ['x-b x-c', 'x-c', 'x-c'],
  ['x-a x-api-key', 'x-api-key', 'x-a'],
  ['authorization x-tenant', 'authorization', 'x-tenant'],
  ['authorization content-type', 'authorization', 'content-type'],
  ['content-type x-requested-with', 'x-requested-with', 'content-type'],
  ['authorization content-type x-csrf-token', 'authorization', 'authorization'],
  ['authorization content-type x-tenant x-request-id', 'x-request-id', 'x-request-id'],
  ['a x-a', 'x-a', 'x-a'],
  ['b3 x-b3-traceid x-b3-spanid', 'x-b3-spanid', 'x-b3-spanid'],
  ['q dpop x-client authorization', 'q', 'q'],
  ['if-match if-none-match idempotency-key', 'if-none-match', 'if-none-match'],
  ['x-amz-content-sha256 x-amz-date authorization', 'x-amz-content-sha256', 'x-amz-content-sha256'],
  ['x-name-of-thirty-six-characters-long x-name-of-27-characters-long x-a', 'x-name-of-thirty-six-characters-long', 'x-name-of-thirty-six-characters-long'],
  ['x-a-name-of-twenty-five-ch x-another-name-of-fifty-characters-which-is-long-x x-b', 'x-a-name-of-twenty-five-ch', 'x-a-name-of-twenty-five-ch'],
  ['x-a x-b x-c x-d x-e x-f x-g x-h x-i x-j x-k x-l', 'x-g', 'x-h'],
  ['user-agent x-a x-api-key', 'x-api-key', 'x-a']
]
for (const [names, secure, insecure] of recorded) {
  t.test(`of ${names}, the name is Chromium's`, async t => {
    t.equal(await named(names), secure, 'at https:')
    t.equal(await named(names, { url: 'http://api.example.net/' }), insecure, 'at http:')
    t.equal(await named(names, { url: 'http://127.0.0.1:3000/' }), secure, 'on the own machine')
    t.equal(await named(names.split(' ').reverse().join(' ').toUpperCase()), secure, 'in any order and case')
  })
}

t.test('what the preflight allows is passed over', async t => {
  t.equal(await named('x-b x-c x-d', {}, [204, allowOrigin('*'), allowHeaders('x-c')]), 'x-d')
  t.equal(await named('x-b x-c x-d', {}, [204, allowOrigin('*'), allowHeaders('x-d, x-c')]), 'x-b')
})

t.test('a redirect changes nothing: neither by where it leads nor by the headers that it takes away', async t => {
  const granted: ScriptedAnswer = [204, allowOrigin('*'), allowHeaders('authorization, content-type, x-a, x-api-key')]
  const to = (location: string, status = 307): ScriptedAnswer => [status, allowOrigin('*'), ['Location', location]]
  t.equal(await named('x-a x-api-key', { url: 'http://api.example.net/' }, granted, to('https://api.example.net/')), 'x-a')
  t.equal(await named('x-a x-api-key', {}, granted, to('http://api.example.net/')), 'x-api-key')
  const names = 'authorization content-type x-a x-api-key'
  t.equal(await named(names, { method: 'POST' }, granted, to('https://other.example.net/', 303)), 'x-a')
})
