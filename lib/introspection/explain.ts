import type { OutgoingHttpHeaders } from 'node:http'
import { assertUrl } from '../browser/page-request.js'
import { checkCors, type CorsPage, type CorsRequest, type CorsResponse, type CorsVerdict } from '../browser/index.js'
import { dryRun } from '../request/dry-run.js'
import type { Application } from '../scope/application.js'

/** The host of a URL that is given without one: no page can come from there. */
const NO_HOST = 'https://server.invalid'

/**
 * What a browser would do with an application's answers. Preflights and requests are really sent through the
 * application, in process, up to where they have been decided: no handler is run.
 *
 * @throws what `checkCors` throws for a page that can't be, and an error where an answer leads to another server
 */
export async function explain (application: Application, page: CorsPage): Promise<CorsVerdict> {
  assertUrl(page.url)
  const url = new URL(page.url, NO_HOST)
  return await checkCors({ ...page, url: url.href }, async request => {
    const target = new URL(request.url)
    if (target.origin !== url.origin) throw new Error(`The answer leads to another server, ${target.origin}, which can't be asked in process`)
    return await send(application, request, target)
  })
}

async function send (application: Application, { method, headers }: CorsRequest, url: URL): Promise<CorsResponse> {
  const request = { method, url: url.pathname + url.search, headers: { host: url.host, ...headers } }
  // Nothing would keep a request that no registration sees from its handler, and nothing is granted there.
  if (!application.sees(request)) return { status: 404, headers: [] }
  const response = await dryRun(marks => application.root.inject({
    ...request,
    headers: { ...request.headers, ...marks }
  }))
  return { status: response.statusCode, headers: pairs(response.headers) }
}

function * pairs (headers: OutgoingHttpHeaders): Generator<[string, string]> {
  for (const [name, value] of Object.entries(headers)) {
    for (const line of [value].flat()) yield [name, String(line)]
  }
}
