import t from 'tap'
import { checkCors } from '../../lib/browser/index.js'
import { allowCredentials, allowMethods, allowOrigin, answers, from, page, type ScriptedAnswer } from './scripted.js'

/** Header lines, the credentials mode where it matters, and what Chromium reports: nothing where it allows. */
type Row = [name: string, headers: [string, string][], reason?: string | undefined, parameter?: string]

const latin1 = (text: string) => Buffer.from(text).toString('latin1')

const withoutCredentials: Row[] = [
  ['the origin itself', [allowOrigin(page)]],
  ['a header name in capitals', [['ACCESS-CONTROL-ALLOW-ORIGIN', page]]],
  ['whitespace around the value', [allowOrigin(` ${page}\t`)]],
  ['a wildcard', [allowOrigin('*')]],
  ['no header', [], 'MissingAllowOriginHeader', ''],
  ['another origin', [allowOrigin('https://b.example')], 'AllowOriginMismatch', 'https://b.example'],
  ['a trailing slash', [allowOrigin(`${page}/`)], 'AllowOriginMismatch', `${page}/`],
  ['another case', [allowOrigin('HTTPS://app.example.com')], 'AllowOriginMismatch', 'HTTPS://app.example.com'],
  ['null', [allowOrigin('null')], 'AllowOriginMismatch', 'null'],
  ['any URL', [allowOrigin('mailto:x')], 'AllowOriginMismatch', 'mailto:x'],
  ['null in capitals', [allowOrigin('NULL')], 'InvalidAllowOriginValue', 'NULL'],
  ['an empty value', [allowOrigin('')], 'InvalidAllowOriginValue', ''],
  ['a host without a scheme', [allowOrigin('app.example.com')], 'InvalidAllowOriginValue', 'app.example.com'],
  ['two lines', [allowOrigin(page), allowOrigin(page)], 'MultipleAllowOriginValues', `${page}, ${page}`],
  ['two wildcards', [allowOrigin('*'), allowOrigin('*')], 'MultipleAllowOriginValues', '*, *'],
  ['a list', [allowOrigin(`${page},https://b.example`)], 'MultipleAllowOriginValues', `${page},https://b.example`],
  ['a list by spaces', [allowOrigin(`${page} https://b.example`)], 'MultipleAllowOriginValues', `${page} https://b.example`],
  ['UTF-8 in the host', [allowOrigin(latin1('http://é.test'))], 'AllowOriginMismatch', 'http://é.test'],
  ['other bytes in the host', [allowOrigin('http://\xe9.test')], 'InvalidAllowOriginValue', ''],
  ['other bytes in a path', [allowOrigin('http://b.example/\xe9')], 'AllowOriginMismatch', ''],
  ['text that was decoded before', [allowOrigin('http://b.example/\u20ac')], 'AllowOriginMismatch', 'http://b.example/\u20ac']
]

const withCredentials: Row[] = [
  ['the origin and true', [allowOrigin(page), allowCredentials('true')]],
  ['a wildcard', [allowOrigin('*'), allowCredentials('true')], 'WildcardOriginNotAllowed', ''],
  ['no Allow-Credentials', [allowOrigin(page)], 'InvalidAllowCredentials', ''],
  ['TRUE', [allowOrigin(page), allowCredentials('TRUE')], 'InvalidAllowCredentials', 'TRUE'],
  ['true twice', [allowOrigin(page), allowCredentials('true'), allowCredentials('true')], 'InvalidAllowCredentials', 'true, true'],
  ['a wildcard for credentials', [allowOrigin(page), allowCredentials('*')], 'InvalidAllowCredentials', '*'],
  ['the origin first', [allowOrigin('https://b.example'), allowCredentials('no')], 'AllowOriginMismatch', 'https://b.example']
]

for (const [credentials, rows] of [['omit', withoutCredentials], ['same-origin', withoutCredentials], ['include', withCredentials]] as const) {
  for (const [name, headers, reason = null, parameter = null] of rows) {
    const answer: ScriptedAnswer = [204, ...headers]
    t.test(`${name}, credentials ${credentials}, on an actual answer`, async t => {
      const verdict = await checkCors(from({ credentials }), answers(answer).send)
      t.match(verdict, { allowed: reason === null, reason, parameter, preflight: 'not-needed', maxAge: null })
    })
    t.test(`${name}, credentials ${credentials}, on a preflight`, async t => {
      const preflight: ScriptedAnswer = [...answer, allowMethods('PUT')]
      const verdict = await checkCors(from({ credentials, method: 'PUT' }), answers(preflight, answer).send)
      t.equal(verdict.reason, reason === null ? null : `Preflight${reason}`)
      t.equal(verdict.parameter, parameter)
      t.equal(verdict.preflight, reason === null ? 'passed' : 'failed')
      t.equal(verdict.exchanges.length, reason === null ? 2 : 1)
    })
  }
}

t.test('a page without an origin of its own sends and needs null', async t => {
  const { send, requests } = answers([200, allowOrigin('null')])
  t.equal((await checkCors(from({ origin: 'null' }), send)).allowed, true)
  t.equal(requests[0]?.headers.origin, 'null')
  t.match(await checkCors(from({ origin: 'null' }), answers([200, allowOrigin(page)]).send), { reason: 'AllowOriginMismatch', parameter: page })
  const own = await checkCors({ origin: 'null', url: `${page}/x` }, answers([200]).send)
  t.equal(own.reason, 'MissingAllowOriginHeader', 'nothing is same-origin with it')
})

t.test('the status of an actual answer does not matter', async t => {
  for (const status of [200, 299, 304, 401, 404, 500]) {
    t.equal((await checkCors(from(), answers([status, allowOrigin(page)]).send)).allowed, true, String(status))
    t.equal((await checkCors(from(), answers([status]).send)).reason, 'MissingAllowOriginHeader', String(status))
  }
})
