import { checkCors, type CorsPage, type CorsVerdict } from '../../../lib/browser/index.js'
import type { Browser, Failure, Page } from './engine.js'
import type { Script, ScriptedServer } from './scripted-server.js'
import { send } from './send.js'

/** One request of a page, and the answers that it meets. `{page}`, `{api}`, `{other}` and `{id}` are filled in. */
export interface Case {
  name: string
  /** `opaque`: the page is sandboxed, and its origin `null`. */
  page?: 'ordinary' | 'opaque'
  /** The request; without a `url`, it goes to the first script at the API's origin. */
  request: Partial<Omit<CorsPage, 'origin'>>
  /** The answers by the last part of the path; the first URL has none. */
  scripts: Record<string, Script>
}

/** What an engine did with a case, and what `checkCors` says of it. */
export interface Judgement {
  example: Case
  allowed: boolean
  readable: string[]
  failure: Failure | null
  /** The requests of the engine, and those of `checkCors`. */
  requests: { engine: string[], own: string[] }
  verdict: CorsVerdict
}

let count = 0

const fetchOnce = `async ({ url, ...init }) => {
  try {
    const response = await fetch(url, init)
    return { allowed: true, readable: [...response.headers.keys()] }
  } catch {
    return { allowed: false, readable: [] }
  }
}`

/** An upload whose progress the page follows, which only \`XMLHttpRequest\` offers. */
const upload = `({ url, method, headers = {}, credentials }) => new Promise(resolve => {
  const request = new XMLHttpRequest()
  request.open(method, url)
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
  request.withCredentials = credentials === 'include'
  request.upload.onprogress = () => {}
  request.onerror = () => resolve({ allowed: false, readable: [] })
  request.onload = () => resolve({
    allowed: true,
    readable: request.getAllResponseHeaders().split('\\r\\n').filter(Boolean).map(line => line.split(':')[0])
  })
  request.send('x')
})`

/** Lets the browser fetch every case, a few at a time, and `checkCors` after it. */
export async function judge (browser: Browser, server: ScriptedServer, cases: readonly Case[]): Promise<Judgement[]> {
  const pages = {
    ordinary: await browser.open(`${server.origins.page}/page`),
    opaque: await browser.open(`${server.origins.page}/opaque`)
  }
  const judgements = new Map<Case, Judgement>()
  for (let start = 0; start < cases.length; start += 12) {
    for (const kind of ['ordinary', 'opaque'] as const) {
      const some = cases.slice(start, start + 12).filter(({ page = 'ordinary' }) => page === kind)
      for (const judgement of await judgeSome(pages[kind], kind, server, some)) judgements.set(judgement.example, judgement)
    }
  }
  return cases.flatMap(example => judgements.get(example) ?? [])
}

async function judgeSome (page: Page, kind: 'ordinary' | 'opaque', server: ScriptedServer, cases: readonly Case[]): Promise<Judgement[]> {
  const prepared = cases.map(example => {
    const id = String(count++)
    server.script(id, example.scripts)
    return { example, id, request: { ...example.request, url: server.fill(example.request.url ?? '{api}/case/{id}/', id) } }
  })
  const requests = prepared.map(({ request }) => request)
  const fetched = await page.evaluate(`Promise.all(${JSON.stringify(requests)}.map(request => (request.upload ? ${upload} : ${fetchOnce})(request)))`) as
    { allowed: boolean, readable: string[] }[]
  return Promise.all(prepared.map(async ({ example, id, request }, index) => {
    const engine = [...server.received(id)]
    const origin = kind === 'opaque' ? 'null' : server.origins.page
    const verdict = await checkCors({ origin, ...request }, send)
    const own = server.received(id).slice(engine.length)
    return {
      example,
      allowed: fetched[index]?.allowed === true,
      readable: fetched[index]?.readable ?? [],
      // Reported beside the answer to the script: by now it has arrived.
      failure: page.failure(request.url),
      requests: { engine, own },
      verdict
    }
  }))
}

/** Which of several refused headers Chromium names follows from a hash table of its own: the fix lists them all. */
export function namesTheSame ({ reason, parameter, fix }: CorsVerdict, reported: string | null | undefined): boolean {
  if (reason !== 'HeaderDisallowedByPreflightResponse' || typeof reported !== 'string') return parameter === reported
  return fix.includes(`'${reported}'`)
}
