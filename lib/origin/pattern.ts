/** An origin with a `*` in it. */
export interface OriginPattern {
  /** With what separates it from the host: `https://`. */
  scheme: string
  /** The whole host; or what ends it, behind one or more labels, with the dot: `.example.com`. */
  host: string
  /** Whether one or more labels stand before `host`. */
  anyLabels: boolean
  /** With the colon before it; `''` for none, `null` for any port or none. */
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
  const port = value.slice(hostEnd)
  const anyLabels = host.startsWith('*.')
  return {
    scheme: value.slice(0, hostStart),
    host: anyLabels ? host.slice(1) : host,
    anyLabels,
    port: port === ':*' ? null : port
  }
}
