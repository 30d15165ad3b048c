import { isForbiddenResponseHeader } from '../http/header-names.js'
import { isToken } from '../http/token.js'
import { extractTokens, type HeaderList, normalizeValue } from './header-list.js'
import type { PageRequest } from './page-request.js'

/**
 * The header that `*` in `Access-Control-Allow-Headers` does not cover.
 *
 * @see https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
 */
export const nonWildcardName = 'authorization'

/**
 * Controls but for the tab, then marks, and delete.
 *
 * @see https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte
 */
const unsafeByte = /[^\t -\xff]|["():<>?@[\\\]{}\x7f]/

const safeLanguageBytes = /^[0-9A-Za-z *,\-.;=]*$/
const safelistedTypes = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']

/**
 * The headers that a browser asks the server about, sorted, each with the reason.
 *
 * @see https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
 */
export function unsafeRequestHeaders (headers: HeaderList): { name: string, because: string }[] {
  // 1. to 3.
  const unsafe = new Map<string, string>()
  const potentiallyUnsafe: string[] = []
  let safelistValueSize = 0
  // 4. For each header of headers:
  for (const [name, value] of headers) {
    const because = whyUnsafe(name, value)
    if (because !== null) {
      // 4.1. If header is not a CORS-safelisted request-header, then append header's name to unsafeNames.
      unsafe.set(name, because)
    } else {
      // 4.2. Otherwise, append it to potentiallyUnsafeNames and increase safelistValueSize.
      potentiallyUnsafe.push(name)
      safelistValueSize += value.length
    }
  }
  // 5. If safelistValueSize is greater than 1024, then for each name of potentiallyUnsafeNames, append it to
  //    unsafeNames.
  if (safelistValueSize > 1024) {
    const because = `the values of the safelisted headers are ${safelistValueSize} bytes together, more than 1024`
    for (const name of potentiallyUnsafe) unsafe.set(name, because)
  }
  // 6. Return the result of convert header names to a sorted-lowercase set with unsafeNames.
  return Array.from(unsafe, ([name, because]) => ({ name, because })).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * The reason why a header is not safelisted; `null` if it is.
 *
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-request-header
 */
function whyUnsafe (name: string, value: string): string | null {
  // 1. If value's length is greater than 128, then return false.
  if (value.length > 128) return `the value of the header ${name} is ${value.length} bytes long, more than 128`
  // 2. Byte-lowercase name and switch on the result:
  switch (name) {
    case 'accept':
      return unsafeByte.test(value) ? 'the value of the header accept has a CORS-unsafe byte' : null
    case 'accept-language':
    case 'content-language':
      return safeLanguageBytes.test(value) ? null : `the value of the header ${name} has a byte that language lists do not need`
    case 'content-type':
      if (unsafeByte.test(value)) return 'the value of the header content-type has a CORS-unsafe byte'
      return safelistedTypes.includes(mimeEssence(value))
        ? null
        : `the header content-type is ${value === '' ? 'empty' : value}, which is not one of ${safelistedTypes.join(', ')}`
    case 'range':
      return isSimpleRange(value) ? null : `the header range is ${value}, not one range with a start`
    default:
      return `the header ${name} is not CORS-safelisted`
  }
}

/**
 * The essence of a MIME type; empty on failure.
 *
 * @see https://mimesniff.spec.whatwg.org/#parsing-a-mime-type
 */
function mimeEssence (value: string): string {
  const [essence = ''] = value.split(';', 1)
  const parts = normalizeValue(essence).split('/')
  return parts.length === 2 && parts.every(isToken) ? parts.join('/').toLowerCase() : ''
}

/**
 * True for one range with a start, and without whitespace.
 *
 * @see https://fetch.spec.whatwg.org/#simple-range-header-value
 */
function isSimpleRange (value: string): boolean {
  const range = /^bytes=([0-9]+)-([0-9]*)$/.exec(value)
  if (range === null) return false
  const [, start = '', end = ''] = range
  return end === '' || BigInt(start) <= BigInt(end)
}

/** @see https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name */
const safelisted = ['cache-control', 'content-language', 'content-length', 'content-type', 'expires', 'last-modified', 'pragma']

export function isSafelistedResponseHeader (name: string): boolean {
  return safelisted.includes(name)
}

/**
 * The names, in lower case and sorted, that a filtered response keeps (step 14).
 *
 * @see https://fetch.spec.whatwg.org/#main-fetch
 */
export function readableHeaders (request: PageRequest, headers: HeaderList): string[] {
  const names = [...new Set(headers.map(([name]) => name))].filter(name => !isForbiddenResponseHeader(name)).sort()
  // 14.2. A basic filtered response keeps all but the forbidden names.
  if (request.responseTainting === 'basic') return names
  // 14.1.1. Let headerNames be the result of extracting header list values given `Access-Control-Expose-Headers`.
  const extracted = extractTokens(headers, 'access-control-expose-headers')
  const headerNames = extracted === null || extracted === 'failure' ? [] : extracted.map(name => name.toLowerCase())
  // 14.1.2. If request's credentials mode is not "include" and headerNames contains `*`, then all of them.
  if (request.credentials !== 'include' && headerNames.includes('*')) return names
  // 14.1.3. Otherwise those listed, where a `*` only stands for a header of that name.
  return names.filter(name => safelisted.includes(name) || headerNames.includes(name))
}
