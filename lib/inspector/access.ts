import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isLoopback } from '../http/hosts.js'

/** Headers that proxies add. Behind a proxy, every client seems to be on this machine. */
const SIGNS_OF_A_PROXY = /^(?:forwarded|x-forwarded-.+|x-real-ip|via)$/

/** The answer to a request for another name than this machine's own. */
export const NAMES_TEXT = 'The inspector answers under localhost, 127.0.0.1 and [::1] only'

const COOKIE = 'fastify-cors-policy-inspector'

/** The answer to a client that may not see the inspector. */
interface Refusal {
  readonly status: 401 | 403
  readonly message: string
}

/** Admits clients on this machine, or with the key. */
export class Access {
  /** `null` if no key is needed. */
  readonly key: string | null

  constructor (allowRemote: boolean) {
    this.key = allowRemote ? randomBytes(18).toString('base64url') : null
  }

  /** @returns `null` if the request may pass */
  refusal (request: FastifyRequest): Refusal | null {
    return this.fromElsewhere(request) ?? fromAnotherSite(request)
  }

  /** Moves the key from the address, which stays in the history, to a cookie. */
  admit (request: FastifyRequest, reply: FastifyReply, path: string): boolean {
    const given = keyInQuery(request)
    if (this.key === null || !isEqual(given, this.key)) return false
    const cookie = `${COOKIE}=${this.key}; Path=${path}; HttpOnly; SameSite=Strict`
    reply.header('set-cookie', cookie).redirect(path, 303)
    return true
  }

  private fromElsewhere (request: FastifyRequest): Refusal | null {
    if (this.key !== null) {
      return isEqual(keyInQuery(request), this.key) || isEqual(keyInCookie(request), this.key)
        ? null
        : { status: 401, message: 'The inspector needs the key that was printed when the server started: /?key=…' }
    }
    // Not `request.ip`, which a trusted client can choose.
    if (!isLoopbackAddress(String(request.raw.socket.remoteAddress))) {
      return { status: 403, message: 'The inspector answers this machine only. For others, register it with allowRemote: true' }
    }
    if (!isOwnName(request.host)) return { status: 403, message: NAMES_TEXT }
    const sign = Object.keys(request.raw.headers).find(name => SIGNS_OF_A_PROXY.test(name))
    return sign === undefined
      ? null
      : { status: 403, message: `The inspector does not answer through a proxy, and this request has ${sign}. Behind one, register it with allowRemote: true` }
  }
}

/** Pages of other sites may link here, but not embed or fetch anything (Fetch Metadata, section 2). */
function fromAnotherSite ({ raw: { headers } }: FastifyRequest): Refusal | null {
  const site = headers['sec-fetch-site'] ?? 'none'
  const isLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  if (site === 'none' || site === 'same-origin' || isLink) return null
  return { status: 403, message: 'The inspector answers its own page only' }
}

/** A DNS name that points here (DNS rebinding) still shows in `Host`. */
export function isOwnName (host = ''): boolean {
  return isLoopback(hostnameOf(host))
}

function isLoopbackAddress (address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/.test(address)
}

function hostnameOf (host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '')
}

function keyInQuery ({ query }: FastifyRequest): string {
  const key = typeof query === 'object' && query !== null && 'key' in query ? query.key : ''
  return typeof key === 'string' ? key : ''
}

function keyInCookie ({ raw: { headers } }: FastifyRequest): string {
  const cookies = (headers.cookie ?? '').split(';').map(cookie => cookie.trim())
  return cookies.find(cookie => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? ''
}

/** Compares in constant time. */
function isEqual (given: string, key: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(key)]
  return one.length === other.length && timingSafeEqual(one, other)
}
