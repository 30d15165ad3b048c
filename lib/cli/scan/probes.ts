import { isIP } from 'node:net'
import { getDomain } from 'tldts'
import { getHeader, readHeaders, toHeaderList } from '../../browser/header-list.js'
import type { CorsResponse, CorsSend } from '../../browser/index.js'
import { variesBy } from '../../http/field-values.js'

/** A request that an attacker tries. */
export type ProbeKind =
  | 'none'
  | 'own'
  | 'stranger'
  | 'null'
  | 'prefix'
  | 'suffix'
  | 'dot'
  | 'odd-character'
  | 'insecure'
  | 'subdomain'
  | 'preflight-stranger'
  | 'preflight-null'

/** One request of a scan. */
export interface Probe {
  readonly kind: ProbeKind
  readonly method: 'GET' | 'OPTIONS'
  /** `null`: the request has none. */
  readonly origin: string | null
}

/** No one's: the name is reserved (RFC 2606, section 3). */
const STRANGER = 'https://stranger.example'

/**
 * Characters that browsers let stand in a host, of pages too, and that end it for code that reads origins in a way of
 * its own: all browsers take the underscore, some the others.
 */
const ODD_CHARACTERS = ['_', '!', '`']

/**
 * The requests of a scan, at most 15.
 *
 * @param known an origin that the server may allow, from whose name the others are made
 */
export function probesFor (known: string): Probe[] {
  const get = (kind: ProbeKind, origin: string): Probe => ({ kind, method: 'GET', origin })
  return [
    { kind: 'none', method: 'GET', origin: null },
    get('own', known),
    get('stranger', STRANGER),
    get('null', 'null'),
    ...lookAlikes(known).map(([kind, origin]) => get(kind, origin)),
    { kind: 'preflight-stranger', method: 'OPTIONS', origin: STRANGER },
    { kind: 'preflight-null', method: 'OPTIONS', origin: 'null' }
  ]
}

function lookAlikes (known: string): Array<[ProbeKind, string]> {
  if (!/^https?:/.test(known)) return []
  const { protocol, hostname, port } = new URL(known)
  // No name looks like an IPv6 address.
  if (hostname.startsWith('[')) return []
  const at = (name: string): string => `${protocol}//${name}${port === '' ? '' : `:${port}`}`
  const domain = getDomain(hostname, { allowPrivateDomains: true })
  // Such as `api.`, of `api.example.com`.
  const below = domain === null ? '' : hostname.slice(0, -domain.length)
  const tried: Array<[ProbeKind, string]> = [
    // What follows the name takes the place of a port, too.
    ['prefix', `${protocol}//${hostname}.stranger.example`],
    ...ODD_CHARACTERS.map((character): [ProbeKind, string] => ['odd-character', `${protocol}//${hostname}${character}.stranger.example`]),
    ['suffix', at(`stranger${domain ?? hostname}`)]
  ]
  // An expression that says `api.example.com` lets any character stand for its dots. The first one is enough, and in
  // a name below a registered one it leads to a name that somebody else can register.
  if (hostname.includes('.')) tried.push(['dot', at(hostname.replace('.', 'x'))])
  if (protocol === 'https:') tried.push(['insecure', at(hostname).replace('https:', 'http:')])
  if (isIP(hostname) === 0) tried.push(['subdomain', at(`stranger.${hostname}`)])
  // It ends like the allowed one, but is below the same domain: no more than its owner can have.
  if (below !== '') tried.push(['subdomain', at(`stranger${hostname}`)])
  // Not all that is made of a number, or of a port, is an origin of some page.
  return tried.filter(([, origin]) => URL.canParse(origin) && new URL(origin).origin === origin)
}

/** The grant of a server to a probe. */
export interface ProbeAnswer {
  readonly probe: Probe
  readonly status: number
  /** `Access-Control-Allow-Origin`, or `null`. */
  readonly allowOrigin: string | null
  /** True if `Access-Control-Allow-Credentials` is `true`. */
  readonly credentials: boolean
  readonly vary: string | null
  readonly location: string | null
}

/** Sends one probe. The method that preflights announce is one that no form can send. */
export async function ask (probe: Probe, url: string, send: CorsSend): Promise<ProbeAnswer> {
  const { method, origin } = probe
  const headers = {
    accept: '*/*',
    ...origin === null ? {} : { origin },
    ...method === 'GET' ? {} : { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization,content-type' }
  }
  return answerOf(probe, await send({ method, url, headers }))
}

/** Reads what an answer grants to a probe. */
export function answerOf (probe: Probe, { status, headers }: CorsResponse): ProbeAnswer {
  const list = toHeaderList(readHeaders(headers, 'the headers of an answer'))
  return {
    probe,
    status,
    allowOrigin: getHeader(list, 'access-control-allow-origin'),
    credentials: getHeader(list, 'access-control-allow-credentials') === 'true',
    vary: getHeader(list, 'vary'),
    location: getHeader(list, 'location')
  }
}

/**
 * True if the origin of the probe is let in: an answer by its own name (Fetch, "CORS check", step 4), since `*` is a
 * finding of its own; a preflight by `*` too, and only with a status that lets it pass (Fetch, "CORS-preflight fetch").
 */
export function isGranted ({ probe, allowOrigin, status }: ProbeAnswer): boolean {
  if (probe.method === 'GET') return probe.origin !== null && allowOrigin === probe.origin
  return status <= 299 && (allowOrigin === probe.origin || allowOrigin === '*')
}

/** True if a CORS layer may have had its say: an error or a redirect without its headers can come from before it. */
export function isTelling (answer: ProbeAnswer): boolean {
  const isSuccess = answer.probe.method === 'GET' && answer.status >= 200 && answer.status <= 299
  return isSuccess || answer.allowOrigin !== null || variesBy('origin', answer.vary ?? '')
}
