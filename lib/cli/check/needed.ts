import { extractTokens, toHeaderList } from '../../browser/header-list.js'
import type { CorsExchange, CorsPage, CorsReason, CorsVerdict } from '../../browser/index.js'
import { CorsConfigError, type CorsIssueCode } from '../../options/issue.js'
import { parseCorsOptions } from '../../options/parse.js'
import { entriesSource, listSource, quote } from '../../text.js'
import { isSafelistedMethod } from '../../http/methods.js'

/** An answer that the browser needs. */
export interface NeededAnswer {
  /** Such as `PUT /users/1`. */
  readonly request: string
  /** `null` where any will do. */
  readonly status: number | null
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
}

/** All that a server has to do for a request, where a verdict names but the first thing that is missing. */
export interface Needed {
  /** The registration of this plugin; `null` where no options allow the request. */
  readonly registration: string | null
  readonly answers: readonly NeededAnswer[]
}

/** What no header of an answer mends. */
const NOT_MENDED: ReadonlySet<CorsReason | null> = new Set([
  null, 'CorsDisabledScheme', 'RedirectContainsCredentials', 'PreflightDisallowedRedirect', 'LocalNetworkAccessPermissionDenied'
])

/**
 * All that the server that blocked a request has to answer.
 *
 * @returns `null` where that is no more than the fix of the verdict says, or nothing would help
 */
export function neededFor ({ origin, credentials }: Required<CorsPage>, { reason, exchanges }: CorsVerdict): Needed | null {
  const last = exchanges.at(-1)
  // After a redirect by another origin, `Origin` is `null`, which nobody should allow for it.
  if (last?.request.headers.origin !== origin || NOT_MENDED.has(reason)) return null
  const preflight = exchanges.findLast(({ kind, request }) => kind === 'preflight' && request.url === last.request.url)
  const isIncluded = credentials === 'include'
  if (preflight === undefined && !isIncluded) return null
  const { pathname } = new URL(last.request.url)
  const { method, methods, headers } = preflight === undefined ? { ...last.request, methods: [], headers: [] } : announcedBy(preflight)
  const allow: NeededAnswer['headers'] = [
    ['Access-Control-Allow-Origin', origin],
    ...isIncluded ? [['Access-Control-Allow-Credentials', 'true'] as const] : []
  ]
  const lists: NeededAnswer['headers'] = [
    ...methods.length === 0 ? [] : [['Access-Control-Allow-Methods', methods.join(', ')] as const],
    ...headers.length === 0 ? [] : [['Access-Control-Allow-Headers', headers.join(', ')] as const]
  ]
  return {
    registration: registrationFor({
      origin,
      ...methods.length === 0 ? {} : { methods },
      ...isIncluded ? { credentials: true } : {}
    }),
    answers: [
      ...preflight === undefined ? [] : [{ request: `OPTIONS ${pathname}`, status: 204, headers: [...allow, ...lists] }],
      { request: `${method} ${pathname}`, status: null, headers: [...allow, ['Vary', 'Origin']] }
    ]
  }
}

/** What a preflight asks for, with the lists that allow it: what its answer has listed already stays in them. */
function announcedBy ({ request, response }: CorsExchange): { method: string, methods: string[], headers: string[] } {
  const method = String(request.headers['access-control-request-method'])
  const names = request.headers['access-control-request-headers']
  const list = (name: string, ...asked: readonly string[]): string[] => {
    const listed = extractTokens(toHeaderList(response.headers), name)
    return [...new Set([...Array.isArray(listed) ? listed.filter(item => item !== '*') : [], ...asked])]
  }
  return {
    method,
    methods: isSafelistedMethod(method) ? [] : list('access-control-allow-methods', 'GET', 'HEAD', 'POST', method),
    headers: names === undefined ? [] : list('access-control-allow-headers', ...names.split(','))
  }
}

/** The exceptions that this plugin wants named, by the issue that they turn off. */
const EXCEPTIONS: ReadonlyMap<CorsIssueCode, string> = new Map([
  ['origin-null', 'null-origin'],
  ['origin-insecure-with-credentials', 'insecure-origins']
])

interface WantedOptions {
  readonly origin: string
  readonly methods?: readonly string[]
  readonly credentials?: true
}

function registrationFor (options: WantedOptions): string | null {
  const exceptions: string[] = []
  for (const code of issuesOf(options)) {
    const exception = EXCEPTIONS.get(code)
    if (exception === undefined) return null
    exceptions.push(exception)
  }
  const source = [
    `origin: ${entriesSource([options.origin])}`,
    ...options.methods === undefined ? [] : [`methods: ${listSource(options.methods)}`],
    ...options.credentials === undefined ? [] : ['credentials: true'],
    ...exceptions.length === 0 ? [] : [`dangerouslyAllow: [${exceptions.map(quote).join(', ')}]`]
  ]
  return `app.register(corsPlugin, { ${source.join(', ')} })`
}

function issuesOf (options: WantedOptions): CorsIssueCode[] {
  try {
    parseCorsOptions(options)
    return []
  } catch (error) {
    return [error].filter(thrown => thrown instanceof CorsConfigError).flatMap(({ issues }) => issues.map(({ code }) => code))
  }
}
