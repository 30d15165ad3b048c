import { isSameOrigin, type PageRequest } from './page-request.js'
import { engines, type Departure } from './departures.js'
import type { Engine } from './failure-text.js'

/** Client hints and other headers that Chromium sends without asking (`IsCorsSafelistedHeader` in its `cors.cc`). */
const chromiumSafelist: Readonly<Record<string, RegExp>> = {
  'device-memory': /^[0-9]+(?:\.[0-9]+)?$/,
  downlink: /^[0-9]+(?:\.[0-9]+)?$/,
  dpr: /^[0-9]+(?:\.[0-9]+)?$/,
  ect: /^(?:slow-2g|2g|3g|4g)$/,
  intervention: /^/,
  rtt: /^[0-9]+$/,
  'save-data': /^on$/i,
  'viewport-width': /^[0-9]+$/,
  width: /^[0-9]+$/
}

/** The engines that safelist a header which the standard does not. */
export function enginesThatSafelist (name: string, value: string): Engine[] {
  if (name === 'range') return isSimpleForWebKit(value) ? ['webkit'] : []
  // Chromium sends its own value.
  if (name === 'user-agent') return ['chromium']
  return value.length <= 128 && chromiumSafelist[name]?.test(value) === true ? ['chromium'] : []
}

/**
 * True for a range that WebKit takes: its unit in any letter case (as in RFC 9110, section 14.1, but not in the Fetch
 * Standard), its numbers with or without a plus sign.
 */
function isSimpleForWebKit (value: string): boolean {
  const range = /^bytes=\+?([0-9]+)-(?:\+?([0-9]+))?$/i.exec(value)
  if (range === null) return false
  const [, start = '', end = start] = range
  return BigInt(start) <= BigInt(end) && BigInt(end) <= highestOffset.webkit
}

/** The way in which engines depart that safelist this header. */
export function safelistDeparture (name: string): Departure {
  return name === 'range' ? 'rangeSpelling' : name === 'user-agent' ? 'userAgent' : 'clientHints'
}

/** The way in which engines depart that ask about this header. */
export function askingDeparture (name: string): Departure {
  return name === 'range' ? 'rangeNumbers' : 'contentTypeParameters'
}

/** The engines that ask about a header which the standard safelists. */
export function enginesThatAsk (name: string, value: string): Engine[] {
  // A parser of MIME types ignores what is no parameter (https://mimesniff.spec.whatwg.org/#parsing-a-mime-type). Firefox
  // accepts no comma, and no semicolon at the end of the parameters.
  if (name === 'content-type') return /,|;[^;]*;\s*$/.test(value) ? ['firefox'] : []
  if (name !== 'range') return []
  const offsets = Array.from(value.matchAll(/[0-9]+/g), ([offset]) => BigInt(offset))
  return engines.filter(engine => offsets.some(offset => offset > highestOffset[engine]))
}

/** The greatest positions in a range. The standard sets no limit. */
const highestOffset: Readonly<Record<Engine, bigint>> = {
  chromium: 2n ** 63n - 2n,
  firefox: 2n ** 64n - 1n,
  webkit: 2n ** 64n - 1n
}

/** True for a DELETE that the page's own origin redirects to another: WebKit follows with GET, whatever the status. */
export function sendsGetInstead (engine: Engine, { origin, method, previousUrls: [first] }: PageRequest): boolean {
  return engine === 'webkit' && method === 'DELETE' && first !== undefined && isSameOrigin(origin, first)
}
