import { checkFailures } from './check-failures.js'
import type { FailureText } from './failure-text.js'
import { networkFailures } from './network-failures.js'

/** Every failure that Chromium counts as CORS, by the name in its DevTools protocol (`Network.CorsError`). */
export const corsFailures = {
  ...checkFailures,
  PreflightInvalidStatus: {
    explanation: '{answer} has the status {status} where only 200 to 299 count{refusal}, so {outcome}',
    options: 'preflight: true, optionsSuccessStatus: 204',
    otherwise: 'answer OPTIONS {path} with 204, before authentication, rate limits and redirects have their say',
    prints: {
      chromium: "Response to preflight request doesn't pass access control check: It does not have HTTP ok status.",
      firefox: 'CORS preflight response did not succeed',
      webkit: 'Preflight response is not successful. Status code: {status}'
    }
  },
  PreflightDisallowedRedirect: {
    explanation: '{answer} is a redirect, which no preflight may be answered with, so {outcome}',
    options: null,
    otherwise: 'call {location} directly, or answer OPTIONS {path} with 204 before anything redirects',
    prints: {
      chromium: "Response to preflight request doesn't pass access control check: Redirect is not allowed for a preflight request.",
      firefox: 'CORS request external redirect not allowed',
      webkit: 'Preflight response is not successful. Status code: {status}'
    }
  },
  InvalidAllowMethodsPreflightResponse: {
    explanation: '{answer} has an Access-Control-Allow-Methods header that is no list of methods, so {outcome}',
    options: 'methods: [{methodNames}]',
    otherwise: 'send Access-Control-Allow-Methods: {methodList}',
    prints: {
      chromium: 'Cannot parse Access-Control-Allow-Methods response header field in preflight response.',
      firefox: 'invalid token ‘{value}’ in CORS header ‘Access-Control-Allow-Methods’',
      webkit: 'Header Access-Control-Allow-Methods has an invalid value: {value}'
    }
  },
  InvalidAllowHeadersPreflightResponse: {
    explanation: '{answer} has an Access-Control-Allow-Headers header that is no list of header names, so {outcome}',
    options: 'allowedHeaders: [{headerNames}]',
    otherwise: '{headerAdvice}',
    prints: {
      chromium: 'Cannot parse Access-Control-Allow-Headers response header field in preflight response.',
      firefox: 'invalid token ‘{value}’ in CORS header ‘Access-Control-Allow-Headers’',
      webkit: 'Header Access-Control-Allow-Headers has an invalid value: {value}'
    }
  },
  MethodDisallowedByPreflightResponse: {
    explanation: '{answer} does not list the method {method} in Access-Control-Allow-Methods, so {outcome}',
    options: 'methods: [{methodNames}]',
    otherwise: 'send Access-Control-Allow-Methods: {methodList}',
    prints: {
      chromium: 'Method {method} is not allowed by Access-Control-Allow-Methods in preflight response.',
      firefox: 'Did not find method in CORS header ‘Access-Control-Allow-Methods’',
      webkit: 'Method {method} is not allowed by Access-Control-Allow-Methods.'
    }
  },
  HeaderDisallowedByPreflightResponse: {
    explanation: '{answer} does not list {missing} in Access-Control-Allow-Headers, so {outcome}',
    options: 'allowedHeaders: [{headerNames}]',
    otherwise: '{headerAdvice}',
    prints: {
      chromium: 'Request header field {header} is not allowed by Access-Control-Allow-Headers in preflight response.',
      firefox: 'header ‘{header}’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response',
      webkit: 'Request header field {header} is not allowed by Access-Control-Allow-Headers.'
    }
  },
  CorsDisabledScheme: {
    explanation: 'The URL {location} has a scheme that pages cannot fetch from another origin, so {outcome}',
    options: null,
    otherwise: 'serve the resource at an http: or https: URL and call, or redirect to, that one',
    prints: {
      chromium: 'Cross origin requests are only supported for protocol schemes:',
      firefox: 'CORS request did not succeed',
      webkit: 'denied by Cross-Origin Resource Sharing policy: not allowed to follow a cross-origin CORS redirection with non CORS scheme'
    }
  },
  RedirectContainsCredentials: {
    explanation: '{answer} redirects to a URL with a user name or password in it, which no cross-origin request may follow, so {outcome}',
    options: null,
    otherwise: 'redirect to {location}, and let the page send what the user information was for',
    prints: {
      chromium: "Redirect location '' contains a username and password, which is disallowed for cross-origin requests.",
      firefox: 'CORS request did not succeed',
      webkit: 'denied by Cross-Origin Resource Sharing policy: redirection URL {redirection} has credentials'
    }
  },
  LocalNetworkAccessPermissionDenied: {
    explanation: 'The page is on the internet and {answer} comes from this machine or the local network, which the user of the browser did not permit, so {outcome}',
    options: null,
    otherwise: 'let the user permit it in the site settings of the browser; no header of the server can',
    prints: {
      chromium: 'Permission was denied for this request to access the `{space}` address space.',
      firefox: null,
      webkit: null
    }
  }
} as const satisfies Record<string, FailureText>

/** Chromium's name for a failure of the CORS protocol. */
export type CorsReason = keyof typeof corsFailures

export type FailureName = CorsReason | keyof typeof networkFailures

/** The reason why a fetch ended in a network error. */
export interface Failure {
  name: FailureName
  /** Chromium's `failedParameter`. */
  parameter: string
  /** Values of the case for the words in braces of {@link FailureText}. */
  details: Readonly<Record<string, string>>
}

export function failure (name: FailureName, parameter = '', details: Readonly<Record<string, string>> = {}): Failure {
  return { name, parameter, details }
}

export const failureTexts: Readonly<Record<FailureName, FailureText>> = { ...corsFailures, ...networkFailures }

const ALLOW_ORIGIN = 'access-control-allow-origin'

/** The header of the last answer that a failure is about; any other failure is about its status. */
const deciding = [
  [/AllowOrigin|WildcardOrigin/, ALLOW_ORIGIN],
  [/AllowCredentials/, 'access-control-allow-credentials'],
  [/Methods?(?:Disallowed|Preflight)/, 'access-control-allow-methods'],
  [/Headers?(?:Disallowed|Preflight)/, 'access-control-allow-headers'],
  [/CorsDisabledScheme|Redirect/, 'location']
] as const

/** A header that decides. */
export type DecidingHeader = typeof deciding[number][1]

/** The header of the last answer that decided; `null` if its status did. */
export function decidingHeader (name: FailureName): DecidingHeader | null {
  return deciding.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

/** True for a failure about the origin that the answer allows, or does not. */
export function isAboutOrigin (name: FailureName): boolean {
  return decidingHeader(name) === ALLOW_ORIGIN
}

/** True for a failure that Chromium counts as CORS, and has a name for. */
export function isCorsReason (name: FailureName): name is CorsReason {
  return name in corsFailures
}
