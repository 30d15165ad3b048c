import { isLoopback } from '../http/hosts.js'
import { wrongUsage } from './command.js'

/**
 * Reads the URL to call.
 *
 * @throws CommandError with a suggestion where one can be made
 */
export function readUrl (text: string): URL {
  const url = parseHttp(text)
  if (/^wss?:/i.test(text)) throw wrongUsage('a WebSocket needs no CORS: its server decides by Origin itself, and answers the handshake with 403 or the like where it refuses')
  refuseLargePort(text)
  if (url === null) throw wrongUsage(`${JSON.stringify(text)} is not an http: or https: URL${suggestion(parseWithoutScheme(text)?.href)}`)
  if (url.username !== '' || url.password !== '') throw wrongUsage('a page can\'t call a URL that contains a user name or password')
  return url
}

/**
 * Reads an origin as browsers send it: RFC 6454, section 6.2, has one spelling only of http(s) origins.
 *
 * @throws CommandError with a suggestion where one can be made
 */
export function readOrigin (text: string): string {
  const url = parseHttp(text)
  const isOrigin = url === null
    ? text === 'null' || /^(?!https?:)[a-z][a-z0-9+.-]*:\/\/[^/?#@\s]*$/.test(text)
    : url.origin === text
  if (isOrigin) return text
  if (/^file:/i.test(text)) throw wrongUsage(`${JSON.stringify(text)} is not an origin as browsers send it: of a local file they send null. Did you mean null?`)
  refuseLargePort(text)
  const meant = url ?? parseWithoutScheme(text)
  throw wrongUsage(`${JSON.stringify(text)} is not an origin as browsers send it, such as https://app.example.com${suggestion(meant?.origin)}`)
}

/** @throws CommandError for what would be a URL with a smaller port */
function refuseLargePort (text: string): void {
  const [, port = ''] = /^(?:[a-z]+:\/\/)?[^/?#]*:([0-9]{5,})(?:[/?#]|$)/i.exec(text) ?? []
  if (Number(port) > 65535) throw wrongUsage(`port ${port} is too large: ports end at 65535`)
}

function parseHttp (text: string): URL | null {
  return /^https?:/i.test(text) && URL.canParse(text) ? new URL(text) : null
}

/** People write `localhost:3000/users` and `example.com`. */
function parseWithoutScheme (text: string): URL | null {
  const url = text.includes('://') ? null : parseHttp(`https://${text}`)
  if (url !== null && isLoopback(url.hostname)) url.protocol = 'http:'
  return url
}

function suggestion (text: string | undefined): string {
  return text === undefined ? '' : `. Did you mean ${text}?`
}
