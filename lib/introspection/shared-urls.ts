import type { Found } from './finding.js'
import type { Policy } from '../policy/policy.js'
import { EVERY_HEADER, NO_HEADER } from '../scope/announcement.js'
import type { RouteFinder } from '../scope/route-finder.js'
import type { Routable, RouteRecord } from '../scope/route-table.js'

/** The policy that preflights for a route at a URL are answered by; `null` where nobody but the application answers. */
type PolicyAt = (record: RouteRecord, url: string) => Policy | null

/** The routes that a preflight for one URL may be about. */
interface SharedUrl {
  readonly url: string
  readonly sharing: readonly RouteRecord[]
  /** By method, the routes that a preflight can't tell apart, whatever headers it announces. */
  readonly open: ReadonlyArray<readonly [method: string, candidates: readonly RouteRecord[]]>
}

/**
 * The routes that preflights can't tell apart: browsers remember a preflight by its URL (A5), and constraints may depend on
 * what no preflight carries (S5).
 */
export class SharedUrls {
  private readonly urls: readonly SharedUrl[]

  /**
   * @param records - the routes to start from; those that share a URL with them may be anyone's
   * @param isWritten - leaves out the routes that Fastify adds itself
   */
  constructor (records: readonly RouteRecord[], finder: RouteFinder, isWritten: (record: RouteRecord) => boolean) {
    this.urls = records.map(record => {
      const request = requestOf(record)
      return {
        url: record.url,
        // A route whose parameter is a regular expression need not match its own text.
        sharing: [...new Set([record, ...finder.methods.flatMap(method => finder.sharing(method, request))])].filter(isWritten),
        open: record.methods.flatMap(method => [NO_HEADER, EVERY_HEADER]
          .map(announces => [method, finder.candidates(method, request, announces)] as const)
          .filter(([, candidates]) => candidates.length > 1))
      }
    }).filter(({ sharing, open }) => open.length > 0 || sharing.length > 1 || hasSeveralMethods(sharing))
  }

  /**
   * Finds where their policies differ.
   *
   * @param delegates - a delegator chooses the policies, so that they may differ from one request to the next
   */
  findings (policyAt: PolicyAt, delegates: boolean): Found[] {
    const findings = new Map<string, Found>()
    const differ = (sharing: readonly RouteRecord[], url: string): boolean => new Set(sharing.map(record => policyAt(record, url))).size > 1
    for (const { url, sharing, open } of this.urls) {
      if (differ(sharing, url)) findings.set(url, policiesDiffer(url, sharing))
      else if (delegates && hasSeveralMethods(sharing.filter(route => policyAt(route, url) !== null))) findings.set(url, delegatorDiffers(url, sharing))
      for (const [method, candidates] of open) {
        if (differ(candidates, url)) findings.set(`${method} ${url}`, constraintsLeaveOpen(method, url))
      }
    }
    return [...findings.values()]
  }
}

/** A request for a route: its own text is a URL that its parameters and wildcards match. */
export function requestOf ({ url, constraints: { host } }: RouteRecord): Routable {
  // The route '*' has no slash of its own.
  return { url: url.startsWith('/') ? url : `/${url}`, headers: typeof host === 'string' ? { host } : {} }
}

/** HEAD counts as GET, as where preflights are answered. */
function hasSeveralMethods (records: readonly RouteRecord[]): boolean {
  return new Set(records.flatMap(({ methods }) => methods).filter(method => method !== 'HEAD')).size > 1
}

function namesOf (records: readonly RouteRecord[]): string {
  return [...new Set(records.map(({ name }) => name))].join('; ')
}

function policiesDiffer (url: string, sharing: readonly RouteRecord[]): Found {
  return {
    code: 'policies-differ',
    route: url,
    message: 'Its routes do not all have one policy, so that browsers are told to remember no preflight for it. Give them the ' +
      `same config.cors, or accept a preflight before each request: ${namesOf(sharing)}`,
    where: 'route'
  }
}

function delegatorDiffers (url: string, sharing: readonly RouteRecord[]): Found {
  return {
    code: 'policies-differ',
    route: url,
    message: 'The delegator may choose another policy for each of its routes, so that browsers are told to remember no preflight ' +
      `for it, whatever maxAge says. Write the policy into the options, or accept a preflight before each request: ${namesOf(sharing)}`,
    where: 'delegator'
  }
}

function constraintsLeaveOpen (method: string, url: string): Found {
  return {
    code: 'constraints-leave-open',
    route: `${method} ${url}`,
    message: 'Several routes that only constraints tell apart have different policies, and a preflight does not carry what tells ' +
      'them apart: it is granted only what all of them grant. Give them the same config.cors',
    where: 'route'
  }
}

/** The URLs of routes: `start` alone, or if the range is open, any that begins with it. */
interface Range {
  readonly start: string
  readonly isOpen: boolean
  /** The value that all of these routes have. */
  readonly value: unknown
}

/** The rest of a URL is not fixed: a parameter, a wildcard, or a character that a request may write in another way. */
const UNKNOWN = /[:*?;%]/

/**
 * False if no two routes with different values of `valueOf` share a URL, whatever the settings of the router. It compares
 * how their URLs begin, so that no router has to be built: that would take an application of a thousand routes, each with an
 * override, a third more time to boot. `true` means that they may.
 */
export function mayShareUrls (records: readonly RouteRecord[], valueOf: (record: RouteRecord) => unknown): boolean {
  const ranges = new Map<string, Range>()
  for (const record of records) {
    const range = rangeOf(record.url, valueOf(record))
    const known = ranges.get(range.start)
    if (known !== undefined && known.value !== range.value) return true
    if (known?.isOpen !== true) ranges.set(range.start, range)
  }
  // The open ranges that contain the current one. They have one value, or the search would have ended.
  const around: Range[] = []
  // Sorted, a start comes before all that begin with it.
  for (const range of [...ranges.values()].sort((a, b) => a.start < b.start ? -1 : 1)) {
    let outer = around.at(-1)
    for (; outer !== undefined && !range.start.startsWith(outer.start); outer = around.at(-1)) around.pop()
    if (outer !== undefined && outer.value !== range.value) return true
    if (range.isOpen) around.push(range)
  }
  return false
}

/** The router's settings may ignore letter case, repeated slashes and one at the end: here, they always are. */
function rangeOf (url: string, value: unknown): Range {
  // Sigma is the one letter whose lower case depends on what follows.
  const path = `${url.toLowerCase().replaceAll('ς', 'σ')}/`.replace(/\/+/g, '/')
  const end = path.search(UNKNOWN)
  return { start: end === -1 ? path : path.slice(0, end), isOpen: end !== -1, value }
}
