import { wrongUsage } from './command-error.js'
import { isLoopback } from '../origin/loopback.js'

/**
 * Reads a URL that is to be called.
 *
 * @throws CommandError that says what was meant, where that can be known
 */
export function readUrl (text: string): URL {
  const url = parseHttp(text)
  if (url === null) throw wrongUsage(`${JSON.stringify(text)} is no http: or https: URL${didYouMean(parseWithoutScheme(text)?.href)}`)
  if (url.username !== '' || url.password !== '') throw wrongUsage('a page can\'t call a URL with a user name or password in it')
  return url
}

/**
 * Reads an origin as browsers send it: RFC 6454, section 6.2, where there is one spelling only of http(s) origins.
 *
 * @throws CommandError that says what was meant, where that can be known
 */
export function readOrigin (text: string): string {
  const url = parseHttp(text)
  const isOrigin = url === null
    ? text === 'null' || /^(?!https?:)[a-z][a-z0-9+.-]*:\/\/[^/?#@\s]*$/.test(text)
    : url.origin === text
  if (isOrigin) return text
  const meant = url ?? parseWithoutScheme(text)
  throw wrongUsage(`${JSON.stringify(text)} is no origin as browsers send it, such as https://app.example.com${didYouMean(meant?.origin)}`)
}

function parseHttp (text: string): URL | null {
  return /^https?:/i.test(text) && URL.canParse(text) ? new URL(text) : null
}

/** `localhost:3000/users` and `example.com` are what people write. */
function parseWithoutScheme (text: string): URL | null {
  const url = text.includes('://') ? null : parseHttp(`https://${text}`)
  if (url !== null && isLoopback(url.hostname)) url.protocol = 'http:'
  return url
}

function didYouMean (text: string | undefined): string {
  return text === undefined ? '' : `. Did you mean ${text} ?`
}
