import { isDeepStrictEqual } from 'node:util'
import { isSafelistedMethod } from '../http/methods.js'
import { parseCorsOptions } from '../options/parse.js'
import type { RouteCorsOptions } from '../options/schema.js'
import { withFix } from '../options/suggest/apply.js'
import { counted, isMended, type Judged } from '../options/suggest/promise.js'
import type { Policy } from '../policy/policy.js'
import type { Registration } from '../scope/registration.js'
import type { RouteRecord } from '../scope/route-table.js'
import type { CorsFinding, Found, FoundFix } from './finding.js'

/** A registration and the overrides of its routes: as they are, or with fixes in them. */
export interface Audited {
  readonly registration: Registration
  /** `config.cors` of a route. */
  readonly overrideOf: (record: RouteRecord) => unknown
}

/** Methods that no page can use, or that are not meant for pages. */
const NOT_OF_PAGES = new Set(['OPTIONS', 'TRACE', 'CONNECT'])

/** A route that takes all of these passes on whatever comes: a proxy, or `all()`. */
const METHODS_OF_PROXIES = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** A route with the policy that it has in an audit. */
export class AuditedRoute {
  readonly policy: Policy
  /** The methods for which browsers ask first. */
  readonly unsafeMethods: readonly string[]
  /** Those of them that its policy does not allow. */
  readonly refusedMethods: readonly string[]
  private readonly override: unknown

  constructor (readonly record: RouteRecord, { registration, overrideOf }: Audited) {
    this.override = overrideOf(record)
    this.policy = registration.policyOf(this.override, record.name)
    this.unsafeMethods = record.methods.filter(method => !isSafelistedMethod(method) && !NOT_OF_PAGES.has(method))
    const { methods } = this.policy.preflights
    this.refusedMethods = methods === null ? [] : this.unsafeMethods.filter(method => !methods.includes(method))
  }

  get takesEveryMethod (): boolean {
    return METHODS_OF_PROXIES.every(method => this.record.methods.includes(method))
  }

  get isOverridden (): boolean {
    return this.override !== undefined && this.override !== true
  }

  whereOf (option: keyof RouteCorsOptions): FoundFix['where'] {
    return whereOf(this.override, option)
  }

  /** True for a `config.cors` with one option. */
  hasNothingBut (option: keyof RouteCorsOptions): boolean {
    const names = typeof this.override === 'object' ? Object.keys({ ...this.override }) : []
    return names.length === 1 && names[0] === option
  }
}

/** Where an option of a route's policy is written, given its `config.cors`. */
export function whereOf (override: unknown, option: keyof RouteCorsOptions): FoundFix['where'] {
  if (override === false) return 'route'
  return typeof override === 'object' && override !== null && Reflect.get(override, option) !== undefined ? 'route' : 'registration'
}

/** Finds what will not work from a browser. */
export type Audit = (audited: Audited) => readonly Found[]

/** Trying one means to audit all routes again, and nobody reads so many. */
const MOST_TRIED = 100

/**
 * The findings of a registration, each with the first of its fixes that keeps its promise: put where `where` says, alone and
 * with the others, it makes the finding go away, and brings no other one, and no issue.
 */
export function audit (registration: Registration, findingsOf: Audit): CorsFinding[] {
  const asItIs: Audited = { registration, overrideOf: ({ options: { config } }) => config?.cors }
  const found = findingsOf(asItIs)
  // They are tried with code that is loaded when it is first used
  let fixes: Fixes | undefined
  return found.map(finding => {
    const { code, route, message, where, otherwise } = finding
    const kept = finding.fixes?.().find(fix => (fixes ??= new Fixes(asItIs, found, findingsOf)).keeps(finding, fix))
    if (kept !== undefined) return { code, route, message, fix: kept.text, where: kept.where }
    return { code, route, message: otherwise === undefined ? message : `${message}. ${otherwise}`, fix: null, where }
  })
}

/** Something audited, with the number of times that each problem is in it. */
interface Whole {
  readonly audited: Audited
  readonly problems: ReadonlyMap<string, number>
}

/** Tries fixes, on copies. */
class Fixes {
  private readonly alone: Whole
  /** With the fixes that were kept so far. */
  private together: Whole
  /** By route, `undefined` for the registration, and by text: what is wrong with a fix alone there, or `null` where it can't be put there. */
  private readonly tried = new Map<RouteRecord | undefined, Map<string, Whole | null>>()
  private readonly kept = new Map<RouteRecord | undefined, Set<string>>()
  private count = 0

  constructor (audited: Audited, found: readonly Found[], private readonly findingsOf: Audit) {
    this.alone = { audited, problems: counted(found.map(judged)) }
    this.together = this.alone
  }

  keeps (finding: Found, { where, text }: FoundFix): boolean {
    const record = where === 'route' ? finding.record : undefined
    const problem = judged(finding)
    const alone = this.triedAlone(record, text)
    if (alone === null || !isMended(problem, this.alone.problems, alone.problems)) return false
    const kept = this.kept.get(record) ?? new Set()
    if (kept.has(text)) return true
    const together = this.together === this.alone ? alone : this.attempt(this.together, record, text)
    if (together === null || !isMended(problem, this.together.problems, together.problems)) return false
    this.together = together
    this.kept.set(record, kept.add(text))
    return true
  }

  private triedAlone (record: RouteRecord | undefined, text: string): Whole | null {
    const ofRecord = this.tried.get(record) ?? new Map<string, Whole | null>()
    this.tried.set(record, ofRecord)
    const known = ofRecord.get(text)
    if (known !== undefined) return known
    const tried = ++this.count > MOST_TRIED ? null : this.attempt(this.alone, record, text)
    ofRecord.set(text, tried)
    return tried
  }

  private attempt ({ audited }: Whole, record: RouteRecord | undefined, text: string): Whole | null {
    try {
      const fixed = record === undefined ? ofRegistration(audited, text) : ofRoute(audited, record, text)
      return { audited: fixed, problems: counted(this.findingsOf(fixed).map(judged)) }
    } catch {
      // With it, the options of the registration or of one of its routes are refused
      return null
    }
  }
}

function ofRegistration ({ registration, overrideOf }: Audited, text: string): Audited {
  return { registration: registration.copy(parseCorsOptions(withFix({ ...registration.options }, '', text))), overrideOf }
}

function ofRoute ({ registration, overrideOf }: Audited, place: RouteRecord, text: string): Audited {
  const override = overrideOf(place)
  const fixed = withFix(typeof override === 'object' ? { ...override } : {}, '', text)
  // Nothing is left of an override that is left out
  const written = isDeepStrictEqual(fixed, {}) ? undefined : fixed
  return { registration: registration.copy(), overrideOf: record => record === place ? written : overrideOf(record) }
}

function judged ({ code, route }: Found): Judged {
  return { code, path: '', value: route }
}
