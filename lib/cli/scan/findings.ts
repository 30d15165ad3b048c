import { isGranted, type ProbeAnswer, type ProbeKind } from './probes.js'
import { variesBy } from '../../http/field-values.js'

/** A grant that an attacker may use. */
export interface Finding {
  readonly code: FindingCode
  /** `note`: worth knowing, and right for what is public anyway. */
  readonly severity: Severity
  /** The origin that was let in, or `null` where it is not about one. */
  readonly origin: string | null
  /** True if the answer lets in cookies and HTTP authentication. */
  readonly credentials: boolean
  readonly message: string
  /** How it is used. */
  readonly attack: string
  /** The effect of credentials, or of their absence; empty where they have no say. */
  readonly withCredentials: string
  readonly fix: string
}

/** The finding that follows from a probe that was let in. */
const CODES: ReadonlyMap<ProbeKind, FindingCode> = new Map([
  ['stranger', 'any-origin-reflected'],
  ['null', 'null-origin'],
  ['prefix', 'name-as-prefix'],
  ['suffix', 'name-as-suffix'],
  ['dot', 'unescaped-dot'],
  ['odd-character', 'odd-character'],
  ['insecure', 'insecure-origin'],
  ['subdomain', 'any-subdomain'],
  ['preflight-stranger', 'preflight-any-origin'],
  ['preflight-null', 'preflight-null-origin']
])

/** Findings that are no news where another is found already. */
const IMPLIED: ReadonlyMap<FindingCode, readonly FindingCode[]> = new Map([
  ['any-origin-reflected', [
    'name-as-prefix', 'name-as-suffix', 'unescaped-dot', 'odd-character', 'insecure-origin', 'any-subdomain', 'preflight-any-origin'
  ]],
  ['null-origin', ['preflight-null-origin']],
  ['name-as-prefix', ['odd-character']],
  ['name-as-suffix', ['any-subdomain', 'unescaped-dot']],
  ['preflight-any-origin', ['preflight-null-origin']],
  ['any-origin', ['preflight-any-origin', 'preflight-null-origin']],
  ['wildcard-with-credentials', ['preflight-any-origin', 'preflight-null-origin']]
])

/** Judges the answers to the probes of one URL. */
export function findingsOf (answers: readonly ProbeAnswer[]): Finding[] {
  const found = new Map<FindingCode, Finding>(wildcardFindings(answers).map(wildcard => [wildcard.code, wildcard]))
  for (const answer of answers) {
    const code = isGranted(answer) ? CODES.get(answer.probe.kind) : undefined
    if (code !== undefined && !found.has(code)) found.set(code, finding(code, answer.probe.origin, answer.credentials))
  }
  for (const implied of [...found.keys()].flatMap(code => IMPLIED.get(code) ?? [])) found.delete(implied)
  return [...found.values(), ...varyFindings(answers)]
}

function wildcardFindings (answers: readonly ProbeAnswer[]): Finding[] {
  const open = answers.filter(({ probe, allowOrigin }) => probe.method === 'GET' && allowOrigin === '*')
  if (open.length === 0) return []
  const credentials = open.some(answer => answer.credentials)
  return [finding(credentials ? 'wildcard-with-credentials' : 'any-origin', '*', credentials)]
}

/** Fetch, "CORS protocol and HTTP caches": where the header depends on the origin, the answers without it have to say so too. */
function varyFindings (answers: readonly ProbeAnswer[]): Finding[] {
  const actual = answers.filter(({ probe }) => probe.method === 'GET')
  const differs = new Set(actual.map(({ allowOrigin }) => allowOrigin)).size > 1
  return differs && !actual.every(({ vary }) => variesBy('origin', vary ?? '')) ? [finding('vary-missing', null, actual.some(({ credentials }) => credentials))] : []
}

function finding (code: FindingCode, origin: string | null, credentials: boolean): Finding {
  const { severity: [without, withThem], message, attack, fix, credentials: [spared, worse] } = texts[code]
  return {
    code,
    severity: credentials ? withThem : without,
    origin,
    credentials,
    message,
    attack,
    withCredentials: credentials ? worse : spared,
    fix
  }
}

export type Severity = 'note' | 'low' | 'medium' | 'high'

export type FindingCode =
  | 'any-origin-reflected'
  | 'null-origin'
  | 'name-as-prefix'
  | 'name-as-suffix'
  | 'unescaped-dot'
  | 'odd-character'
  | 'insecure-origin'
  | 'any-subdomain'
  | 'preflight-any-origin'
  | 'preflight-null-origin'
  | 'wildcard-with-credentials'
  | 'any-origin'
  | 'vary-missing'

/** The texts of one kind of finding. */
interface FindingText {
  /** Without credentials, and with them. */
  readonly severity: readonly [Severity, Severity]
  readonly message: string
  readonly attack: string
  readonly fix: string
  /** Sentences for answers that do not let credentials in, and for those that do. */
  readonly credentials: readonly [string, string]
}

const reading: FindingText['credentials'] = [
  'No cookies are let in: what is read is what anybody can read who reaches the server, from the visitor\'s network',
  'Worse, since credentials are let in: the answer is the one for the user who is logged in'
]

