import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { fill } from '../../lib/browser/failure-text.js'
import { failureTexts, type FailureName } from '../../lib/browser/reasons.js'
import { actual, credentials, headers, methods, origin, preflight } from './cases.js'
import { chromium } from './harness/chromium.js'
import type { Engine } from './harness/engine.js'
import { skipReason } from './harness/engines.js'
import { firefox } from './harness/firefox.js'
import type { Case } from './harness/judge.js'
import { startScriptedServer, type ScriptedServer } from './harness/scripted-server.js'
import { printedByWebKit, webkit } from './harness/webkit.js'

const page = origin('{page}')
const put = { method: 'PUT' }
const include = { credentials: 'include' as const }
const header = { headers: { 'x-a': '1' } }

function redirect (location: string): Case {
  return actual('a redirect', [page, ['Location', location]], {}, 302)
}

/**
 * An example of every failure, and the values that it is told with. One is left to local-network.test.ts, and one needs
 * a page over https.
 */
const examples: Record<Exclude<FailureName, 'LocalNetworkAccessPermissionDenied' | 'MixedContent'>, [Case, Record<string, string>?]> = {
  MissingAllowOriginHeader: [actual('', [])],
  AllowOriginMismatch: [actual('', [origin('http://b.test')]), { value: 'http://b.test' }],
  WildcardOriginNotAllowed: [actual('', [origin('*'), credentials('true')], include)],
  MultipleAllowOriginValues: [actual('', [origin('*'), origin('*')]), { value: '*, *' }],
  InvalidAllowOriginValue: [actual('', [origin('foo')]), { value: 'foo' }],
  InvalidAllowCredentials: [actual('', [page, credentials('TRUE')], include), { value: 'TRUE' }],
  PreflightMissingAllowOriginHeader: [preflight('', [])],
  PreflightAllowOriginMismatch: [preflight('', [origin('http://b.test')]), { value: 'http://b.test' }],
  PreflightWildcardOriginNotAllowed: [preflight('', [origin('*')], { ...put, ...include })],
  PreflightMultipleAllowOriginValues: [preflight('', [origin('*'), origin('*')]), { value: '*, *' }],
  PreflightInvalidAllowOriginValue: [preflight('', [origin('foo')]), { value: 'foo' }],
  PreflightInvalidAllowCredentials: [preflight('', [page, credentials('TRUE')], { ...put, ...include }), { value: 'TRUE' }],
  PreflightInvalidStatus: [preflight('', [page], put, 401), { status: '401' }],
  PreflightDisallowedRedirect: [preflight('', [page, ['Location', '/x']], put, 302), { status: '302' }],
  InvalidAllowMethodsPreflightResponse: [preflight('', [page, methods('PUT DELETE')]), { value: 'PUT DELETE' }],
  InvalidAllowHeadersPreflightResponse: [preflight('', [page, headers('x-a x-b')], header), { value: 'x-a x-b' }],
  MethodDisallowedByPreflightResponse: [preflight('', [page]), put],
  HeaderDisallowedByPreflightResponse: [preflight('', [page], header), { header: 'x-a' }],
  CorsDisabledScheme: [redirect('mailto:x')],
  RedirectContainsCredentials: [redirect('http://u:p@127.0.0.1/'), { redirection: 'http://u:p@127.0.0.1/' }],
  TooManyRedirects: [redirect('/case/{id}/')],
  InvalidRedirect: [redirect('http://[')],
  UnsafeRedirect: [redirect('data:,x')],
  UnsupportedScheme: [actual('', [], { url: 'ftp://b.test/' }), { location: 'ftp://b.test/', scheme: 'ftp' }],
  LocalResource: [actual('', [], { url: 'file:///etc/hosts' }), { location: 'file:///etc/hosts' }],
  UnexpectedProxyAuthentication: [actual('', [], {}, 407)],
  BlockedPort: [actual('', [], { url: 'http://127.0.0.1:6000/' })]
}

/** Fetches every example, one after the other, and says which one before. */
function source (server: ScriptedServer): string {
  const fetches = Object.entries(examples).map(([name, [{ request, scripts }]]) => {
    server.script(name, scripts)
    return [name, server.fill(request.url ?? '{api}/case/{id}/', name), request]
  })
  server.script('done', { '': { answer: { status: 200 } } })
  return `(async () => {
    for (const [name, url, init] of ${JSON.stringify(fetches)}) {
      console.log('example ' + name)
      await fetch(url, init).catch(() => {})
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    console.log('example end')
    await fetch('/case/done/')
  })()`
}

async function done (server: ScriptedServer): Promise<void> {
  while (server.received('done').length === 0) await wait(100)
}

async function printedBy (engine: Engine, server: ScriptedServer): Promise<string[]> {
  if (engine === webkit) return printedByWebKit(server.runs(source(server)), done(server))
  const browser = await engine.launch()
  const opened = await browser.open(`${server.origins.page}/page`)
  await opened.evaluate(source(server))
  await wait(500)
  const printed = await opened.printed()
  await browser.close()
  return printed
}

t.setTimeout(120_000)
for (const engine of [chromium, firefox, webkit]) {
  t.test(`${engine.name} prints what the documentation says`, { skip: skipReason(engine) }, async t => {
    const server = await startScriptedServer()
    t.teardown(() => server.close())
    const sections = (await printedBy(engine, server)).join('\n').split(/^.*\bexample (?=\w+$)/m)
    for (const [name, [{ scripts }, values = {}]] of Object.entries(examples) as [keyof typeof examples, [Case, Record<string, string>?]][]) {
      const section = sections.find(text => text.startsWith(`${name}\n`)) ?? ''
      const status = String((scripts['']?.preflight ?? scripts['']?.answer)?.status)
      const message = failureTexts[name].prints[engine.name]
      const told = message ?? (engine === webkit ? 'due to access control checks.' : name)
      t.match(section, fill(told, { origin: server.origins.page, status, ...values }), name)
    }
  })
}
