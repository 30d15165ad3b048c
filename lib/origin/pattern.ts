/** An origin with a `*` in it. */
export interface OriginPattern {
  /** Without the colon. */
  scheme: string
  /** `'.example.com'` for `*.example.com`: one or more labels stand before it; `null` where the host is exact. */
  suffix: string | null
  /** The exact host, where only the port is a wildcard; otherwise `null`. */
  host: string | null
  /** `null` for any port or none (`:*`), `''` for none, otherwise the port. */
  port: string | null
}

/** Whether an entry of `origin` that has been validated is a pattern, and not an exact origin or `'*'` itself. */
export function isPattern (value: string): boolean {
  return value.length > 1 && value.includes('*')
}

/** Reads a pattern that has been validated: `https://*.example.com`, `http://localhost:*`, `https://*.example.com:8443`. */
export function parsePattern (value: string): OriginPattern {
  const hostStart = value.indexOf('://') + 3
  const colon = value.indexOf(':', value.indexOf(']', hostStart) + 1 || hostStart)
  const hostEnd = colon === -1 ? value.length : colon
  const host = value.slice(hostStart, hostEnd)
  const port = value.slice(hostEnd + 1)
  const anyLabels = host.startsWith('*.')
  return {
    scheme: value.slice(0, hostStart - 3),
    suffix: anyLabels ? host.slice(1) : null,
    host: anyLabels ? null : host,
    port: port === '*' ? null : port
  }
}
