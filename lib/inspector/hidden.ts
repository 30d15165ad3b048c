import type { Line } from './wire.js'

/** Takes the place of a secret value. */
const NOT_SHOWN = '(not shown)'

/** Longer values are cut, except those that a browser judges. */
const LONGEST = 2000

const SECRET: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization'])

/** Headers with secrets hidden, long values cut, and names in lower case. */
export function withoutSecrets (headers: Iterable<Line>): Array<[name: string, value: string]> {
  return Array.from(headers, ([written, value]) => {
    const name = written.toLowerCase()
    return [name, name.startsWith('access-control-') ? value : cut(hide(name, value))]
  })
}

function hide (name: string, value: string): string {
  if (SECRET.has(name)) return NOT_SHOWN
  // The name and the attributes of a cookie decide if it is kept (RFC 6265, section 4.1.1).
  return name === 'set-cookie' ? value.replace(/^([^=;]*)=[^;]*/, `$1=${NOT_SHOWN}`).replace(/^[^=;]+(?=;|$)/, NOT_SHOWN) : value
}

function cut (value: string): string {
  return value.length > LONGEST ? `${value.slice(0, LONGEST)} (cut)` : value
}
