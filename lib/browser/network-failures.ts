import type { FailureText } from './failure-text.js'

/** Network errors of the same algorithms that Chromium does not report as CORS, so that a verdict has no reason. */
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
      firefox: 'Blocked loading mixed active content “{location}”',
      webkit: 'requested insecure content from {location}.'
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
