import { audit, type Audit } from './audit.js'
import type { CorsFinding } from './finding.js'
import { routeFindings } from './route-findings.js'
import { mayShareUrls, requestOf, SharedUrls } from './shared-urls.js'
import type { Application } from '../scope/application.js'
import { candidateOf } from '../scope/preflight-target.js'
import type { Registration } from '../scope/registration.js'
import type { RouteFinder } from '../scope/route-finder.js'
import { type RouteRecord, writtenOf } from '../scope/route-table.js'

/**
 * Finds mistakes in the routes that a registration covers: in each by itself, and in those that share a URL.
 *
 * @param unseen - the routes whose override was seen only after boot
 * @param makeFinder - called only if a router is needed, since to fill it costs boot time
 */
export function auditRoutes (application: Application, registration: Registration, unseen: Iterable<string>, makeFinder: () => RouteFinder): CorsFinding[] {
  const { complete, root, routes: { records } } = application
  const { delegate, instance } = registration
  const written = new Set(writtenOf(records))
  const covered = application.routesOf(registration).filter(record => written.has(record))
  let made: RouteFinder | undefined
  const finder = (): RouteFinder => made ??= makeFinder()
  const surroundings = {
    unseen,
    answersOptions: (record: RouteRecord) => finder().sharing('OPTIONS', requestOf(record)).length > 0,
    // Where not all routes are known, those of other contexts tell that routes are declared outside.
    coversNothing: instance !== root && (complete || records.length > 0) && !covered.some(({ methods }) => methods.some(method => method !== 'OPTIONS')),
    areAllKnown: complete
  }
  let sharedUrls: SharedUrls | undefined
  const findingsOf: Audit = audited => {
    const coveringOf = (record: RouteRecord): Registration | undefined => {
      const covering = application.covering(record.instance)
      return covering === registration ? audited.registration : covering
    }
    const { overrideOf } = audited
    const findings = routeFindings(audited, covered, surroundings)
    // Nearly always, no router has to be filled to tell that there is nothing to find.
    if (delegate === null && !mayShareUrls(records, record => coveringOf(record)?.policyOf(overrideOf(record), record.name))) return findings
    sharedUrls ??= new SharedUrls(covered, finder(), record => written.has(record))
    return [...findings, ...sharedUrls.findings((record, url) => {
      const covering = coveringOf(record)
      return covering === undefined ? null : candidateOf(covering, url, overrideOf(record), record.name)?.policy ?? null
    }, delegate !== null)]
  }
  return audit(registration, findingsOf)
}
