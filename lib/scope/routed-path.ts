import findMyWay from 'find-my-way'
import type { RouterSettings } from './router-settings.js'

/** Encoded reserved characters. Routers decode them in parameters and wildcards only: in a path, they would mean something else. */
const RESERVED = /%(?:2[3-6BCF]|3[ABDF]|40)/gi

/**
 * Makes a test of request targets from an expression for paths (S4). The expression must match the path as the router
 * reads it, and as handlers get it: so no spelling of a path is granted more than the path itself.
 */
export function pathTest (expression: RegExp, settings: RouterSettings): (target: string) => boolean {
  const { caseSensitive = true } = settings
  const tried = caseSensitive || expression.ignoreCase ? expression : new RegExp(expression.source, `${expression.flags}i`)
  // Routers compare lower case, which the flag `i` alone does differently: it takes U+212A (Kelvin) for no `k`.
  const matches = (path: string): boolean => tried.test(caseSensitive ? path : path.toLowerCase())
  return target => {
    const path = routedPath(target, settings)
    return path !== null && matches(path) && (!path.includes('%') || matches(withoutIgnored(path.replace(RESERVED, decodeURIComponent), settings)))
  }
}

/** The path of a request target as a router reads it, in any letter case; `null` if the router refuses the target. */
export function routedPath (target: string, settings: RouterSettings): string | null {
  if (isAbsolute(target) && isRefused(target)) return null
  const path = pathOf(target)
  const end = path.search(settings.useSemicolonDelimiter === true ? /[#;]/ : /#/)
  const decoded = decodedPath(end === -1 ? path : path.slice(0, end))
  return decoded === null ? null : withoutIgnored(decoded, settings)
}

/** A path without percent-encoding, but for reserved characters; `null` if it can't be decoded. */
function decodedPath (path: string): string | null {
  if (!path.includes('%')) return path
  try {
    // `decodeURI` leaves reserved characters encoded, but not `%25`.
    return decodeURI(path.replaceAll('%25', '%2525'))
  } catch {
    return null
  }
}

function withoutIgnored (path: string, { ignoreDuplicateSlashes, ignoreTrailingSlash }: RouterSettings): string {
  const once = ignoreDuplicateSlashes === true ? findMyWay.removeDuplicateSlashes(path) : path
  return ignoreTrailingSlash === true ? findMyWay.trimLastSlash(once) : once
}

/** The scheme and the host of a request target in absolute form. */
const ORIGIN = /^https?:\/\/[^/?]+/i

/** The path of a request target, without its query. */
export function pathOf (target: string): string {
  const url = originFormOf(target)
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}

/** True for a request target in absolute form (RFC 9112, section 3.2.2). */
function isAbsolute (target: string): boolean {
  return !target.startsWith('/') && ORIGIN.test(target)
}

/** A request target in origin form (RFC 9112, section 3.2.1). */
function originFormOf (target: string): string {
  if (!isAbsolute(target)) return target
  const url = target.replace(ORIGIN, '')
  return url.startsWith('/') ? url : `/${url}`
}

/** True for a request target in absolute form that routers refuse before they look for a route. */
export function isRefused (target: string): boolean {
  return target.includes('#') || !URL.canParse(target)
}

/** The property in which a request keeps the URL that the router has read. */
const ROUTED_URL = Symbol('fastify-cors-policy.routed-url')

interface Routed {
  readonly url?: string | undefined
  [ROUTED_URL]?: string | undefined
}

/** Has a request that comes to the router keep its URL: hooks and middlewares may replace it (`@fastify/express` decodes it). */
export function keepRoutedUrl (request: Routed): void {
  request[ROUTED_URL] ??= request.url
}

/** The URL that the router has read, as far as it has been kept. */
export function routedUrlOf (request: Routed): string | undefined {
  return request[ROUTED_URL] ?? request.url
}
