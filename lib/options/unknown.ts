import type { TObject } from '@sinclair/typebox'
import { quote, shorten } from '../text.js'
import { holdsOrigin, optionMeantBy } from './aliases.js'
import type { GivenOptions } from './copy.js'
import { type CorsIssue, pointerTo, type Problem } from './issue.js'
import { CorsOptionsSchema } from './schema.js'
import { settingsIn, stepsOf } from './suggest/apply.js'

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

/** The names of switches in other libraries that let anyone in. */
const LETS_ANY = /^(?:cors)?(?:(?:allow|expose)(?:all|any)|originallowall)/

/** Describes an option that does not exist, or not here. */
export function explainUnknown (option: string, value: unknown): Pick<Problem, 'message' | 'fix'> {
  if (Object.hasOwn(CorsOptionsSchema.properties, option)) {
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
const OF_PAGES = /^(?:url|(?:allowed_?)?hosts?|sites?|clients?|(?:client|frontend)(?:_?urls?)?|allow(?:ed)?)$/i

function meaningOf (option: string, value: unknown): string | null {
  const isOrigin = option === 'cors' || (OF_PAGES.test(option) && [value].flat().every(isLikeOrigin))
  return isOrigin ? 'origin' : optionMeantBy(option)
}

function isLikeOrigin (value: unknown): boolean {
  return typeof value === 'string' && value.includes('://')
}

/** The options that unknown ones mean, by the names that are written; an option that is given, or meant twice, is left out. */
export function namesMeant ({ properties }: TObject, given: GivenOptions): ReadonlyMap<string, string> {
  const meant = new Map<string, string>()
  for (const [option, value] of Object.entries(given)) {
    const { fix } = Object.hasOwn(properties, option) ? { fix: null } : explainUnknown(option, value)
    if (typeof fix === 'string' && Object.hasOwn(properties, fix) && !Object.hasOwn(given, fix) && ![...meant.values()].includes(fix)) meant.set(option, fix)
  }
  return meant
}

/**
 * The unknown names, and all that is wrong with the options under the names that were meant: a wrong name hides no other problem.
 *
 * @param names the right names, by those that are written
 * @param told the problems of the options as they are written
 * @param find finds the problems of options
 */
export function underRightNames (names: ReadonlyMap<string, string>, given: GivenOptions, told: readonly CorsIssue[], find: (options: GivenOptions) => CorsIssue[]): CorsIssue[] {
  const renamed = Object.fromEntries(Object.entries(given).map(([name, value]) => [names.get(name) ?? name, value]))
  const written = new Map(Array.from(names, ([name, meant]) => [meant, name]))
  const others = find(renamed).filter(({ code }) => code !== 'unknown-option')
  const options = Object.keys(given)
  const placeOf = ({ path }: CorsIssue): number => options.indexOf(String(stepsOf(path)[0]))
  return [...told.filter(({ code }) => code === 'unknown-option'), ...others.map(issue => asWritten(issue, written))].sort((one, other) => placeOf(one) - placeOf(other))
}

/** A problem at the name that is written. It has no fix there: it would have to be put in place together with the new name. */
function asWritten ({ path, message, fix, ...issue }: CorsIssue, written: ReadonlyMap<string, string>): CorsIssue {
  const [step, index] = stepsOf(path)
  const option = String(step)
  const name = written.get(option)
  const settings = settingsIn(fix ?? '')
  if (name === undefined && (settings === null || !Object.keys(settings).some(setting => written.has(setting)))) return { path, message, fix, ...issue }
  const pointer = pointerTo(name ?? option)
  const place = index === undefined && settings === null ? `${option}: ` : ''
  const remedy = fix === null || message.endsWith(fix) ? '' : fix === 'leave it out' ? `; ${fix}` : `; write ${place}${fix}`
  return { ...issue, path: index === undefined ? pointer : `${pointer}/${index}`, message: `${name === undefined ? '' : 'under its right name, '}${message}${remedy}`, fix: null }
}
