import type { Static, TObject } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { isList, isRegExp, listSource, quote, shorten, show } from '../text.js'
import { holdsOrigin, optionMeantBy } from './aliases.js'
import type { GivenOptions } from './copy.js'
import type { IssueList, Problem } from './issue.js'
import { choiceMeant, meantBy } from './meant.js'
import { ABOUT, type About } from './schema-types.js'
import { type CorsOptionName, CorsOptionsSchema } from './schema.js'

const { properties } = CorsOptionsSchema

/** Options of `register` itself, which Fastify reads for any plugin. */
const OF_REGISTER = new Map([
  ['prefix', 'prefix has no effect here: the plugin covers the context it is registered in, so register it in a context with that prefix. ' +
    'If it comes with the options of the application, ...options, take none of those'],
  ['logSerializers', 'logSerializers has no effect here: the plugin logs no request']
])

/** Options of `Fastify()`, and of a file that fastify-cli starts: applications hand them on to their plugins. */
const OF_APPLICATION: ReadonlySet<string> = new Set([
  'ajv', 'allowUnsafeRegex', 'bodyLimit', 'caseSensitive', 'connectionTimeout', 'disableRequestLogging', 'exposeHeadRoutes', 'forceCloseConnections',
  'frameworkErrors', 'genReqId', 'handlerTimeout', 'http', 'http2', 'https', 'ignoreDuplicateSlashes', 'ignoreTrailingSlash', 'keepAliveTimeout',
  'logger', 'loggerInstance', 'maxParamLength', 'maxRequestsPerSocket', 'onConstructorPoisoning', 'onProtoPoisoning', 'pluginTimeout',
  'querystringParser', 'requestIdHeader', 'requestIdLogLabel', 'requestTimeout', 'return503OnClosing', 'rewriteUrl', 'routerOptions',
  'schemaController', 'serializerOpts', 'serverFactory', 'skipOverride', 'trustProxy', 'useSemicolonDelimiter'
])

/**
 * Checks the names and the types of options, and reports each problem in words.
 *
 * @param schema the options that are known here: all, or those of a route
 */
export function hasShape<T extends TObject> (schema: T, given: GivenOptions, issues: IssueList): given is GivenOptions & Static<T> {
  let fits = true
  for (const [option, value] of Object.entries(given)) {
    if (!Object.hasOwn(schema.properties, option)) reportUnknown(option, value, issues)
    else if (!isOption(option) || takes(option, value)) continue
    else reportType(option, value, issues)
    fits = false
  }
  return fits
}

function isOption (name: string): name is CorsOptionName {
  return Object.hasOwn(properties, name)
}

function takes (option: CorsOptionName, value: unknown): boolean {
  // The schema accepts any object with the properties of a regular expression.
  return Value.Check(properties[option], value) && [value].flat().every(item => typeof item !== 'object' || isRegExp(item))
}

function reportUnknown (option: string, value: unknown, issues: IssueList): void {
  if (!issues.isFull) issues.add({ option }, { code: 'unknown-option', value, ...explainUnknown(option, value) })
}

/** The names of switches in other libraries that let anyone in. */
const LETS_ANY = /^(?:cors)?(?:(?:allow|expose)(?:all|any)|originallowall)/

/** The options that unknown ones mean, by the names that are written; an option that is given, or meant twice, is left out. */
export function namesMeant ({ properties }: TObject, given: GivenOptions): ReadonlyMap<string, string> {
  const meant = new Map<string, string>()
  for (const [option, value] of Object.entries(given)) {
    const { fix } = Object.hasOwn(properties, option) ? { fix: null } : explainUnknown(option, value)
    if (typeof fix === 'string' && Object.hasOwn(properties, fix) && !Object.hasOwn(given, fix) && ![...meant.values()].includes(fix)) meant.set(option, fix)
  }
  return meant
}

function explainUnknown (option: string, value: unknown): Pick<Problem, 'message' | 'fix'> {
  if (isOption(option)) {
    return {
      message: `${option} belongs in the registration, app.register(corsPlugin, { ${option}: … }): one route can't set it`,
      fix: 'leave it out'
    }
  }
  const special = OF_REGISTER.get(option)
  if (special !== undefined) return { message: special, fix: null }
  if (OF_APPLICATION.has(option)) {
    return { message: `unknown option '${option}': it is one of Fastify's. Take no options of the application, ...options, among those of CORS`, fix: 'leave it out' }
  }
  if (holdsOrigin(value)) {
    return { message: `unknown option ${quote(shorten(option))}: the options in it stand alone, as in app.register(corsPlugin, { origin: … })`, fix: null }
  }
  const meant = meaningOf(option, value)
  if (value === false && LETS_ANY.test(option.toLowerCase().replace(/[_-]/g, ''))) {
    return { message: `unknown option ${quote(shorten(option))}: what is false in other libraries is left out here`, fix: 'leave it out' }
  }
  return { message: `unknown option ${quote(shorten(option))}${meant === null ? NONE_NEAR : `. Did you mean '${meant}'?`}`, fix: meant }
}

