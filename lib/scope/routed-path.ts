import findMyWay from 'find-my-way'
import type { RouterSettings } from './router-settings.js'

/** What routers decode in parameters and wildcards only, since it would be read otherwise in a path. */
const RESERVED = /%(?:2[3-6BCF]|3[ABDF]|40)/gi

/**
 * Makes a test of request targets by an expression for paths (S4). It is tried on the path as the router takes it, and
 * on what handlers are given of it, so that no spelling of a path gets what the path itself does not.
 */
export function pathTest (expression: RegExp, settings: RouterSettings): (target: string) => boolean {
  const { caseSensitive = true } = settings
  const tried = caseSensitive || expression.ignoreCase ? expression : new RegExp(expression.source, `${expression.flags}i`)
  // Routers compare lower case. The flag alone has other ideas of what that is: U+212A, Kelvin, is no `k` to it.
  const matches = (path: string): boolean => tried.test(caseSensitive ? path : path.toLowerCase())
  return target => {
    const path = routedPath(target, settings)
    return path !== null && matches(path) && (!path.includes('%') || matches(withoutIgnored(path.replace(RESERVED, decodeURIComponent), settings)))
  }
}

/** The path of a request target as a router takes it, in any letter case; `null` where it refuses the target. */
export function routedPath (target: string, settings: RouterSettings): string | null {
  if (isAbsolute(target) && isRefused(target)) return null
  const path = pathOf(target)
  const end = path.search(settings.useSemicolonDelimiter === true ? /[#;]/ : /#/)
  const decoded = decodedPath(end === -1 ? path : path.slice(0, end))
  return decoded === null ? null : withoutIgnored(decoded, settings)
}

/** A path without percent-encoding, but for what is reserved; `null` where there is something that can't be decoded. */
export function decodedPath (path: string): string | null {
  if (!path.includes('%')) return path
  try {
    // `decodeURI` leaves what is reserved, but for `%25`.
    return decodeURI(path.replaceAll('%25', '%2525'))
  } catch {
    return null
  }
}

function withoutIgnored (path: string, { ignoreDuplicateSlashes, ignoreTrailingSlash }: RouterSettings): string {
  const once = ignoreDuplicateSlashes === true ? findMyWay.removeDuplicateSlashes(path) : path
  return ignoreTrailingSlash === true ? findMyWay.trimLastSlash(once) : once
}

/** The origin that a request target in absolute form begins with. */
const ORIGIN = /^https?:\/\/[^/?]+/i

/** The path of a request target, without its query. */
export function pathOf (target: string): string {
  const url = originFormOf(target)
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}

/** Whether a request target is in absolute form (RFC 9112, section 3.2.2). */
export function isAbsolute (target: string): boolean {
  return !target.startsWith('/') && ORIGIN.test(target)
}

/** A request target as it would be in origin form (RFC 9112, section 3.2.1). */
function originFormOf (target: string): string {
  if (!isAbsolute(target)) return target
  const url = target.replace(ORIGIN, '')
  return url.startsWith('/') ? url : `/${url}`
}

/** Whether routers refuse a request target in absolute form before they look for a route. */
export function isRefused (target: string): boolean {
  return target.includes('#') || !URL.canParse(target)
}
