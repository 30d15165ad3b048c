import { pathOf } from './facts.js'
import type { Call, Hop, Judgement } from '../../wire.js'

/** A station on the way of a call. */
export interface Station {
  readonly name: 'Page' | 'Redirect' | 'Preflight' | 'Request' | 'Script'
  readonly code: string
  readonly says: string
  /** `stop`: the call went no further. `end`: it has come here. `skip`: not needed. */
  readonly state: 'done' | 'skip' | 'never' | 'stop' | 'end'
}

/** The page, where each way begins. */
export function page ({ origin }: Call): Station {
  return { name: 'Page', code: origin, says: 'calls fetch()', state: 'done' }
}

/** The page, and the URLs that led on to the one where it ended. */
export function before (call: Call): [Station, ...Station[]] {
  const { redirects } = call
  const hops: readonly Hop[] = [...redirects, call]
  return [page(call), ...redirects.map((hop, i): Station => {
    const { method, url } = sentAt(call, hop)
    const next = sentAt(call, hops[i + 1] ?? call).url
    return {
      name: 'Redirect',
      code: `${method} ${pathOf(url)} ${hop.actual?.response?.status ?? ''}`.trim(),
      says: `${hop.preflight === null ? '' : 'asked first; '}leads to ${seenFrom(url, next)}`,
      state: 'done'
    }
  })]
}

/** The request at a URL of a call, sent or not: redirects change the URL, and some the method (Fetch, "HTTP-redirect fetch"). */
export function sentAt ({ method, url }: Call, { preflight, actual }: Hop): { method: string, url: string } {
  if (actual !== null) return actual
  if (preflight === null) return { method, url }
  const announced = preflight.request.find(([name]) => name === 'access-control-request-method')?.[1]
  return { method: announced ?? method, url: preflight.url }
}

/** A URL as short as it may be beside another one. */
function seenFrom (url: string, other: string): string {
  return new URL(other).origin === new URL(url).origin ? pathOf(other) : other
}

export function passedPreflight (call: Call, verdict: Judgement | null): Station {
  const { preflight, method } = call
  if (preflight !== null) {
    const isListed = !['GET', 'HEAD', 'POST'].includes(method)
    return { name: 'Preflight', code: preflightCode(call), says: isListed ? `${method} is allowed` : 'its headers are allowed', state: 'done' }
  }
  return verdict?.isPresumed === true
    ? { name: 'Preflight', code: 'none seen', says: 'perhaps remembered', state: 'skip' }
    : { name: 'Preflight', code: 'not needed', says: 'a form could send this, too', state: 'skip' }
}

export function preflightCode ({ preflight }: Call): string {
  return `OPTIONS ${preflight?.response?.status ?? ''}`.trim()
}

export function requestCode (call: Call): string {
  const { method, url } = sentAt(call, call)
  return `${method} ${pathOf(url)} ${call.actual?.response?.status ?? ''}`.trim()
}

/** Where an answer leads (Fetch, "redirect status" and "location URL"). */
export function redirectOf ({ actual }: Call): string | null {
  if (actual?.response == null || ![301, 302, 303, 307, 308].includes(actual.response.status)) return null
  const location = actual.response.headers.find(([name]) => name === 'location')?.[1]
  if (location === undefined || !URL.canParse(location, actual.url)) return null
  return seenFrom(actual.url, new URL(location, actual.url).href)
}