const sending: FindingText['credentials'] = [
  'No cookies are let in: only servers that trust whoever reaches them are in danger',
  'Worse, since credentials are let in: the request is made in the name of the user who is logged in'
]

const exact = 'list each origin as browsers send it, origin: [\'https://app.example.com\'], or a pattern, \'https://*.example.com\', ' +
  'which is compared with the whole origin'

export const texts: Readonly<Record<FindingCode, FindingText>> = {
  'any-origin-reflected': {
    severity: ['medium', 'high'],
    message: 'The server lets in whatever origin asks',
    attack: 'Any page that a user visits can call this URL and read the answer',
    fix: 'List the origins that may call, origin: [\'https://app.example.com\'], in place of origin: true or a function that always says true',
    credentials: reading
  },
  'null-origin': {
    severity: ['medium', 'high'],
    message: 'The server lets in the origin null',
    attack: 'Any page can have this origin: <iframe sandbox="allow-scripts"> is enough, and its script reads the answer',
    fix: 'Take \'null\' out of origin and \'null-origin\' out of dangerouslyAllow; for local files, serve them from http://localhost instead',
    credentials: reading
  },
  'name-as-prefix': {
    severity: ['medium', 'high'],
    message: 'The server lets in names that merely begin with an allowed one',
    attack: 'Whoever owns a domain can make such a name below it, serve a page there, and read the answer',
    fix: `No startsWith(), and no expression without $ at its end: ${exact}`,
    credentials: reading
  },
  'name-as-suffix': {
    severity: ['medium', 'high'],
    message: 'The server lets in domains that merely end with an allowed one',
    attack: 'Anybody can register such a domain, serve a page there, and read the answer',
    fix: `No endsWith(), and no expression without ^ at its beginning: ${exact}`,
    credentials: reading
  },
  'unescaped-dot': {
    severity: ['medium', 'high'],
    message: 'The server lets in names with another character in place of a dot: its expression has a dot that is not escaped',
    attack: 'Somebody else can register such a name, serve a page there, and read the answer',
    fix: `Write \\. for a dot in an expression, or better: ${exact}`,
    credentials: reading
  },
  'odd-character': {
    severity: ['medium', 'high'],
    message: 'The server lets in names in which an odd character follows the allowed one: it takes the character for the end of the host',
    attack: 'Browsers load pages from such names, below a domain of the attacker\'s own, and their scripts read the answer',
    fix: `Don't take origins apart: ${exact}`,
    credentials: reading
  },
  'insecure-origin': {
    severity: ['low', 'high'],
    message: 'The server lets in the unencrypted form, http:, of an origin whose address is https:',
    attack: 'Whoever is between a user and the network (a public hotspot, say) can put a script into a page of that origin, which reads what TLS had protected',
    fix: 'List the https: origin only',
    credentials: reading
  },
  'any-subdomain': {
    severity: ['low', 'medium'],
    message: 'The server lets in any name below an allowed one',
    attack: 'One forgotten subdomain that somebody else takes over, or one page there with a script injected, is enough to read the answer',
    fix: 'List the subdomains that need it, origin: [\'https://app.example.com\', \'https://shop.example.com\'], unless all of them are trusted',
    credentials: reading
  },
  'preflight-any-origin': {
    severity: ['medium', 'high'],
    message: 'The server lets any origin pass its preflight, though the answer itself does not let it in',
    attack: 'The browser lets any page send what only a preflight holds back, PUT and DELETE say; that it can\'t read the answer undoes nothing',
    fix: 'Answer preflights by the same list as requests: register corsPlugin with it, and remove what answers OPTIONS beside it',
    credentials: sending
  },
  'preflight-null-origin': {
    severity: ['medium', 'high'],
    message: 'The server lets the origin null pass its preflight, though the answer itself does not let it in',
    attack: 'Any page can have this origin, in <iframe sandbox="allow-scripts">, and send what only a preflight holds back',
    fix: 'Answer preflights by the same list as requests, without \'null\' in it',
    credentials: sending
  },
  'wildcard-with-credentials': {
    severity: ['low', 'low'],
    message: 'The server says Access-Control-Allow-Origin: * together with Access-Control-Allow-Credentials: true, which no browser accepts',
    attack: 'None yet, but it is one step from it: whoever replaces * by the origin of the request, to make it work, opens it to everybody',
    fix: 'Either origin: \'*\' without credentials, or credentials: true with the origins listed',
    credentials: ['', 'The answer is readable without credentials, and blocked with them']
  },
  'any-origin': {
    severity: ['note', 'note'],
    message: 'Every page may read this answer, without cookies',
    attack: 'None where the answer is public. On an internal network, any page that a user visits can read it through the user\'s browser',
    fix: 'Nothing where the answer is public; otherwise list the origins',
    credentials: ['', '']
  },
  'vary-missing': {
    severity: ['low', 'medium'],
    message: 'The answer depends on the origin, and does not always say Vary: Origin',
    attack: 'A cache hands the answer that was made for one origin to pages of another: they are blocked where they should not be, and whoever fills the cache first can keep users out',
    fix: 'Send Vary: Origin on every answer of the URL, without Origin and to refused ones too, as corsPlugin does',
    credentials: ['', '']
  }
}
