import type { Static, TObject } from '@sinclair/typebox'
import { nearest } from '../near.js'
import { quote } from '../text.js'
import { type GivenOptions, readOptions } from './copy.js'
import { CorsConfigError, type CorsIssue, IssueList } from './issue.js'
import { checkRules } from './rules/index.js'
import {
  type CorsOptions, CorsOptionsSchema, DEFAULTS, FIXED_AT_BOOT, ONLY_AT_REGISTRATION, type RouteCorsOptions, RouteCorsOptionsSchema
} from './schema.js'
import { hasShape } from './shape.js'
import { FixJudge } from './suggest/promise.js'
import { namesMeant, underRightNames } from './unknown.js'

/**
 * Checks the options of the plugin.
 *
 * @param value anything; `undefined` counts as `{}`
 * @returns a frozen copy, its lists frozen too, without defaults
 * @throws CorsConfigError with every problem
 */
export function parseCorsOptions (value: unknown): CorsOptions {
  return parseRegistration(value, '', [])
}

/**
 * Checks the options of one registration, as {@link parseCorsOptions} does.
 *
 * @param prefix of the context, for the message: an application may have several registrations
 * @param levels of the application's logger; none if they are not known
 */
export function parseRegistration (value: unknown, prefix: string, levels: readonly string[]): CorsOptions {
  const whose = prefix === '' ? '' : ` under ${prefix}`
  const given = readOptions(value === undefined ? {} : value, whose)
  return Object.freeze(checked(CorsOptionsSchema, given, whose, { more: (options, issues) => { checkLogLevel(options, levels, issues) } }))
}

/** `invalid-type` of a level that the logger does not have. */
function checkLogLevel ({ logLevel }: GivenOptions, levels: readonly string[], issues: IssueList): void {
  if (typeof logLevel !== 'string' || logLevel === '' || levels.length === 0 || levels.includes(logLevel)) return
  const near = nearest(logLevel.toLowerCase(), levels)
  issues.add({ option: 'logLevel' }, {
    code: 'invalid-type',
    value: logLevel,
    message: `logLevel must be a level of the application's logger, ${levels.map(quote).join(', ')}, not ${quote(logLevel)}`,
    fix: near === undefined ? null : quote(near)
  })
}

/**
 * Checks the options of one route, and their result over those of the registration.
 *
 * @param override `config.cors`, unless it is `true` or `false`
 * @param base the options of the nearest registration, as `parseCorsOptions` returned them
 * @param place the route, for the message: `PUT /x`
 * @returns the override over the base, frozen
 * @throws CorsConfigError with every problem of the override; paths point into the override
 */
export function parseRouteOverride (override: unknown, base: CorsOptions, place: string): CorsOptions {
  const whose = ` of route ${place}`
  const given = readOptions(override, whose, ', or false to switch CORS off')
  return parseOver(given, base, whose)
}

/**
 * Checks the options that a delegator chose for a request, and their result with those of the registration and the route.
 * A policy with the defaults of {@link CorsPolicySchema} also has options that only a registration can have: they are
 * accepted if they repeat the registration's.
 *
 * @param result returned by the delegator, or by its promise
 * @param base the options of the registration that has the delegator, as `parseCorsOptions` returned them
 * @param override the route's own options, which were checked at boot; `{}` if it has none
 * @param place the route, for the message: `PUT /x`
 * @returns the override over the result over the base, frozen, without the delegator
 * @throws CorsConfigError with every problem of the result; paths point into the result
 */
export function parseDelegated (result: unknown, base: CorsOptions, override: RouteCorsOptions, place: string): CorsOptions {
  const whose = ` that the delegator chose for ${place}${Object.keys(override).length === 0 ? '' : ', under its config.cors,'}`
  const { delegator, ...fixed } = base
  const read = readOptions(result, whose)
  const given = Object.fromEntries(Object.entries(read).filter(([option, value]) => !repeats(option, value, base)))
  const ofRoute = readOptions(override, whose)
  const delegated = parseOver(given, fixed, whose, ofRoute, true)
  return parseOver(ofRoute, delegated, whose)
}

/**
 * Checks options that replace those of a running registration.
 *
 * @param value the new options; those fixed at boot may be left out, and then stay
 * @param current the options to replace
 * @throws CorsConfigError with every problem, `fixed-at-boot` among them
 */
export function parseReconfiguration (value: unknown, current: CorsOptions): CorsOptions {
  const read = readOptions(value === undefined ? {} : value, '')
  const kept = Object.entries(current).filter(([option]) => FIXED_AT_BOOT.includes(option) && !Object.hasOwn(read, option))
  const given = { ...read, ...Object.fromEntries(kept) }
  return Object.freeze(checked(CorsOptionsSchema, given, '', { more: (options, issues) => { checkFixed(options, current, issues) } }))
}

/** `fixed-at-boot`. */
function checkFixed (given: GivenOptions, current: CorsOptions, issues: IssueList): void {
  for (const option of FIXED_AT_BOOT) {
    if (!Object.hasOwn(given, option) || repeats(option, given[option], current)) continue
    issues.add({ option }, {
      code: 'fixed-at-boot',
      value: given[option],
      message: `${option} is fixed once the server has started`,
      fix: 'leave it out'
    })
  }
}

/** True for an option that only a registration has, with the value that it has there, given or by default. */
function repeats (option: string, value: unknown, registered: CorsOptions): boolean {
  const inForce: GivenOptions = { ...DEFAULTS, ...registered }
  return ONLY_AT_REGISTRATION.includes(option) && value === inForce[option]
}

/** Options over those of a registration, and under those that come over both. */
function parseOver (given: GivenOptions, base: CorsOptions, whose: string, over: GivenOptions = {}, isDelegated = false): CorsOptions {
  const merge = (options: GivenOptions): GivenOptions => ({ ...base, ...options, ...over })
  return Object.freeze({ ...base, ...checked(RouteCorsOptionsSchema, given, whose, { merge, isDelegated }) })
}

/** How options are checked beside the schema. */
interface Checks {
  /** The options that result of those that are checked. */
  readonly merge?: (options: GivenOptions) => GivenOptions
  readonly isDelegated?: boolean
  /** Adds further problems. */
  readonly more?: (options: GivenOptions, issues: IssueList) => void
}

/** The given options with their type, once nothing is wrong with them, or with what they make of others. */
function checked<T extends TObject> (
  schema: T, given: GivenOptions, whose: string, { merge = options => options, isDelegated = false, more }: Checks
): Static<T> {
  const isRight = (options: GivenOptions, issues: IssueList): options is GivenOptions & Static<T> => {
    const typed = hasShape(schema, options, issues)
    checkRules({ own: options, merged: merge(options), issues, isDelegated })
    more?.(options, issues)
    return typed && issues.isEmpty
  }
  const issues = new IssueList()
  if (isRight(given, issues)) return given
  const check = (options: GivenOptions): IssueList => {
    const found = new IssueList()
    isRight(options, found)
    return found
  }
  const names = namesMeant(schema, given)
  const told = issuesIn(given, issues, check)
  throw new CorsConfigError(names.size === 0 ? told : underRightNames(names, given, told, options => issuesIn(options, check(options), check)), whose)
}

function issuesIn (given: GivenOptions, issues: IssueList, check: (options: GivenOptions) => IssueList): CorsIssue[] {
  const fixes = new FixJudge(given, issues.problems, options => check(options).problems)
  return issues.inOrderOf(Object.keys(given), (issue, fix) => fixes.judge(issue, fix))
}
