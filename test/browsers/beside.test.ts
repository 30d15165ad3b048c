import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { fill } from '../../lib/browser/failure-text.js'
import { besideCors, type BesideCors } from '../browser/beside-cors.js'
import { chromium } from './harness/chromium.js'
import type { Engine } from './harness/engine.js'
import { skipReason } from './harness/engines.js'
import { firefox } from './harness/firefox.js'
import { printedByWebKit, webkit } from './harness/webkit.js'

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'

/** What the other origin serves. */
function answer (url: string | undefined, { origin = '' }: IncomingHttpHeaders): [headers: Record<string, string>, body: string] {
  switch (url) {
    case '/json': return [{ 'content-type': 'application/json', 'x-content-type-options': 'nosniff' }, '{}']
    case '/corp.svg': return [{ 'content-type': 'image/svg+xml', 'cross-origin-resource-policy': 'same-origin' }, svg]
    case '/img.svg': return [{ 'content-type': 'image/svg+xml' }, svg]
    case '/module.js': return [{ 'content-type': 'text/javascript' }, 'export {}']
    case '/font.woff2': return [{ 'content-type': 'font/woff2' }, 'x']
    case '/cookie': return [{
      'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true', 'set-cookie': 'sid=1; SameSite=Lax'
    }, 'x']
    default: return [{}, 'x']
  }
}

async function listen (t: Test, server: Server, host: string): Promise<string> {
  await new Promise<void>(resolve => { server.listen(0, resolve) })
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://${host}:${(server.address() as AddressInfo).port}`
}

/** Runs an example, prints what it throws, and says when it is over. */
function source (api: string, { run }: BesideCors): string {
  return `(async () => {
    const API = '${api}'
    const attempt = async () => { ${run} }
    await Promise.race([attempt(), new Promise(resolve => setTimeout(resolve, 2500))]).catch(error => console.log('threw ' + error.message))
    await new Promise(resolve => setTimeout(resolve, 300))
    await fetch('/done')
  })()`
}

t.setTimeout(300_000)
for (const engine of [chromium, firefox, webkit] satisfies Engine[]) {
  t.test(`${engine.name} prints what the documentation says`, { skip: skipReason(engine) }, async t => {
    const api = await listen(t, createServer((request, response) => {
      const [headers, body] = answer(request.url, request.headers)
      response.writeHead(200, headers).end(body)
    }), '127.0.0.1')
    let finish = (): void => {}
    const page = await listen(t, createServer((request, response) => {
      if (request.url === '/done') {
        response.end()
        finish()
        return
      }
      const example = besideCors[Number(request.url?.slice(1))]
      const script = engine === webkit && example !== undefined ? `<script>${source(api, example)}</script>` : ''
      response.writeHead(200, { 'content-type': 'text/html', ...example?.page }).end(`<!doctype html><title>page</title><body>${script}`)
    }), 'localhost')
    const browser = engine === webkit ? null : await engine.launch()
    t.teardown(() => browser?.close())
    for (const [index, example] of besideCors.entries()) {
      const done = new Promise<void>(resolve => { finish = resolve })
      let printed: string[]
      let failure: string | undefined
      if (browser === null) {
        printed = await printedByWebKit(`${page}/${index}`, done)
      } else {
        const opened = await browser.open(`${page}/${index}`)
        await opened.evaluate(source(api, example))
        await wait(300)
        printed = await opened.printed()
        failure = opened.failure(`${api}/json`)?.text
      }
      const expected = example.prints[engine.name]
      if (expected !== null) t.ok(printed.join('\n').includes(fill(expected, { api, page })), `${example.title}: ${printed.join(' ')}`)
      if (example.networkPanel !== undefined && engine === chromium) t.equal(failure, example.networkPanel, `${example.title}: the network panel`)
    }
  })
}
