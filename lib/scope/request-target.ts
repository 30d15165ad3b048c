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
