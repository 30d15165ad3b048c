import { isSameOrigin, type PageRequest } from './page-request.js'
import type { Engine } from './reasons.js'

/** All engines, in the order in which verdicts name them. */
export const engines: readonly Engine[] = ['chromium', 'firefox', 'webkit']

/**
 * Collects where engines leave the standard's path. The first departure counts: what an engine has allowed or
 * blocked by then is decided for it. What can't be told from the exchanges that the standard makes, such as the
 * answer to a preflight that only one engine sends, is not guessed.
 */
export class Departures {
  readonly #decided = new Map<Engine, boolean>()

  /** Notes that these engines allow (or block) the request here, whatever the standard does. */
  decide (departing: readonly Engine[], allowed: boolean): void {
    for (const engine of departing) {
      if (!this.#decided.has(engine)) this.#decided.set(engine, allowed)
    }
  }

  /** The engines whose decision is not the given one. */
  from (allowed: boolean): Engine[] {
    return engines.filter(engine => this.#decided.has(engine) && this.#decided.get(engine) !== allowed)
  }
}

/** Client hints, and headers of its own, that Chromium sends without asking (`IsCorsSafelistedHeader` in its `cors.cc`). */
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
  // Chromium leaves it out, and sends its own instead.
  if (name === 'user-agent') return ['chromium']
  return value.length <= 128 && chromiumSafelist[name]?.test(value) === true ? ['chromium'] : []
}

/**
 * WebKit takes the unit in any letter case, as RFC 9110, section 14.1, has it and the standard's parser has not. Its
 * numbers may have a plus sign.
 */
function isSimpleForWebKit (value: string): boolean {
  const range = /^bytes=\+?([0-9]+)-(?:\+?([0-9]+))?$/i.exec(value)
  if (range === null) return false
  const [, start = '', end = start] = range
  return BigInt(start) <= BigInt(end) && BigInt(end) <= highestOffset.webkit
}

/** The engines that ask about a header which the standard safelists. */
export function enginesThatAsk (name: string, value: string): Engine[] {
  // MIME Sniffing, "parse a MIME type", passes over what is no parameter. Firefox takes neither a comma nor a semicolon
  // at the end of a list of them.
  if (name === 'content-type') return /,|;[^;]*;\s*$/.test(value) ? ['firefox'] : []
  if (name !== 'range') return []
  const offsets = value.match(/[0-9]+/g) ?? []
  return engines.filter(engine => offsets.some(offset => BigInt(offset) > highestOffset[engine]))
}

/** The standard has no bound for the positions in a range. */
const highestOffset: Readonly<Record<Engine, bigint>> = {
  chromium: 2n ** 63n - 2n,
  firefox: 2n ** 64n - 1n,
  webkit: 2n ** 64n - 1n
}

/** WebKit follows a redirect of DELETE from the page's own origin to another one with GET, whatever the status. */
export function sendsGetInstead (engine: Engine, { origin, method, previousUrls: [first] }: PageRequest): boolean {
  return engine === 'webkit' && method === 'DELETE' && first !== undefined && isSameOrigin(origin, first)
}
