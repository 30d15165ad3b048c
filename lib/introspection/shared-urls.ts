import type { CorsFinding } from './audit.js'
import type { Policy } from '../policy/policy.js'
import type { RouteMatcher } from '../scope/route-matcher.js'
import { EVERY_HEADER, NO_HEADER } from '../scope/announcement.js'
import type { Routable } from '../scope/routable.js'
import type { RouteRecord } from '../scope/route-table.js'

/** The policy that preflights for a route at a URL are answered by; `null` where nobody but the application answers. */
export type PolicyAt = (record: RouteRecord, url: string) => Policy | null

/**
 * Looks for routes that preflights can't tell apart, though their policies differ: browsers remember a preflight by its
 * URL (A5), and constraints may depend on what no preflight carries (S5).
 *
 * @param records - the routes to start from; those that share a URL with them may be anyone's
 * @param isWritten - leaves out the routes that nobody has written
 */
export function sharedUrlFindings (
  records: readonly RouteRecord[], matcher: RouteMatcher, policyAt: PolicyAt, isWritten: (record: RouteRecord) => boolean
): CorsFinding[] {
  const findings = new Map<string, CorsFinding>()
  const differ = (sharing: readonly RouteRecord[], url: string): boolean => new Set(sharing.map(record => policyAt(record, url))).size > 1
  for (const record of records) {
    const { url, methods } = record
    const request = requestOf(record)
    // A route whose parameter is a regular expression need not match its own text.
    const sharing = [...new Set([record, ...matcher.methods.flatMap(method => matcher.sharing(method, request))])].filter(isWritten)
    if (differ(sharing, url)) findings.set(url, policiesDiffer(url, sharing))
    for (const method of methods) {
      const isOpen = [NO_HEADER, EVERY_HEADER].some(announces => differ(matcher.candidates(method, request, announces), url))
      if (isOpen) findings.set(`${method} ${url}`, constraintsLeaveOpen(method, url))
    }
  }
  return [...findings.values()]
}

/** A request for a route: its own text is a URL that its parameters and wildcards match. */
function requestOf ({ url, constraints: { host } }: RouteRecord): Routable {
  return { url, headers: typeof host === 'string' ? { host } : {} }
}

function policiesDiffer (url: string, sharing: readonly RouteRecord[]): CorsFinding {
  return {
    code: 'policies-differ',
    route: url,
    message: `Its routes do not all have one policy, so that browsers are told to remember no preflight for it: ${[...new Set(sharing.map(({ name }) => name))].join('; ')}`,
    fix: 'Give all routes of the URL the same config.cors, or accept a preflight before each request'
  }
}

function constraintsLeaveOpen (method: string, url: string): CorsFinding {
  return {
    code: 'constraints-leave-open',
    route: `${method} ${url}`,
    message: 'Several routes that only constraints tell apart have different policies, and a preflight does not carry what tells them apart',
    fix: 'Give these routes the same config.cors'
  }
}
