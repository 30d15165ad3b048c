import { type CorsReason, failure, type Failure } from './reasons.js'
import { decodeUtf8, getHeader, getLines, type HeaderList } from './header-list.js'
import { isSameOrigin, serializeRequestOrigin, type PageRequest } from './page-request.js'

/** The failures of a CORS check. Chromium has the same ones for the answer to a preflight. */
type CheckReason = Extract<CorsReason,
  'MissingAllowOriginHeader' | 'AllowOriginMismatch' | 'WildcardOriginNotAllowed' | 'MultipleAllowOriginValues' |
  'InvalidAllowOriginValue' | 'InvalidAllowCredentials'>

/**
 * The CORS check of the answer to an actual request.
 *
 * @returns `null` for success, or the failure under Chromium's name
 * @see https://fetch.spec.whatwg.org/#cors-check
 */
export function corsCheck (request: PageRequest, headers: HeaderList): Failure | null {
  const failed = check(request, headers)
  return failed === null ? null : failure(failed.reason, failed.parameter)
}

/** The same check for the answer to a preflight. */
export function preflightCorsCheck (request: PageRequest, headers: HeaderList): Failure | null {
  const failed = check(request, headers)
  return failed === null ? null : failure(`Preflight${failed.reason}`, failed.parameter)
}

function check (request: PageRequest, headers: HeaderList): { reason: CheckReason, parameter: string } | null {
  // 1. Let origin be the result of getting `Access-Control-Allow-Origin` from response's header list.
  const origin = getHeader(headers, 'access-control-allow-origin')
  // 2. If origin is null, then return failure.
  if (origin === null) return { reason: 'MissingAllowOriginHeader', parameter: '' }
  // 3. If request's credentials mode is not "include" and origin is `*`, then return success.
  if (request.credentials !== 'include' && origin === '*') return null
  // 4. If the result of byte-serializing a request origin with request is not origin, then return failure.
  if (serializeRequestOrigin(request) !== origin) return { reason: nameMismatch(origin), parameter: origin === '*' ? '' : reported(origin) }
  // 5. If request's credentials mode is not "include", then return success.
  if (request.credentials !== 'include') return null
  // 6. Let credentials be the result of getting `Access-Control-Allow-Credentials` from response's header list.
  const credentials = getHeader(headers, 'access-control-allow-credentials')
  // 7. If credentials is `true`, then return success. 8. Return failure.
  return credentials === 'true' ? null : { reason: 'InvalidAllowCredentials', parameter: reported(credentials ?? '') }
}

/** True if the only failure is empty lines beside `Access-Control-Allow-Credentials: true`, which Firefox ignores. */
export function onlyRepeatsCredentials ({ name }: Failure, headers: HeaderList): boolean {
  const values = getLines(headers, 'access-control-allow-credentials').filter(value => value !== '')
  return name.endsWith('InvalidAllowCredentials') && values.length === 1 && values[0] === 'true'
}

/**
 * True for a redirect that WebKit does not follow: in a chain that began at the page's own server, where cookies went along,
 * it checks the redirects of others as if with credentials.
 */
export function lacksCredentialsForWebKit (request: PageRequest, headers: HeaderList): boolean {
  const [first] = request.previousUrls
  return request.credentials === 'same-origin' && request.responseTainting === 'cors' && first !== undefined &&
    isSameOrigin(request.origin, first) && check({ ...request, credentials: 'include' }, headers) !== null
}

/** Chromium's name for a value that is not the origin (`CheckAccessInternal` in its `cors.cc`). */
function nameMismatch (value: string): CheckReason {
  if (value === '*') return 'WildcardOriginNotAllowed'
  if (/[ ,]/.test(value)) return 'MultipleAllowOriginValues'
  if (value === 'null') return 'AllowOriginMismatch'
  const text = decodeUtf8(value) ?? value.replace(/[^\0-\x7f]/g, '\ufffd')
  return URL.canParse(text) ? 'AllowOriginMismatch' : 'InvalidAllowOriginValue'
}

/** The value as Chromium reports it: empty, if its bytes are not UTF-8. */
function reported (value: string): string {
  return decodeUtf8(value) ?? ''
}
