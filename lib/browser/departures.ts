import type { Engine } from './failure-text.js'

/** The words about one way in which engines depart from the standard. docs/errors.md has them all in a table. */
export interface DepartureText {
  /** The act of a page or a server. */
  when: string
  /** The outcome by the standard. */
  standard: string
  /** The outcome in engines. */
  otherwise: string
  /** The reason, as far as the browser tests or the sources of the engines tell. */
  why: string
}

export const departureTexts = {
  wildcardAuthorization: {
    when: '`Authorization` under `Access-Control-Allow-Headers: *`',
    standard: 'must be listed by name',
    otherwise: 'Chromium, Firefox and WebKit still let it pass',
    why: 'the exception for `Authorization` is younger than the wildcard, and no engine makes it yet'
  },
  clientHints: {
    when: '`Save-Data: on`, `DPR`, `Device-Memory`, `Width`, `Viewport-Width`, `Downlink`, `ECT`, `RTT` or `Intervention`, set by a script',
    standard: 'needs a preflight',
    otherwise: 'Chromium sends it without',
    why: 'Chromium sends such headers itself, and safelists them'
  },
  userAgent: {
    when: '`User-Agent`, set by a script',
    standard: 'needs a preflight',
    otherwise: 'Chromium sends its own instead, without a preflight',
    why: 'Chromium lets no script set it, as older standards said'
  },
  rangeSpelling: {
    when: '`Range: Bytes=0-10` or `bytes=+0-9`: the unit in capitals, or a plus sign',
    standard: 'needs a preflight',
    otherwise: 'WebKit sends it without',
    why: 'WebKit reads units in any letter case, as RFC 9110 does, and numbers with a sign'
  },
  rangeNumbers: {
    when: '`Range` with a position of 2⁶³−1 or more',
    standard: 'needs no preflight',
    otherwise: 'Chromium asks, and from 2⁶⁴ on Firefox and WebKit ask too',
    why: 'the number does not fit into theirs'
  },
  contentTypeParameters: {
    when: '`Content-Type: text/plain; charset=utf-8;`, a semicolon at the end, or a comma in the parameters',
    standard: 'needs no preflight',
    otherwise: 'Firefox asks',
    why: 'Firefox reads parameters more strictly than the MIME Sniffing Standard'
  },
  taintedPreflight: {
    when: 'a preflight after a redirect from one foreign origin to another, not where it leads back to the page\'s own server',
    standard: 'says `Origin: null`',
    otherwise: 'Firefox says the page\'s origin there, and `null` in the request after it',
    why: 'Firefox takes the origin away for the request alone'
  },
  redirectCredentials: {
    when: 'a call with `credentials: \'same-origin\'` (the default of `fetch`) that the page\'s own server redirects to another origin, which redirects again without `Access-Control-Allow-Credentials: true` or with `*`',
    standard: 'is followed',
    otherwise: 'WebKit stops at the second redirect',
    why: 'the first request had cookies, and WebKit still counts them there, though not at the end of the chain'
  },
  redirectedDelete: {
    when: '`DELETE` that the page\'s own server redirects to another origin',
    standard: 'stays `DELETE`',
    otherwise: 'WebKit sends `GET`',
    why: 'WebKit changes the method here, whatever the status'
  },
  repeatedCredentials: {
    when: '`Access-Control-Allow-Credentials: true`, and the same header empty on another line',
    standard: 'blocks',
    otherwise: 'Firefox lets it pass',
    why: 'Firefox drops empty lines when it joins them'
  },
  proxyAuthentication: {
    when: 'a 407 from a server',
    standard: 'is an answer like any other',
    otherwise: 'Chromium takes it for an error of the network',
    why: 'Chromium expects it from its own proxy only'
  },
  userInformation: {
    when: 'user information in a redirect of the page\'s own origin to itself',
    standard: 'may be followed',
    otherwise: 'Chromium stops',
    why: 'Chromium refuses such a URL whichever server redirects to it'
  },
  uploadMethods: {
    when: 'an upload with progress whose preflight lists no methods',
    standard: 'may use any method',
    otherwise: 'all want PUT and the like listed',
    why: 'no engine has that step of the standard'
  },
  secureLoopback: {
    when: 'a page over https that calls http://localhost (or another loopback address)',
    standard: 'may do so',
    otherwise: 'WebKit blocks it as mixed content (seen by hand)',
    why: 'WebKit makes no exception for this machine, which nobody can listen in on: use https there too, or a page over http'
  },
  insecureLocalNetwork: {
    when: 'a page from the internet, over http, that calls a private or loopback address',
    standard: 'may do so',
    otherwise: 'Chromium refuses it',
    why: 'Chromium asks its user about the local network, and only for pages over https'
  },
  emptyLocation: {
    when: 'a redirect with an empty `Location`',
    standard: 'leads to the same URL',
    otherwise: 'Chromium hands the redirect itself to the script',
    why: 'Chromium takes an empty `Location` for none'
  },
  repeatedLocation: {
    when: 'the same `Location` on two header lines',
    standard: 'is an error',
    otherwise: 'Chromium and Firefox follow it',
    why: 'they count equal lines as one'
  }
} as const satisfies Record<string, DepartureText>

export type Departure = keyof typeof departureTexts

/** All engines, in the order of verdicts. */
export const engines: readonly Engine[] = ['chromium', 'firefox', 'webkit']

/**
 * Collects departures of engines from the standard. The first one of an engine decides for it. What the exchanges of the
 * standard don't tell, such as the answer to a preflight that only one engine sends, is not guessed.
 */
export class Departures {
  private readonly decided = new Map<Engine, { allowed: boolean, because: Departure }>()

  /** Notes engines that allow (or block) the request here, unlike the standard. */
  decide (departing: readonly Engine[], allowed: boolean, because: Departure): void {
    for (const engine of departing) {
      if (!this.decided.has(engine)) this.decided.set(engine, { allowed, because })
    }
  }

  /** The engines whose decision is not the given one, each with the reason. */
  from (allowed: boolean): Map<Engine, Departure> {
    const departing = new Map<Engine, Departure>()
    for (const engine of engines) {
      const decision = this.decided.get(engine)
      if (decision !== undefined && decision.allowed !== allowed) departing.set(engine, decision.because)
    }
    return departing
  }
}
