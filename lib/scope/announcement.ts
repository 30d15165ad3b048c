import { requestedNames } from '../policy/requested-headers.js'
import { isPreflight } from '../http/preflight.js'
import type { Routable } from './route-table.js'

/** Tells if the announced request has a header that scripts may set; `null`: it may. */
export type Announcement = (name: string) => boolean | null

/** The announcement of a request that may have any header. */
export const ANYTHING: Announcement = () => null
export const EVERY_HEADER: Announcement = () => true
export const NO_HEADER: Announcement = () => false

/** Reads from a preflight which headers the announced request has. Other requests announce nothing. */
export function announcementOf (request: Routable): Announcement {
  if (!isPreflight(request)) return ANYTHING
  return name => requestedNames(request.headers['access-control-request-headers']).includes(name)
}

/**
 * The value that a strategy will derive from the announced request, as far as it is known. `some`: there will be one.
 * `any`: there may be one. `none-unless-sent`: none, unless a header is sent that was not announced.
 */
export type Derived = { readonly value: unknown } | 'some' | 'any' | 'none-unless-sent'

/** Properties of a preflight that the announced request shares. */
const CARRIED = new Set(['url', 'originalUrl', 'socket', 'connection', 'httpVersion', 'httpVersionMajor', 'httpVersionMinor'])

/**
 * Headers that browsers send without announcing them, or with another value than in the preflight:
 * [CORS-safelisted](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) ones, credentials, and those of caches
 * and client hints.
 */
const OF_BROWSERS = new Set([
  'accept', 'accept-language', 'authorization', 'cache-control', 'content-language', 'content-length', 'content-type', 'cookie', 'device-memory',
  'downlink', 'dpr', 'ect', 'if-match', 'if-modified-since', 'if-none-match', 'if-range', 'if-unmodified-since', 'last-event-id', 'pragma', 'priority',
  'purpose', 'range', 'referer', 'rtt', 'save-data', 'te', 'transfer-encoding', 'upgrade-insecure-requests', 'viewport-width', 'width'
])

/** Headers of browsers (`sec-`), of proxies, and of the preflight itself. */
const RESERVED = /^(?:sec-|proxy-|access-control-request-)/

/**
 * Asks a strategy for the value that it derives from the request that a preflight announces.
 *
 * @param derive - the strategy's own function. It gets the preflight, presented as the announced request, and is watched:
 *   what it reads tells how much of its result is known.
 */
export function announcedValue (derive: (request: Routable) => unknown, preflight: Routable, method: string, announces: Announcement): Derived {
  const seen = { isKnown: true, isCarried: true }
  const lookAt = (headers: object, name: string | symbol): void => {
    const carried = typeof name === 'string' && isCarriedHeader(headers, name, announces)
    seen.isCarried &&= carried
    seen.isKnown &&= carried || (typeof name === 'string' && isLeftOut(headers, name, announces))
  }
  const headers = new Proxy(preflight.headers, {
    get (target, name, receiver): unknown {
      lookAt(target, name)
      return Reflect.get(target, name, receiver)
    },
    has (target, name) {
      lookAt(target, name)
      return Reflect.has(target, name)
    },
    getOwnPropertyDescriptor (target, name) {
      lookAt(target, name)
      return Reflect.getOwnPropertyDescriptor(target, name)
    },
    ownKeys (target) {
      seen.isKnown = false
      return Reflect.ownKeys(target)
    }
  })
  const announced = new Proxy(preflight, {
    get (target, name): unknown {
      if (name === 'headers') return headers
      if (name === 'method') return method
      seen.isKnown &&= typeof name === 'string' && CARRIED.has(name)
      return Reflect.get(target, name)
    }
  })
  try {
    const value = derive(announced)
    if (!seen.isKnown) return 'any'
    if (seen.isCarried) return { value }
    // A header that is not announced tells that a value is missing, but nothing about other values.
    return value === undefined ? 'none-unless-sent' : 'any'
  } catch {
    return 'any'
  }
}

function isCarriedHeader (headers: object, name: string, announces: Announcement): boolean {
  return Object.hasOwn(headers, name) && !isOfBrowsers(name) && announces(name) !== true
}

function isLeftOut (headers: object, name: string, announces: Announcement): boolean {
  return !Object.hasOwn(headers, name) && !isOfBrowsers(name) && announces(name) === false
}

function isOfBrowsers (name: string): boolean {
  return OF_BROWSERS.has(name) || RESERVED.test(name)
}
