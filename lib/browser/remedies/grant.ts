import { SAFELISTED_METHODS } from '../../http/methods.js'
import { isToken, listItems } from '../../http/token.js'

/** The options that a single request can need: a part of a CORS policy, as plain data. */
export interface RemedyOptions {
  /** One or more origins, each as browsers send it. */
  origin: string | string[]
  /** Defaults to `GET`, `HEAD` and `POST`. */
  methods?: string | string[]
  allowedHeaders?: string | string[]
  exposedHeaders?: string | string[]
  credentials?: boolean
  /** Exceptions that this project's plugin needs; other servers have none. */
  dangerouslyAllow?: 'insecure-origins'[]
}

/** {@link RemedyOptions}, parsed: it has every list, with origins and tokens only. */
export interface Grant {
  origins: readonly string[]
  methods: readonly string[]
  allowedHeaders: readonly string[]
  exposedHeaders: readonly string[]
  credentials: boolean
  exceptions: readonly string[]
}

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
 * True for an origin that any server's configuration can list: a scheme, a host with the characters of names and addresses,
 * and a port. Some libraries give `*`, commas and brackets a meaning, and anyone can have `null`.
 */
export function isGrantableOrigin (origin: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[A-Za-z0-9._~-]+|\[[0-9a-f:.]+\])(?::[0-9]+)?$/.test(origin)
}

/**
 * The header names for a library that takes an empty list for "all": in its place stands `Accept`, which every page may
 * send.
 *
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-request-header
 */
export function nameable (allowedHeaders: readonly string[]): readonly string[] {
  return allowedHeaders.length === 0 ? ['Accept'] : allowedHeaders
}

function names (value: string | readonly string[]): string[] {
  return [...new Set(checked(listItems(value), name => isToken(name) && name !== '*', 'a name'))]
}

function checked (values: readonly string[], isRight: (value: string) => boolean, kind: string): readonly string[] {
  for (const value of values) {
    if (!isRight(value)) throw new TypeError(`not ${kind} that a remedy can grant: ${JSON.stringify(value)}`)
  }
  return values
}
