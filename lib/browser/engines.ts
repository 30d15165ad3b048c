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
  // RFC 9110, section 14.1: range units are case-insensitive, but the standard's parser takes them as they are.
  if (name === 'range') return /^bytes=[0-9]+-[0-9]*$/i.test(value) && !value.startsWith('bytes') ? ['webkit'] : []
  // Chromium leaves it out, and sends its own instead.
  if (name === 'user-agent') return ['chromium']
  return value.length <= 128 && chromiumSafelist[name]?.test(value) === true ? ['chromium'] : []
}

/** WebKit follows a redirect of DELETE from the page's own origin to another one with GET, whatever the status. */
export function sendsGetInstead (engine: Engine, { origin, method, previousUrls: [first] }: PageRequest): boolean {
  return engine === 'webkit' && method === 'DELETE' && first !== undefined && isSameOrigin(origin, first)
}