const NONE_NEAR = ', and none has a name like it: leave it out, or look in docs/options.md for what is meant'

/** Names that mean `origin` where their value is one, and may mean anything else. */
const OF_PAGES = /^(?:url|(?:allowed_?)?hosts?|sites?|(?:client|frontend)(?:_?urls?)?|allow(?:ed)?)$/i

function meaningOf (option: string, value: unknown): string | null {
  const isOrigin = option === 'cors' || (OF_PAGES.test(option) && [value].flat().every(isLikeOrigin))
  return isOrigin ? 'origin' : optionMeantBy(option)
}

function isLikeOrigin (value: unknown): boolean {
  return typeof value === 'string' && value.includes('://')
}

function reportType (option: CorsOptionName, value: unknown, issues: IssueList): void {
  const about = properties[option][ABOUT]
  if (about.items !== undefined && isList(value)) reportItems(option, value, about, issues)
  else issues.add({ option }, problemOf(option, value, about))
}

function problemOf (option: CorsOptionName, value: unknown, about: About): Problem {
  const { words, example, outOfRange } = about
  const fix = value === null ? withoutNull(option) : value === false && HEADERS.has(option) ? 'leave it out' : about.items === undefined ? meantBy(properties[option], value) : entriesIn(value) ?? meantBy(properties[option], value)
  return {
    code: Number.isInteger(value) ? outOfRange ?? 'invalid-type' : 'invalid-type',
    value,
    message: `${option} must be ${words}, not ${show(value)}${isPort(value) ? remarkOn(option, value) : ''}${fix === null && example !== undefined ? `; for example ${example}` : ''}`,
    fix
  }
}

/** The fix for `null`: to leave the option out, unless it is one of the two that say who may call. */
function withoutNull (option: CorsOptionName): string | null {
  return option === 'origin' || option === 'delegator' ? null : 'leave it out'
}

/** Options that send a header, which `false` is to keep from being sent. */
const HEADERS = new Set<CorsOptionName>(['maxAge', 'cacheControl', 'exposedHeaders'])

function reportItems (option: CorsOptionName, items: readonly unknown[], about: About, issues: IssueList): void {
  const leaveOut = items.some(item => isItem(option, item)) ? 'leave it out' : null
  for (const [index, item] of items.entries()) {
    if (issues.isFull) return
    if (isItem(option, item)) continue
    issues.add({ option, index }, {
      code: 'invalid-type',
      value: item,
      message: `${option} can only contain ${about.items}, not ${show(item)}${remarkOn(option, item)}`,
      fix: isNothing(item) ? leaveOut : entriesIn(item) ?? choiceMeant(about, item)
    })
  }
}

function isItem (option: CorsOptionName, item: unknown): boolean {
  return takes(option, [item])
}

/** A list may contain itself. */
const DEEPEST = 4

/** The entries of a list inside the list, or of a set; the origin of a URL. `null` for all else. */
function entriesIn (value: unknown): string | null {
  if (value instanceof URL) return quote(value.origin)
  if (!isList(value) && !(value instanceof Set)) return null
  const entries: unknown[] = [...value].flat(DEEPEST)
  const written = entries.filter(entry => typeof entry === 'string' || isRegExp(entry))
  return written.length < entries.length ? null : listSource(written)
}

/** True for the rest of an entry whose condition is false, or whose variable is not set. */
function isNothing (item: unknown): boolean {
  return item === undefined || item === null || item === false
}

/** True for the number of a port that an origin can have; 80 is the one that http has anyway. */
function isPort (value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 65_535 && value !== 80
}

function remarkOn (option: CorsOptionName, item: unknown): string {
  if (item === undefined) return ': an environment variable may not be set; .filter(Boolean) after the list leaves such entries out'
  if (isList(item)) return ': lists don\'t nest'
  if (typeof item === 'function') return ', which stands alone: origin: (origin, request) => boolean'
  if (option === 'origin' && isPort(item)) return `: for a page at this port of the machine itself, write 'http://localhost:${item}'`
  return option === 'origin' && typeof item === 'boolean' ? `, which stands alone: origin: ${item}` : ''
}
