import { CorsConfigError } from '../options/issue.js'
import { parseCorsOptions } from '../options/parse.js'
import { withFix } from '../options/suggest/apply.js'
import { counted, isMended, type Judged } from '../options/suggest/promise.js'
import type { Registration } from '../scope/registration.js'
import type { RouteRecord } from '../scope/route-table.js'
import type { CorsFinding, Found, FoundFix } from './finding.js'

/** A registration and the overrides of its routes: as they are, or with fixes in them. */
export interface Audited {
  readonly registration: Registration
  /** `config.cors` of a route. */
  readonly overrideOf: (record: RouteRecord) => unknown
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
    const kept = finding.fixes?.find(fix => (fixes ??= new Fixes(asItIs, found, findingsOf)).keeps(finding, fix))
    if (kept !== undefined) return { code, route, message, fix: kept.text, where: kept.where }
    return { code, route, message: otherwise === undefined ? message : `${message}. ${otherwise}`, fix: null, where }
  })
}

/** Something audited, with the number of times that each problem is in it. */
interface Whole {
  readonly audited: Audited
  readonly problems: ReadonlyMap<string, number>
}

/** Where a fix goes: `undefined` for the registration. */
type Place = RouteRecord | undefined

/** Tries fixes, on copies. */
class Fixes {
  readonly #alone: Whole
  /** With the fixes that were kept so far. */
  #together: Whole
  readonly #findingsOf: Audit
  /** By place and text: what is wrong with a fix alone in its place, or `null` where it can't be put there. */
  readonly #tried = new Map<Place, Map<string, Whole | null>>()
  readonly #kept = new Map<Place, Set<string>>()
  #count = 0

  constructor (audited: Audited, found: readonly Found[], findingsOf: Audit) {
    this.#alone = { audited, problems: counted(found.map(judged)) }
    this.#together = this.#alone
    this.#findingsOf = findingsOf
  }

  keeps (finding: Found, { where, text }: FoundFix): boolean {
    const place = where === 'route' ? finding.record : undefined
    const problem = judged(finding)
    const alone = this.#triedAlone(place, text)
    if (alone === null || !isMended(problem, this.#alone.problems, alone.problems)) return false
    const kept = this.#kept.get(place) ?? new Set()
    if (kept.has(text)) return true
    const together = this.#together === this.#alone ? alone : this.#try(this.#together, place, text)
    if (together === null || !isMended(problem, this.#together.problems, together.problems)) return false
    this.#together = together
    this.#kept.set(place, kept.add(text))
    return true
  }

  #triedAlone (place: Place, text: string): Whole | null {
    const ofPlace = this.#tried.get(place) ?? new Map<string, Whole | null>()
    this.#tried.set(place, ofPlace)
    const known = ofPlace.get(text)
    if (known !== undefined) return known
    const tried = ++this.#count > MOST_TRIED ? null : this.#try(this.#alone, place, text)
    ofPlace.set(text, tried)
    return tried
  }

  #try ({ audited }: Whole, place: Place, text: string): Whole | null {
    try {
      const fixed = place === undefined ? ofRegistration(audited, text) : ofRoute(audited, place, text)
      return fixed === null ? null : { audited: fixed, problems: counted(this.#findingsOf(fixed).map(judged)) }
    } catch (error) {
      if (error instanceof CorsConfigError) return null
      throw error
    }
  }
}

function ofRegistration ({ registration, overrideOf }: Audited, text: string): Audited | null {
  const fixed = withFix({ ...registration.options }, '', text)
  return fixed === null ? null : { registration: registration.copy(parseCorsOptions(fixed)), overrideOf }
}

function ofRoute ({ registration, overrideOf }: Audited, place: RouteRecord, text: string): Audited | null {
  const override = overrideOf(place)
  const fixed = withFix(typeof override === 'object' ? { ...override } : {}, '', text)
  if (fixed === null) return null
  const written = Object.keys(fixed).length === 0 ? undefined : fixed
  return { registration: registration.copy(), overrideOf: record => record === place ? written : overrideOf(record) }
}

function judged ({ code, route }: Found): Judged {
  return { code, path: '', value: route }
}
