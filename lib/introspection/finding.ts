import type { FastifyBaseLogger } from 'fastify'
import { tell } from '../notice.js'
import type { RouteRecord } from '../scope/route-table.js'

/** A mistake in the routes of a registration, or in all of it: something that its author may think works, and does not. */
export interface CorsFinding {
  readonly code: CorsFindingCode
  /** The route, such as `PUT /x`; a URL where its routes are meant together; `null` where all of the context is. */
  readonly route: string | null
  readonly message: string
  /** JavaScript to put where `where` says, or `leave it out`; `null` where the message alone can tell what to do. */
  readonly fix: string | null
  /** Where the fix goes: the options of the registration, `config` of the route, the delegator, the page, or the server. */
  readonly where: 'registration' | 'route' | 'delegator' | 'page' | 'server'
}

/** The fix that takes the `config.cors` of a route away. */
export const LEAVE_OUT = 'leave it out'

/** A text that may be a fix, and where it goes. */
export interface FoundFix {
  readonly text: string
  readonly where: 'registration' | 'route'
}

/** A finding before its fixes have been tried. */
export interface Found extends Omit<CorsFinding, 'fix'> {
  /** The route whose `config.cors` is meant where a fix goes into the route. */
  readonly record?: RouteRecord
  /** Best first: the first that keeps its promise is told. None where nobody can know what was meant. */
  readonly fixes?: () => readonly FoundFix[]
  /** A sentence for the message where none of them keeps it. */
  readonly otherwise?: string
}

export type CorsFindingCode =
  | 'method-not-allowed'
  | 'every-method'
  | 'preflight-unanswered'
  | 'override-without-effect'
  | 'override-misplaced'
  | 'override-unseen'
  | 'policies-differ'
  | 'constraints-leave-open'
  | 'authorization-not-covered'
  | 'max-age-capped'
  | 'covers-no-route'
  | 'urls-match-nothing'

/** The log line of each kind of finding. */
const TITLES: Readonly<Record<CorsFindingCode, string>> = {
  'method-not-allowed': 'Routes have methods that their CORS policy does not allow, so that no page of another origin can use them',
  'every-method': 'Routes take every method, as proxies do, of which their CORS policy allows pages of other origins a few',
  'preflight-unanswered': 'No OPTIONS route answers the preflights of routes, so that no page of another origin can use them, unless a hook or a middleware does',
  'override-without-effect': 'Routes have a config.cors that changes nothing',
  'override-misplaced': 'Routes have cors beside their config, where it is not read',
  'override-unseen': 'Routes have a config.cors that could not be seen at boot, so that their preflights are answered without it',
  'policies-differ': 'URLs have routes with different CORS policies, or a delegator that may choose different ones: browsers remember preflights by URL, so that Access-Control-Max-Age is 0 there',
  'constraints-leave-open': 'Routes that differ only in constraints have different CORS policies: a preflight is granted only what all of them grant. Give them the same config.cors',
  'authorization-not-covered': 'allowedHeaders: "*" does not cover the header Authorization',
  'max-age-capped': 'maxAge is above what some browsers honour: WebKit 600 seconds, Chromium 7,200, Firefox 86,400',
  'covers-no-route': 'fastify-cors-policy is registered where it covers no route: a plugin file without fastify-plugin keeps it to itself. Wrap the file in fastify-plugin, or register on the instance that has the routes',
  'urls-match-nothing': 'urls matches the path of no route, so that CORS is off for all of them: paths begin with a slash, and have the prefixes of their contexts'
}

/** Worth knowing, without anything that has to be changed. */
const INFORMATIVE: ReadonlySet<string> = new Set<CorsFindingCode>(['every-method', 'max-age-capped'])

/** True for a finding that asks for a change. */
export function isMistake ({ code }: { readonly code: string }): boolean {
  return !INFORMATIVE.has(code)
}

/** More of them would hide the line that they are in. */
const MOST_FIXES = 3

/** Logs findings, a line for each kind with the routes that it is about. */
export function logFindings (findings: readonly CorsFinding[], log: FastifyBaseLogger): void {
  for (const code of new Set(findings.map(finding => finding.code))) {
    const ofKind = findings.filter(finding => finding.code === code)
    const routes = ofKind.map(({ route }) => route ?? 'all that is registered here')
    const fixes = fixesOf(ofKind)
    const about = ofKind.every(({ route }) => route === null) ? '' : ` (${routes.join(', ')})`
    const line = `${TITLES[code]}${about}.${fixes === '' ? '' : ` Fix: ${fixes}.`}`
    const isNote = !ofKind.some(isMistake)
    // Without a log, a note would come as a warning of the process.
    tell(log, isNote ? 'info' : 'warn', { findings: ofKind }, line, isNote)
  }
}

/** The fixes of findings, each once: those of the registration first, then those of routes, with their names. */
function fixesOf (findings: readonly CorsFinding[]): string {
  const registered = new Set<string>()
  const routesOf = new Map<string, string[]>()
  for (const { fix, where, route } of findings) {
    if (fix === null) continue
    if (where === 'route') routesOf.set(fix, [...routesOf.get(fix) ?? [], String(route)])
    else registered.add(fix)
  }
  const ofRoutes = Array.from(routesOf, ([fix, routes]) => placedFix(fix, ` of ${routes.join(', ')}`))
  return [...registered, ...ofRoutes].slice(0, MOST_FIXES).join('; ')
}

/**
 * A fix for people, with its place.
 *
 * @param whose - the routes in whose `config.cors` it goes; `null` for the registration
 */
export function placedFix (fix: string, whose: string | null): string {
  if (whose === null) return fix
  return fix === LEAVE_OUT ? `leave out config.cors${whose}` : `in config.cors${whose}, ${fix}`
}
