import type { Engine, FailureText } from './failure-text.js'

/** The texts about a failure of the CORS check: every engine prints a line. */
type CheckText = FailureText & { prints: Record<Engine, string> }

const missingAllowOrigin: CheckText = {
  explanation: '{answer}{failed} has no Access-Control-Allow-Origin header, so {outcome}',
  options: '{originOption}',
  otherwise: 'send Access-Control-Allow-Origin: {origin}',
  prints: {
    chromium: "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
    firefox: 'CORS header ‘Access-Control-Allow-Origin’ missing',
    webkit: 'Origin {origin} is not allowed by Access-Control-Allow-Origin. Status code: {status}'
  }
}

const allowOriginMismatch: CheckText = {
  explanation: '{answer} allows the origin {value} while the request says Origin: {origin}, so {outcome}',
  options: '{originOption}',
  otherwise: 'send Access-Control-Allow-Origin: {origin}, byte for byte as in the request',
  prints: {
    chromium: "The 'Access-Control-Allow-Origin' header has a value '{value}' that is not equal to the supplied origin.",
    firefox: 'CORS header ‘Access-Control-Allow-Origin’ does not match ‘{value}’',
    webkit: 'Origin {origin} is not allowed by Access-Control-Allow-Origin. Status code: {status}'
  }
}

const wildcardOriginNotAllowed: CheckText = {
  explanation: '{answer} allows any origin with *, which never counts for a request with credentials, so {outcome}',
  options: '{originOption}, credentials: true',
  otherwise: 'send Access-Control-Allow-Origin: {origin} and Access-Control-Allow-Credentials: true, or call without credentials',
  prints: {
    chromium: "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.",
    firefox: 'Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’',
    webkit: 'Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.'
  }
}

const multipleAllowOriginValues: CheckText = {
  explanation: '{answer} has the Access-Control-Allow-Origin value "{value}", where a single origin must stand, so {outcome}',
  options: '{originOption}',
  otherwise: 'send Access-Control-Allow-Origin: {origin} once, and let only one of proxy, framework and handler set it',
  prints: {
    chromium: "The 'Access-Control-Allow-Origin' header contains multiple values '{value}', but only one is allowed.",
    firefox: 'Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed',
    webkit: 'Access-Control-Allow-Origin cannot contain more than one origin.'
  }
}

const invalidAllowOriginValue: CheckText = {
  explanation: '{answer} has the Access-Control-Allow-Origin value "{value}", which is no origin{unset}, so {outcome}',
  options: '{originOption}',
  otherwise: 'send Access-Control-Allow-Origin: {origin}',
  prints: {
    chromium: "The 'Access-Control-Allow-Origin' header contains the invalid value '{value}'.",
    firefox: 'CORS header ‘Access-Control-Allow-Origin’ does not match ‘{value}’',
    webkit: 'Origin {origin} is not allowed by Access-Control-Allow-Origin. Status code: {status}'
  }
}

const invalidAllowCredentials: CheckText = {
  explanation: '{answer} has {credentials} where a request with credentials needs exactly "true", so {outcome}',
  options: 'credentials: true',
  otherwise: 'send Access-Control-Allow-Credentials: true, or call without credentials',
  prints: {
    chromium: "The value of the 'Access-Control-Allow-Credentials' header in the response is '{value}' which must be 'true' when the request's credentials mode is 'include'.",
    firefox: 'expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’',
    webkit: 'Credentials flag is true, but Access-Control-Allow-Credentials is not "true".'
  }
}

/** The texts about the same failure in the answer to a preflight, which Chromium mentions. */
function inPreflight (text: CheckText): FailureText {
  const chromium = `Response to preflight request doesn't pass access control check: ${text.prints.chromium}`
  return { ...text, prints: { ...text.prints, chromium } }
}

/**
 * The failures of a CORS check, by Chromium's names.
 *
 * @see https://fetch.spec.whatwg.org/#cors-check
 */
export const checkFailures = {
  MissingAllowOriginHeader: missingAllowOrigin,
  AllowOriginMismatch: allowOriginMismatch,
  WildcardOriginNotAllowed: wildcardOriginNotAllowed,
  MultipleAllowOriginValues: multipleAllowOriginValues,
  InvalidAllowOriginValue: invalidAllowOriginValue,
  InvalidAllowCredentials: invalidAllowCredentials,
  PreflightMissingAllowOriginHeader: inPreflight(missingAllowOrigin),
  PreflightAllowOriginMismatch: inPreflight(allowOriginMismatch),
  PreflightWildcardOriginNotAllowed: inPreflight(wildcardOriginNotAllowed),
  PreflightMultipleAllowOriginValues: inPreflight(multipleAllowOriginValues),
  PreflightInvalidAllowOriginValue: inPreflight(invalidAllowOriginValue),
  PreflightInvalidAllowCredentials: inPreflight(invalidAllowCredentials)
}
