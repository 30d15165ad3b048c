import { isToken } from '../../http/token.js'

/** What a server has to grant, as plain options: the part of a CORS policy that a single request can need. */
export interface RemedyOptions {
  /** The page's origin, or several, each as browsers send it. */
  origin: string | string[]
  /** Defaults to `GET`, `HEAD` and `POST`. */
  methods?: string | string[]
  allowedHeaders?: string | string[]
  exposedHeaders?: string | string[]
  credentials?: boolean
  /** What this project's plugin wants to see named before it grants it; other servers ask for nothing of the kind. */
  dangerouslyAllow?: 'insecure-origins'[]
}

/** {@link RemedyOptions}, read: every list is there, and nothing in it but origins and tokens. */
export interface Grant {
  origins: readonly string[]
  methods: readonly string[]
  allowedHeaders: readonly string[]
  exposedHeaders: readonly string[]
  credentials: boolean
  exceptions: readonly string[]
}

/** The methods that a browser lets a page use unasked (Fetch, "CORS-safelisted method"). */
export const SAFELISTED_METHODS: readonly string[] = ['GET', 'HEAD', 'POST']

/**
 * Reads the options of a remedy.
 *
 * @throws TypeError for what no request can need: a pattern, `*`, `null`, or a name that is no token
 */
export function readGrant ({ origin, methods, allowedHeaders, exposedHeaders, credentials, dangerouslyAllow }: RemedyOptions): Grant {
  return {
    origins: checked(typeof origin === 'string' ? [origin] : origin, isGrantableOrigin, 'an origin'),
    methods: methods === undefined ? SAFELISTED_METHODS : names(methods),
    allowedHeaders: names(allowedHeaders ?? []),
    exposedHeaders: names(exposedHeaders ?? []),
    credentials: credentials === true,
    exceptions: checked(dangerouslyAllow ?? [], isToken, 'an exception')
  }
}

/**
 * Whether an origin can be listed in any server's configuration: a scheme, a host of the characters that names and
 * addresses have, and a port. Some libraries read `*`, a comma or a bracket as more than itself, and `null` is anyone.
 */
export function isGrantableOrigin (origin: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[A-Za-z0-9._~-]+|\[[0-9a-f:.]+\])(?::[0-9]+)?$/.test(origin)
}

/**
 * The header names for a library that takes an empty list for "all of them": then `Accept`, which a page may send
 * unasked (Fetch, "CORS-safelisted request-header").
 */
export function nameable (allowedHeaders: readonly string[]): readonly string[] {
  return allowedHeaders.length === 0 ? ['Accept'] : allowedHeaders
}

function names (value: string | readonly string[]): string[] {
  const list = typeof value === 'string' ? value.split(',').map(name => name.trim()) : value
  return [...new Set(checked(list, name => isToken(name) && name !== '*', 'a name'))]
}

function checked (values: readonly string[], isRight: (value: string) => boolean, kind: string): readonly string[] {
  for (const value of values) {
    if (!isRight(value)) throw new TypeError(`not ${kind} that a remedy can grant: ${JSON.stringify(value)}`)
  }
  return values
}
