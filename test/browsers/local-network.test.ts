import t from 'tap'
import { corsFailures } from '../../lib/browser/reasons.js'
import { fill } from '../../lib/browser/failure-text.js'
import { actual, origin } from './cases.js'
import { chromium, launchChromium } from './harness/chromium.js'
import { skipReason } from './harness/engines.js'
import { judge } from './harness/judge.js'
import { startScriptedServer } from './harness/scripted-server.js'

// Whether a page may reach this machine is the user's decision, and not the Fetch Standard's: no verdict says so.
t.test('Chromium asks its user before a page from the internet reaches this machine', { skip: skipReason(chromium) }, async t => {
  t.setTimeout(60_000)
  const server = await startScriptedServer()
  t.teardown(() => server.close())
  const { port } = new URL(server.origins.page)
  const browser = await launchChromium([`--ip-address-space-overrides=127.0.0.1:${port}=public,[::1]:${port}=public`])
  t.teardown(() => browser.close())
  const [judgement] = await judge(browser, server, [actual('any origin', [origin('*')])])
  t.equal(judgement?.allowed, false, 'a headless browser has no user to ask')
  t.match(judgement?.failure, { reason: 'LocalNetworkAccessPermissionDenied', parameter: '' })
  t.equal(judgement?.verdict.allowed, true)
  const opened = await browser.open(`${server.origins.page}/page`)
  await opened.evaluate(`fetch('${server.origins.api}/').catch(() => {})`)
  t.match((await opened.printed()).join('\n'), fill(corsFailures.LocalNetworkAccessPermissionDenied.prints.chromium, { space: 'loopback' }))
})
