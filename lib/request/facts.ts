import type { FastifyRequest } from 'fastify'
import { isPreflight } from '../http/preflight.js'
import type { CorsDecision } from '../policy/decision.js'
import { type Address, isForeign } from '../policy/enforcement.js'

/** The kind of a request with an origin. */
export function kindOf (request: FastifyRequest): CorsDecision['kind'] {
  if (isPreflight(request.raw)) return 'preflight'
  return isForeignRequest(request) ? 'actual' : 'same-origin'
}

/** True for a request by a page of another origin (E2). */
export function isForeignRequest (request: FastifyRequest): boolean {
  const { origin, 'sec-fetch-site': site } = request.raw.headers
  return isForeign(origin, site, () => addressOf(request))
}

/**
 * The host and scheme that a request was sent to. `X-Forwarded-Host` and `X-Forwarded-Proto` count only from a trusted
 * peer, and are read as Fastify reads them. `request.host` and `request.protocol` don't tell who sent them, and trust any
 * peer before Fastify 5.8.3.
 */
export function addressOf (request: FastifyRequest): Address {
  const { raw } = request
  const { host, ':authority': authority, 'x-forwarded-host': forwardedHost, 'x-forwarded-proto': forwardedScheme } = raw.headers
  const isForwarded = (forwardedHost !== undefined || forwardedScheme !== undefined) && trustsPeer(request)
  return {
    host: isForwarded && forwardedHost ? lastOf(forwardedHost) : host ?? String(authority ?? ''),
    scheme: isForwarded && forwardedScheme ? pageScheme(lastOf(forwardedScheme)) : schemeOfSocket(raw)
  }
}

/** `null` for a plain socket: a proxy that ends TLS may be in front of it. */
function schemeOfSocket ({ socket }: { readonly socket?: object }): 'https' | null {
  return socket !== undefined && 'encrypted' in socket && socket.encrypted === true ? 'https' : null
}

/** The scheme of the page: some proxies forward `ws` or `wss`. */
function pageScheme (forwarded: string): string {
  const scheme = forwarded.toLowerCase()
  return scheme === 'ws' || scheme === 'wss' ? scheme.replace('ws', 'http') : scheme
}

/** The last item of a list, which the nearest proxy has added. */
function lastOf (forwarded: string | string[]): string {
  const list = String(forwarded)
  return list.slice(list.lastIndexOf(',') + 1).trim()
}

/** An address that no peer has, for a second hop. */
const NOBODY = '0.0.0.0'

/**
 * True if `trustProxy` of the application covers the peer. Fastify does not say so, but lists the addresses of a request up
 * to the first that it does not trust: it lists two only if it trusts the first.
 */
function trustsPeer (request: FastifyRequest): boolean {
  const raw = { headers: { 'x-forwarded-for': NOBODY }, socket: { remoteAddress: peerOf(request.raw) } }
  const ips: unknown = Reflect.get(request, 'ips', { raw })
  return Array.isArray(ips) && ips.length > 1
}

/** A simulated request, of `injectWS` say, has no socket. */
function peerOf ({ socket }: { readonly socket?: { readonly remoteAddress?: string | undefined } }): string | undefined {
  return socket?.remoteAddress
}
