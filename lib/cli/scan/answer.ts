import type { Probe } from './probes.js'
import { getHeader, toHeaderList } from '../../browser/header-list.js'
import type { CorsResponse, CorsSend } from '../../browser/index.js'

/** What a server grants to a probe. */
export interface Answer {
  readonly probe: Probe
  readonly status: number
  /** `Access-Control-Allow-Origin`, or `null`. */
  readonly allowOrigin: string | null
  /** Whether `Access-Control-Allow-Credentials` is `true`. */
  readonly credentials: boolean
  readonly vary: string | null
  readonly location: string | null
}

/** Sends one probe. The method that preflights announce is one that no form can send. */
export async function ask (probe: Probe, url: string, send: CorsSend): Promise<Answer> {
  const { method, origin } = probe
  const headers = {
    accept: '*/*',
    ...origin === null ? {} : { origin },
    ...method === 'GET' ? {} : { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization,content-type' }
  }
  return read(probe, await send({ method, url, headers }))
}

function read (probe: Probe, { status, headers }: CorsResponse): Answer {
  const list = toHeaderList(headers)
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
 * Whether the origin of the probe is let in: an answer by its own name (Fetch, "CORS check", step 4), since `*` is a
 * finding of its own; a preflight by `*` too, and only with a status that lets it pass (Fetch, "CORS-preflight fetch").
 */
export function isGranted ({ probe, allowOrigin, status }: Answer): boolean {
  if (probe.method === 'GET') return probe.origin !== null && allowOrigin === probe.origin
  return status <= 299 && (allowOrigin === probe.origin || allowOrigin === '*')
}

/** Whether a cache may keep the answer for requests of other origins. */
export function variesByOrigin ({ vary }: Answer): boolean {
  return (vary ?? '').split(',').some(name => ['origin', '*'].includes(name.trim().toLowerCase()))
}
