import { request as requestOverHttp } from 'node:http'
import { request as requestOverTls } from 'node:https'
import type { CorsRequest, CorsResponse, CorsSend } from '../browser/index.js'
import { isLoopback } from '../http/loopback.js'
import { CommandError, wrongUsage } from './command.js'

/** As much of an answer's head as Chromium takes, in bytes. */
const MAX_HEADER_SIZE = 256 * 1024

/**
 * Sends requests as they are, each over a connection of its own: `fetch` would not let anybody choose `Origin`.
 * Certificates are verified. Of the answer only the head is read, since a body may never end (server-sent events).
 *
 * @param timeout how long to wait for the head of an answer, in milliseconds
 * @returns a function that rejects with a CommandError where there is no answer
 */
export function sender (timeout: number): CorsSend {
  return async request => {
    try {
      return await exchange(request, timeout)
    } catch (error) {
      throw noAnswer(error, new URL(request.url), timeout)
    }
  }
}

function exchange ({ method, url, headers }: CorsRequest, timeout: number): Promise<CorsResponse> {
  return new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? requestOverTls : requestOverHttp
    const options = { method, headers, agent: false, maxHeaderSize: MAX_HEADER_SIZE, signal: AbortSignal.timeout(timeout) }
    request(url, options, response => {
      response.destroy()
      resolve({ status: Number(response.statusCode), headers: pairs(response.rawHeaders) })
    }).on('error', reject).end()
  })
}

/** Node lists names and values by turns. */
function pairs (parts: readonly string[]): Array<[name: string, value: string]> {
  const list: Array<[string, string]> = []
  let name: string | null = null
  for (const part of parts) {
    if (name !== null) list.push([name, part])
    name = name === null ? part : null
  }
  return list
}

/** What can be told of anything that was thrown; the code is empty where there is none. */
export function errorFields (error: unknown): { code: string, message: string } {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return { code, message: error instanceof Error ? error.message : String(error) }
}

/** What is told about a request that nobody answered. */
interface Explanation {
  /** For programs. */
  readonly code: string
  readonly because: (url: URL, timeout: number) => string
}

const distrusted: Explanation = {
  code: 'tls',
  because: ({ host }) => `the certificate of ${host} can't be trusted, by browsers neither. If it is one of your own making, say ` +
    'NODE_EXTRA_CA_CERTS=ca.pem before the command'
}

const wrongName: Explanation = { code: 'tls', because: ({ hostname }) => `the certificate is for another name than ${hostname}` }

const expired: Explanation = { code: 'tls', because: ({ host }) => `the certificate of ${host} is out of date` }

const noTls: Explanation = { code: 'tls', because: ({ host }) => `${host} does not speak TLS, or not a version in use. Is it http: there?` }

const unknownName: Explanation = { code: 'name-not-found', because: ({ hostname }) => `the name ${hostname} has no address` }

const hungUp: Explanation = {
  code: 'hung-up',
  because: ({ host, protocol }) => `${host} closed the connection without an answer${protocol === 'http:' ? '. Is it https: there?' : ''}`
}

/** By the codes of Node, libuv and OpenSSL. */
const EXPLANATIONS: ReadonlyMap<string, Explanation> = new Map([
  ['ECONNREFUSED', { code: 'refused', because: ({ host }) => `nothing listens at ${host}. Is the server running, and on that port?` }],
  ['ABORT_ERR', { code: 'timeout', because: ({ host }, timeout) => `${host} did not answer within ${timeout} ms. --timeout waits longer` }],
  ['ENOTFOUND', unknownName],
  ['EAI_AGAIN', unknownName],
  ['ECONNRESET', hungUp],
  ['EPIPE', hungUp],
  ['EPROTO', noTls],
  ['ERR_SSL_WRONG_VERSION_NUMBER', noTls],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', noTls],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', distrusted],
  ['SELF_SIGNED_CERT_IN_CHAIN', distrusted],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', distrusted],
  ['UNABLE_TO_GET_ISSUER_CERT', distrusted],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', distrusted],
  ['ERR_TLS_CERT_ALTNAME_INVALID', wrongName],
  ['CERT_HAS_EXPIRED', expired],
  ['CERT_NOT_YET_VALID', expired]
])

/** Says why there is no answer to a request, and what may be done about it. */
export function noAnswer (error: unknown, url: URL, timeout: number): CommandError {
  const { code, message } = errorFields(error)
  const known = EXPLANATIONS.get(code)
  const because = known?.because(url, timeout) ?? `${message}${code === '' ? '' : ` (${code})`}`
  return new CommandError(known?.code ?? 'no-answer', `No answer from ${url.href}: ${because}`, { cause: error })
}

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
