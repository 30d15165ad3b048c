import { CorsOptionsSchema } from './schema.js'

/** What other libraries, in many languages, call the options; in lower case, without `_`, `-` and a leading `cors`. */
const NAMES_ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  origin: [
    'origins', 'originlist', 'originwhitelist', 'whitelist', 'allowlist', 'domains', 'alloworigin', 'alloworigins', 'allowedorigin',
    'allowedorigins', 'allowallorigins', 'allowanyorigin', 'alloworiginfunc', 'alloworiginrequestfunc',
    'alloworiginvarirequestfunc', 'alloworiginregex', 'alloworiginregexes', 'allowedoriginregexes', 'alloworiginpatterns',
    'allowedoriginpatterns', 'allowedoriginspatterns', 'isoriginallowed', 'accesscontrolalloworigin'
  ],
  methods: [
    'method', 'allowmethod', 'allowmethods', 'allowedmethod', 'allowedmethods', 'allowanymethod', 'accesscontrolallowmethods'
  ],
  allowedHeaders: [
    'headers', 'header', 'allowheader', 'allowheaders', 'allowedheader', 'allowanyheader', 'additionalheaders', 'requestheaders',
    'accesscontrolallowheaders'
  ],
  exposedHeaders: [
    'expose', 'exposed', 'exposeheader', 'exposeheaders', 'exposedheader', 'exposeallheaders', 'additionalexposedheaders',
    'responseheaders', 'accesscontrolexposeheaders'
  ],
  credentials: [
    'credential', 'credentialed', 'cookies', 'allowcredential', 'allowcredentials', 'allowscredentials', 'supportcredentials',
    'supportscredentials', 'withcredentials', 'usecredentials', 'accesscontrolallowcredentials'
  ],
  maxAge: ['maxageseconds', 'maxageinseconds', 'preflightmaxage', 'accesscontrolmaxage', 'age'],
  optionsSuccessStatus: ['optionsstatus', 'optionssuccessstatuscode', 'preflightstatus', 'preflightsuccessstatus', 'successstatus'],
  preflightContinue: ['optionspassthrough', 'passthrough'],
  privateNetwork: ['allowprivatenetwork', 'allowprivatenetworks', 'allowprivatenetworkaccess', 'privatenetworkaccess'],
  timingAllowOrigin: ['timingorigin', 'timingorigins'],
  hideOptionsRoute: ['hideoptions', 'hideoptionsroutes'],
  delegator: ['delegate', 'corsoptionsdelegate', 'optionsdelegate', 'getoptions'],
  urls: ['url', 'path', 'paths', 'pathprefix', 'routes']
}

const BY_OTHER_NAME = new Map<string, string>()
for (const option of Object.keys(CorsOptionsSchema.properties)) BY_OTHER_NAME.set(option.toLowerCase(), option)
for (const [option, names] of Object.entries(NAMES_ELSEWHERE)) for (const name of names) BY_OTHER_NAME.set(name, option)

/** Longer ones are no misspelling of an option, and comparing them would take time. */
const MAX_NAME_LENGTH = 40

/**
 * The option that was meant by a name that is none: the one that other libraries call so, or the nearest.
 *
 * @returns `null` where none is near
 */
export function optionMeantBy (name: string): string | null {
  if (name.length > MAX_NAME_LENGTH) return null
  const plain = name.toLowerCase().replace(/[_\- .]/g, '')
  return BY_OTHER_NAME.get(plain) ?? BY_OTHER_NAME.get(plain.replace(/^cors/, '')) ?? nearestTo(plain)
}

function nearestTo (name: string): string | null {
  const most = Math.min(3, Math.floor(name.length / 3))
  for (let edits = 1; edits <= most; edits++) {
    for (const [candidate, option] of BY_OTHER_NAME) {
      if (Math.abs(candidate.length - name.length) <= edits && isWithin(edits, name, candidate)) return option
    }
  }
  return null
}

/** Whether so many letters put in, left out, replaced, or swapped with the next one make one text of the other. */
function isWithin (edits: number, from: string, to: string): boolean {
  let same = 0
  while (same < from.length && from[same] === to[same]) same++
  const [a, b] = [from.slice(same), to.slice(same)]
  if (a === b) return true
  if (edits === 0) return false
  return isWithin(edits - 1, a.slice(1), b) || isWithin(edits - 1, a, b.slice(1)) ||
    isWithin(edits - 1, a.slice(1), b.slice(1)) ||
    (a[0] === b[1] && a[1] === b[0] && isWithin(edits - 1, a.slice(2), b.slice(2)))
}
