import type { FastifyRequest } from 'fastify'
import type { Address } from '../policy/enforcement.js'

/**
 * What a request was sent to. `X-Forwarded-Host` and `X-Forwarded-Proto` count where a trusted peer sent them, and are
 * read as Fastify reads them. `request.host` and `request.protocol` do not tell who said it, and before Fastify 5.8.3
 * they believe any peer.
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

/** A plain socket tells nothing: a proxy that ends TLS may be in front of it. */
function schemeOfSocket ({ socket }: { readonly socket?: object }): 'https' | null {
  return socket !== undefined && 'encrypted' in socket && socket.encrypted === true ? 'https' : null
}

/** Some proxies name the scheme of a WebSocket, which is not the one of the page that opens it. */
function pageScheme (forwarded: string): string {
  const scheme = forwarded.toLowerCase()
  return scheme === 'ws' || scheme === 'wss' ? scheme.replace('ws', 'http') : scheme
}

/** The nearest proxy adds what it says to the end of the list. */
function lastOf (forwarded: string | string[]): string {
  const list = String(forwarded)
  return list.slice(list.lastIndexOf(',') + 1).trim()
}

/** The address of nobody: a second hop, by which to tell if the first one is trusted. */
const NOBODY = '0.0.0.0'

/**
 * Whether `trustProxy` of the application covers the peer. Fastify does not say so; but it lists the addresses of a
 * request up to the first that it does not trust, so that it lists two only where it trusts the first.
 */
function trustsPeer (request: FastifyRequest): boolean {
  const raw = { headers: { 'x-forwarded-for': NOBODY }, socket: { remoteAddress: peerOf(request.raw) } }
  const ips: unknown = Reflect.get(request, 'ips', { raw })
  return Array.isArray(ips) && ips.length > 1
}

/** Requests that a test makes up, with `injectWS` say, have no socket. */
function peerOf ({ socket }: { readonly socket?: { readonly remoteAddress?: string | undefined } }): string | undefined {
  return socket?.remoteAddress
}
