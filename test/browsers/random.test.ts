import t from 'tap'
import fc from 'fast-check'
import { eachEngine } from './harness/engines.js'
import { judge, namesTheSame, type Case } from './harness/judge.js'
import { startScriptedServer, type Answer, type Script } from './harness/scripted-server.js'

const seed = Number(process.env.CORS_SEED ?? 20260)

type Line = readonly [string, string]

/** A value for a header, most often the first one: a case that fails at once teaches nothing of what comes after. */
function line (name: string, right: string, ...others: string[]): fc.Arbitrary<Line> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: fc.constantFrom(...others) })
    .map(value => [name, value] as const)
}

const origin = line('Access-Control-Allow-Origin', '{page}', '*', 'null', '{other}', '{page}/', '{page}, {page}', '', 'foo')
const credentials = line('Access-Control-Allow-Credentials', 'true', 'TRUE', '', 'true, true')
const methods = line('Access-Control-Allow-Methods', 'PUT, DELETE, PATCH, Custom', '*', 'GET', 'put', '', 'PUT DELETE', 'PUT,')
const headers = line('Access-Control-Allow-Headers', 'x-a, Content-Type, range, accept', '*, x-a', '', 'x-b', 'x-a x-b')
const exposed = line('Access-Control-Expose-Headers', 'x-a', '*', '(', 'etag, x-a')
const target = line('Location', '{api}/case/{id}/end', '{other}/case/{id}/end', '{page}/case/{id}/end', 'http://u:p@127.0.0.1/', 'ftp://b.test/', 'end')

function answer (statuses: number[], ...lines: fc.Arbitrary<Line>[]): fc.Arbitrary<Answer> {
  return fc.record({
    status: fc.constantFrom(...statuses),
    headers: fc.tuple(...lines.map(one => fc.oneof({ weight: 9, arbitrary: fc.tuple(one) }, { weight: 1, arbitrary: fc.constant([]) })))
      .map(found => found.flat())
  })
}

const script: fc.Arbitrary<Script> = fc.record({
  preflight: answer([204, 204, 204, 200, 403, 307], origin, credentials, methods, headers),
  answer: fc.oneof(
    answer([200, 200, 404], origin, credentials, exposed, fc.constant(['X-A', '1'] as const), fc.constant(['ETag', '"1"'] as const)),
    // After a 303 of another method, or with a body's headers, Firefox and WebKit ask where the standard does not.
    answer([307, 308], origin, credentials, target)
  )
})

const request = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'Custom'),
  headers: fc.constantFrom<Record<string, string>>(
    {}, {}, { 'x-a': '1' }, { 'content-type': 'application/json' }, { 'content-type': 'text/plain' }, { range: 'bytes=0-9' }, { range: 'bytes=-9' },
    { accept: 'text/html' }, { accept: '(' }
  ),
  credentials: fc.constantFrom('omit' as const, 'same-origin' as const, 'include' as const),
  url: fc.constantFrom('{api}/case/{id}/', '{api}/case/{id}/', '{page}/case/{id}/')
})

const examples: fc.Arbitrary<Case> = fc.record({
  name: fc.constant('random'),
  page: fc.constantFrom('ordinary' as const, 'ordinary' as const, 'ordinary' as const, 'opaque' as const),
  request,
  scripts: fc.record({ '': script, end: script })
})

eachEngine(t, async (t, browser, engine) => {
  t.comment(`CORS_SEED=${seed}`)
  const server = await startScriptedServer()
  t.teardown(() => server.close())
  const cases = fc.sample(examples, { seed, numRuns: 400 })
  for (const { example, allowed, readable, failure, requests, verdict } of await judge(browser, server, cases)) {
    // Firefox names its true origin in a preflight after a redirect: what other server would have answered is unknown.
    const departs = engine.name === 'firefox' && requests.own.filter(made => made.startsWith('preflight')).length > 1
    // An engine that goes on where the standard stops may still be stopped by the next answer.
    const differs = verdict.differs.includes(engine.name)
    const told = JSON.stringify(example)
    if (!departs && !differs) t.equal(allowed, verdict.allowed, told)
    if (allowed && verdict.allowed) t.strictSame(verdict.readableHeaders, readable, told)
    if (engine.name !== 'chromium') continue
    // Each once: in a loop of redirects the engine remembers preflights, checkCors does not.
    t.strictSame(new Set(requests.own), new Set(requests.engine), told)
    if (allowed) continue
    t.equal(verdict.reason, failure?.reason ?? null, told)
    t.ok(namesTheSame(verdict, failure?.reason ? failure.parameter : null), told)
  }
})
