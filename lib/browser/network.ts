import { isLoopback } from '../http/hosts.js'
import type { Departures } from './departures.js'
import { isSameOrigin, type PageRequest } from './page-request.js'
import { failure, type Failure } from './reasons.js'

/**
 * The failure that keeps a request from being sent, before CORS (step 7). Content security policies are the page's own, and
 * not known here.
 *
 * @see https://fetch.spec.whatwg.org/#main-fetch
 */
export function blockedUnsent (request: PageRequest, departures: Departures): Failure | null {
  const { origin, url } = request
  if (badPorts.has(Number(url.port))) return failure('BlockedPort', '', { port: url.port })
  if (isSameOrigin(origin, url)) return null
  if (origin.startsWith('https:') && url.protocol === 'http:') {
    // Loopback addresses are potentially trustworthy (Mixed Content, section 4.4; Secure Contexts, section 3.1).
    if (!isLoopback(url.hostname)) return failure('MixedContent')
    departures.decide(['webkit'], false, 'secureLoopback')
  }
  // Chromium asks its user, and only for pages in a secure context (Local Network Access, section 3.1).
  if (reachesInward(origin, url) && !origin.startsWith('https:')) departures.decide(['chromium'], false, 'insecureLocalNetwork')
  return null
}

/** True if a page from the internet calls this machine or a local network. */
export function reachesInward (origin: string, url: URL): boolean {
  return /^https?:/.test(origin) && addressSpace(new URL(origin).hostname) === 'public' && addressSpace(url.hostname) !== 'public'
}

/**
 * The IP address space of a host (Local Network Access, section 2.1), as far as the host tells: a public name may still
 * lead to a private address.
 *
 * @see https://wicg.github.io/local-network-access/#ip-address-space-section
 */
export function addressSpace (host: string): 'loopback' | 'local' | 'public' {
  if (isLoopback(host) || /^0\.|^\[::ffff:7f[0-9a-f]{2}:/.test(host)) return 'loopback'
  if (host.startsWith('[')) return /^\[(?:f[cd]|fe[89a-f]|::ffff:(?:a[0-9a-f]{2}|ac1[0-9a-f]|c0a8|a9fe):)/.test(host) ? 'local' : 'public'
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return localAddress.test(host) ? 'local' : 'public'
  // Names without a dot, multicast DNS (RFC 6762), home networks (RFC 8375), and names that ICANN reserves for private use.
  return host.includes('.') && !/\.(?:local|home\.arpa|internal|lan)\.?$/.test(host) ? 'public' : 'local'
}

/** RFC 1918, RFC 3927 (link-local), RFC 6598 (shared) and RFC 2544 (benchmarks). */
const localAddress = /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01])|169\.254|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])|198\.1[89])\./

/** @see https://fetch.spec.whatwg.org/#port-blocking */
const badPorts: ReadonlySet<number> = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111,
  113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548,
  554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665,
  6666, 6667, 6668, 6669, 6679, 6697, 10080
])
