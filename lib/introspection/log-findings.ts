import type { FastifyBaseLogger } from 'fastify'
import type { CorsFinding, CorsFindingCode } from './audit.js'

/** What one kind of finding has in common, for the log. */
const TITLES: Readonly<Record<CorsFindingCode, string>> = {
  'method-not-allowed': 'Routes have methods that their CORS policy does not allow, so that no page of another origin can use them',
  'override-without-effect': 'Routes have a config.cors that changes nothing',
  'override-misplaced': 'Routes have cors beside their config, where it is not read',
  'override-unseen': 'Routes have a config.cors that could not be seen at boot, so that their preflights are answered without it',
  'policies-differ': 'URLs have routes with different CORS policies: browsers remember preflights by URL, so that Access-Control-Max-Age is 0 there',
  'constraints-leave-open': 'Routes that differ only in constraints have different CORS policies: a preflight is granted only what all of them grant',
  'authorization-not-covered': 'allowedHeaders: "*" does not cover the header Authorization',
  'max-age-capped': 'maxAge is above what some browsers honour: WebKit 600 seconds, Chromium 7,200, Firefox 86,400'
}

/** What is worth knowing, but wants no change. */
const INFORMATIVE: ReadonlySet<CorsFindingCode> = new Set(['max-age-capped'])

/** More of them would hide the line that they are in. */
const MOST_FIXES = 3

/** Logs findings, a line for each kind with the routes that it is about. */
export function logFindings (findings: readonly CorsFinding[], log: FastifyBaseLogger): void {
  for (const code of new Set(findings.map(finding => finding.code))) {
    const ofKind = findings.filter(finding => finding.code === code)
    const routes = ofKind.map(({ route }) => route ?? 'all that is registered here')
    const fixes = [...new Set(ofKind.map(({ fix }) => fix))].slice(0, MOST_FIXES)
    const line = `${TITLES[code]}${ofKind.every(({ route }) => route === null) ? '' : ` (${routes.join(', ')})`}. ${fixes.join('; or ')}.`
    if (INFORMATIVE.has(code)) log.info({ findings: ofKind }, line)
    else log.warn({ findings: ofKind }, line)
  }
}
