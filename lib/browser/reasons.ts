/** A family of browsers that share one implementation of the CORS protocol. */
export type Engine = 'chromium' | 'firefox' | 'webkit'

/**
 * What is told about one failure. Words in braces stand for values of the case: `{answer}`, `{origin}`, `{value}`
 * and so on are filled in by `explain`, and by the generator of docs/errors.md.
 */
export interface FailureText {
  /** One sentence, without its full stop. */
  explanation: string
  /** The line of this plugin's options that mends it, or `null` where no option does. */
  options: string | null
  /** What to do where the answer does not come from this plugin. */
  otherwise: string
  /** What each engine prints to its console, as seen in this project's browser tests; `null` for nothing of its own. */
  prints: Record<Engine, string | null>
}

/** A failure of the CORS check: every engine has words for it. */
type CheckText = FailureText & { prints: Record<Engine, string> }

const missingAllowOrigin: CheckText = {
  explanation: '{answer} has no Access-Control-Allow-Origin header, so {outcome}',
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
  explanation: '{answer} has the Access-Control-Allow-Origin value "{value}", which is no origin, so {outcome}',
  options: '{originOption}',
  otherwise: 'send Access-Control-Allow-Origin: {origin}',
  prints: {
    chromium: "The 'Access-Control-Allow-Origin' header contains the invalid value '{value}'.",
    firefox: 'CORS header ‘Access-Control-Allow-Origin’ does not match ‘{value}’',
    webkit: 'Origin {origin} is not allowed by Access-Control-Allow-Origin. Status code: {status}'
  }
}

const invalidAllowCredentials: CheckText = {
  explanation: '{answer} has Access-Control-Allow-Credentials "{value}" where a request with credentials needs exactly "true", so {outcome}',
  options: 'credentials: true',
  otherwise: 'send Access-Control-Allow-Credentials: true, or call without credentials',
  prints: {
    chromium: "The value of the 'Access-Control-Allow-Credentials' header in the response is '{value}' which must be 'true' when the request's credentials mode is 'include'.",
    firefox: 'expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’',
    webkit: 'Credentials flag is true, but Access-Control-Allow-Credentials is not "true".'
  }
}

/** The same failure in the answer to a preflight: Chromium says so first. */
function inPreflight (text: CheckText): FailureText {
  const chromium = `Response to preflight request doesn't pass access control check: ${text.prints.chromium}`
  return { ...text, prints: { ...text.prints, chromium } }
}

/** Every failure that Chromium counts as CORS, by the name in its DevTools protocol (`Network.CorsError`). */
export const corsFailures = {
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
  PreflightInvalidAllowCredentials: inPreflight(invalidAllowCredentials),
  PreflightInvalidStatus: {
    explanation: '{answer} has the status {status} where only 200 to 299 count, so {outcome}',
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
      chromium: 'Fetch API cannot load {location}. URL scheme "{scheme}" is not supported.',
      firefox: 'CORS request not http',
      webkit: 'Cross origin requests are only supported for HTTP.'
    }
  },
  LocalResource: {
    explanation: 'The URL {location} is a local file, which no page of a server may read, so {outcome}',
    options: null,
    otherwise: 'serve the file at an http: or https: URL and call that one',
    prints: {
      chromium: 'Not allowed to load local resource: {location}',
      firefox: 'may not load or link to {location}.',
      webkit: 'Cross origin requests are only supported for HTTP.'
    }
  },
  UnexpectedProxyAuthentication: {
    explanation: '{answer} has the status 407, which only the proxy of a browser may answer with, and no CORS header that allows the page, so {outcome}',
    options: null,
    otherwise: 'answer with 401 where the server asks for a login, and with the CORS headers',
    prints: {
      chromium: 'Failed to load resource: net::ERR_UNEXPECTED_PROXY_AUTH',
      firefox: 'CORS header ‘Access-Control-Allow-Origin’ missing',
      webkit: 'Origin {origin} is not allowed by Access-Control-Allow-Origin. Status code: {status}'
    }
  },
  MixedContent: {
    explanation: 'A page over https may not call {location}, which is plain http, so {outcome}',
    options: null,
    otherwise: 'serve {location} over https and call that, or proxy it below the origin of the page',
    prints: {
      chromium: 'This request has been blocked; the content must be served over HTTPS.',
      firefox: 'Blocked loading mixed active content',
      webkit: 'was not allowed to run insecure content from'
    }
  },
  BlockedPort: {
    explanation: 'Browsers never call port {port}, so {outcome}',
    options: null,
    otherwise: 'let the server listen on another port, such as 3000 or 8080',
    prints: {
      chromium: 'Failed to load resource: net::ERR_UNSAFE_PORT',
      firefox: null,
      webkit: 'Not allowed to use restricted network port'
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
