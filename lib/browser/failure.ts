import { corsFailures, type CorsReason, type FailureText } from './reasons.js'

/** Network errors of the same algorithms that Chromium does not report as CORS: their reason is `null`. */
export const networkFailures = {
  TooManyRedirects: {
    explanation: '{answer} is the twenty-first redirect in a row, so {outcome}',
    options: null,
    otherwise: 'call the final URL directly, or break the loop of redirects',
    prints: {
      chromium: 'Failed to load resource: net::ERR_TOO_MANY_REDIRECTS',
      firefox: 'CORS request did not succeed',
      webkit: null
    }
  },
  InvalidRedirect: {
    explanation: '{answer} is a redirect whose Location header is no URL or stands there more than once, so {outcome}',
    options: null,
    otherwise: 'send one Location header with a valid URL',
    prints: {
      chromium: 'Failed to load resource: net::ERR_INVALID_REDIRECT',
      firefox: 'CORS request did not succeed',
      webkit: 'denied by Cross-Origin Resource Sharing policy: not allowed to follow a cross-origin CORS redirection with non CORS scheme'
    }
  },
  UnsafeRedirect: {
    explanation: '{answer} redirects to {location}, whose scheme no server may redirect to, so {outcome}',
    options: null,
    otherwise: 'redirect to an http: or https: URL',
    prints: {
      chromium: 'Failed to load resource: net::ERR_UNSAFE_REDIRECT',
      firefox: 'CORS request did not succeed',
      webkit: 'denied by Cross-Origin Resource Sharing policy: not allowed to follow a cross-origin CORS redirection with non CORS scheme'
    }
  },
  UnsupportedScheme: {
    explanation: 'The URL {location} has a scheme that fetch() cannot load here, so {outcome}',
    options: null,
    otherwise: 'serve the resource at an http: or https: URL and call that one',
    prints: {
      chromium: 'Not allowed to load local resource: {location}',
      firefox: 'may not load or link to {location}.',
      webkit: 'Cross origin requests are only supported for HTTP.'
    }
  }
} as const satisfies Record<string, FailureText>

export type FailureName = CorsReason | keyof typeof networkFailures

/** Why a fetch ended in a network error. */
export interface Failure {
  name: FailureName
  /** What Chromium reports as `failedParameter`. */
  parameter: string
  /** Values of the case for the words in braces of {@link FailureText}. */
  details: Readonly<Record<string, string>>
}

export function failure (name: FailureName, parameter = '', details: Readonly<Record<string, string>> = {}): Failure {
  return { name, parameter, details }
}

export const failureTexts: Readonly<Record<FailureName, FailureText>> = { ...corsFailures, ...networkFailures }

/** Whether Chromium counts the failure as CORS, and so has a name for it. */
export function isCorsReason (name: FailureName): name is CorsReason {
  return name in corsFailures
}
