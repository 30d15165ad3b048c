import { isGrantableOrigin } from '../browser/remedies/grant.js'
import { isInsecure } from '../browser/remedy.js'
import { isSafelistedMethod } from '../http/methods.js'
import { listItems } from '../http/token.js'
import { type CorsOptions, DEFAULTS } from '../options/schema.js'
import { isList, listSource } from '../text.js'
import type { CorsExchange, CorsPage } from '../browser/index.js'

/** The options that can be missing when a request is refused. */
export type MissingOptions = Pick<CorsOptions, 'origin' | 'methods' | 'allowedHeaders' | 'credentials' | 'dangerouslyAllow'>

/**
 * The options that a policy lacks for a request beside its origin, as options that keep what is granted.
 *
 * @param last - the exchange that was refused
 */
export function missingBeside ({ credentials }: CorsPage, { request: { headers } }: CorsExchange, options: CorsOptions): MissingOptions {
  const asks = credentials === 'include'
  const granted = asks || options.credentials === true
  const methods = listItems(options.methods ?? DEFAULTS.methods)
  const method = headers['access-control-request-method'] ?? 'GET'
  const names = headers['access-control-request-headers']?.split(',') ?? []
  const listed = options.allowedHeaders === undefined ? null : listItems(options.allowedHeaders)
  const refused = listed === null ? [] : names.filter(name => !isListed(name, listed, granted))
  return {
    ...methods.includes('*') || methods.includes(method) || isSafelistedMethod(method) ? {} : { methods: [...methods, method] },
    ...listed === null || refused.length === 0 ? {} : { allowedHeaders: [...listed, ...refused] },
    ...asks && options.credentials !== true ? { credentials: true } : {}
  }
}

/** `*` does not cover `Authorization`, unless the policy echoes what is asked for, as it does with credentials (A7). */
function isListed (name: string, listed: readonly string[], withCredentials: boolean): boolean {
  const isCovered = listed.includes('*') && (withCredentials || name !== 'authorization')
  return isCovered || listed.some(item => item.toLowerCase() === name)
}

/**
 * Finds options that allow a request and can be put over those of its policy: they keep what is granted, and are sound.
 *
 * @param isSound - judges the options that come out
 * @returns `null` if no options do so
 */
export function sufficientOptions (
  page: CorsPage, last: CorsExchange, isStranger: boolean, options: CorsOptions, isSound: (options: CorsOptions) => boolean
): MissingOptions | null {
  const beside = missingBeside(page, last, options)
  const origin = String(last.request.headers.origin)
  const isOpen = options.origin === true || (typeof options.origin !== 'function' && [options.origin].flat().includes('*'))
  const needed = isStranger || (isOpen && beside.credentials === true) ? withOrigin(options.origin, origin, isOpen) : {}
  if (needed === null) return null
  const exception: MissingOptions = isInsecure(origin) ? { dangerouslyAllow: [...options.dangerouslyAllow ?? [], 'insecure-origins'] } : {}
  const found = { ...needed, ...beside }
  return [found, { ...found, ...exception }].find(candidate => isSound({ ...options, ...candidate })) ?? null
}

/** The origins of a policy with another one: in place of any origin, which no policy may grant credentials. */
function withOrigin (given: CorsOptions['origin'], origin: string, isOpen: boolean): MissingOptions | null {
  if (typeof given === 'function' || !isGrantableOrigin(origin)) return null
  if (isOpen || typeof given === 'boolean' || given === undefined) return { origin: [origin] }
  return { origin: isList(given) ? [...given, origin] : [given, origin] }
}

/** Options as they are written in JavaScript, without braces. */
export function optionsSource (options: MissingOptions): string {
  return Object.entries(options).map(([name, value]) => `${name}: ${isList(value) ? listSource(value) : String(value)}`).join(', ')
}
