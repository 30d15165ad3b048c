/** The meaning of the `*` in a pattern: any number of labels, a part of the first label, the whole host, or nothing but the port's. */
export type Wildcard = 'labels' | 'part' | 'host' | 'none'

/** An origin with a `*` in it. */
export interface OriginPattern {
  /** With what separates it from the host: `https://`. */
  scheme: string
  wildcard: Wildcard
  /** The beginning of the host, before the `*`: `pr-`. */
  prefix: string
  /** The end of the host, after the `*`: `.example.com`; the whole host where there is no `*` in it. */
  suffix: string
  /** With the colon before it; `''` for none, `null` for any port or none. */
  port: string | null
}

/** True if an entry of `origin` that has been validated is a pattern, and not an exact origin or `'*'` itself. */
export function isPattern (value: string): boolean {
  return value.length > 1 && value.includes('*')
}

/**
 * Reads a pattern that has been validated: `https://*.example.com`, `https://pr-*.example.com`, `chrome-extension://*`,
 * `http://localhost:*`, `https://*.example.com:8443`.
 */
export function parsePattern (value: string): OriginPattern {
  const hostStart = value.indexOf('://') + 3
  const colon = value.indexOf(':', value.indexOf(']', hostStart) + 1 || hostStart)
  const hostEnd = colon === -1 ? value.length : colon
  const host = value.slice(hostStart, hostEnd)
  const port = value.slice(hostEnd)
  const star = host.indexOf('*')
  return {
    scheme: value.slice(0, hostStart),
    wildcard: wildcardOf(host),
    prefix: host.slice(0, Math.max(star, 0)),
    suffix: host.slice(star + 1),
    port: port === ':*' ? null : port
  }
}

function wildcardOf (host: string): Wildcard {
  if (host === '*') return 'host'
  if (host.startsWith('*.')) return 'labels'
  return host.includes('*') ? 'part' : 'none'
}
