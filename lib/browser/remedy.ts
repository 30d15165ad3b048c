import { isGrantableOrigin, SAFELISTED_METHODS } from './remedies/grant.js'
import type { CorsRemedy } from './remedies/index.js'

/** What one request of a page asks of a server. */
export interface RemedyNeeds {
  /** The page's origin, as it is sent. */
  origin: string
  /** The method, as it is sent. */
  method: string
  /** The names of the request headers that a browser asks about: those that are not safelisted. */
  headers: Iterable<string>
  /** Whether the request is made with credentials. */
  credentials: boolean
  /** The names of the response headers that the page wants to read beside those it always may. */
  exposed: Iterable<string>
}

/**
 * All that one request needs, as plain options, and no more. `null` for an origin that can't be granted by its name:
 * `null`, which is anyone's, and hosts that no configuration can spell.
 */
export function remedyOf ({ origin, method, headers, credentials, exposed }: RemedyNeeds): CorsRemedy | null {
  if (!isGrantableOrigin(origin)) return null
  const allowedHeaders = [...headers]
  const exposedHeaders = [...exposed]
  return {
    options: {
      origin: [origin],
      ...(SAFELISTED_METHODS.includes(method) ? {} : { methods: [...SAFELISTED_METHODS, method] }),
      ...(allowedHeaders.length === 0 ? {} : { allowedHeaders }),
      ...(exposedHeaders.length === 0 ? {} : { exposedHeaders }),
      ...(credentials ? { credentials } : {}),
      ...(credentials && isInsecure(origin) ? { dangerouslyAllow: ['insecure-origins'] } : {})
    }
  }
}

/** Plain http, but for loopback (W3C Secure Contexts, section 3.1): the plugin grants it credentials only by exception. */
function isInsecure (origin: string): boolean {
  return /^http:\/\/(?!(?:localhost|[^:]+\.localhost|127\.[0-9.]+|\[::1\])(?::|$))/.test(origin)
}
