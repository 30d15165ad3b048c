import { Agent as HttpAgent, request as requestOverHttp } from 'node:http'
import { Agent as TlsAgent, request as requestOverTls } from 'node:https'
import { pipeline, type Readable } from 'node:stream'
import type { CorsRequest, CorsResponse, CorsSend } from '../browser/index.js'
import { headerLines } from '../http/field-values.js'
import { isPreflight } from '../http/preflight.js'
import { CommandError, errorFields } from './command.js'

/** How long to wait for the head of an answer, in milliseconds, unless `--timeout` says otherwise. */
export const TIMEOUT = 10_000

/** The option of sub-commands that send requests. */
export const TIMEOUT_OPTION = { value: '<ms>', meaning: `how long to wait for an answer, in milliseconds (default ${TIMEOUT})` }

/** The longest head of an answer that Chromium takes, in bytes. */
const MAX_HEADER_SIZE = 256 * 1024

/** A body of this many bytes may be refused by its length. */
const LARGE = 64 * 1024

/**
 * How long a large body waits for that, in milliseconds: while it is being written, the answer can be lost, if the server
 * resets the connection.
 */
const HEAD_START = 100

/** A body that can be sent again, after a redirect. */
export interface RequestBody {
  /** In bytes. */
  readonly length: number
  readonly read: () => Readable
}

/**
 * Sends requests as they are, each over a connection of its own: `fetch` lets nobody choose `Origin`. Certificates are
 * verified. Only the head of an answer is read, since a body may never end (server-sent events).
 *
 * @param timeout how long to wait for the head of an answer, in milliseconds
 * @param body goes with each request that may have one: no preflight, and no GET after a redirect
 * @returns a function that rejects with a CommandError where there is no answer
 */
export function sender (timeout: number, body: RequestBody | null = null): CorsSend {
  return async request => {
    try {
      return await exchange(request, timeout, hasBody(request) ? body : null)
    } catch (error) {
      throw noAnswer(error, new URL(request.url), timeout, isPreflight(request) ? 'the preflight' : undefined)
    }
  }
}

function hasBody ({ method, headers }: CorsRequest): boolean {
  return method !== 'GET' && method !== 'HEAD' && !isPreflight({ method, headers })
}

function exchange ({ method, url, headers }: CorsRequest, timeout: number, body: RequestBody | null): Promise<CorsResponse> {
  return new Promise((resolve, reject) => {
    const [send, Agent] = url.startsWith('https:') ? [requestOverTls, TlsAgent] as const : [requestOverHttp, HttpAgent] as const
    const options = {
      method,
      headers: body === null ? headers : { ...headers, 'content-length': body.length },
      // As browsers do: asked to close, a server that refuses a body may reset the connection before its answer is read.
      agent: new Agent({ keepAlive: true }),
      maxHeaderSize: MAX_HEADER_SIZE,
      signal: AbortSignal.timeout(timeout)
    }
    const request = send(url, options, response => {
      resolve({ status: Number(response.statusCode), headers: headerLines(response.rawHeaders) })
      response.destroy()
    }).on('error', reject)
    if (body === null) {
      request.end()
      return
    }
    // A server may refuse a body before all of it has come: then its answer counts, which has been read by then.
    const write = (): void => { pipeline(body.read(), request, () => {}) }
    if (body.length < LARGE) {
      write()
      return
    }
    request.flushHeaders()
    const waiting = setTimeout(write, HEAD_START)
    request.once('close', () => clearTimeout(waiting))
  })
}

/** Why a request got no answer. */
interface Explanation {
  /** The code of the error, for programs. */
  readonly code: string
  readonly because: (url: URL, timeout: number, what?: string) => string
}

const distrusted: Explanation = {
  code: 'tls',
  because: ({ host }) => `the certificate of ${host} is not trusted, and browsers do not trust it either. If you made it yourself, put ` +
    'NODE_EXTRA_CA_CERTS=ca.pem in front of the command'
}

const wrongName: Explanation = { code: 'tls', because: ({ hostname }) => `the certificate does not name ${hostname}` }

const expired: Explanation = { code: 'tls', because: ({ host }) => `the certificate of ${host} has expired, or is not valid yet` }

const noTls: Explanation = { code: 'tls', because: ({ host }) => `${host} does not speak TLS, or only an outdated version. Is it http: there?` }

const unknownName: Explanation = { code: 'name-not-found', because: ({ hostname }) => `the name ${hostname} has no address` }

const hungUp: Explanation = {
  code: 'hung-up',
  because: ({ host, protocol }) => `${host} closed the connection without an answer${protocol === 'http:' ? '. Is it https: there?' : ''}`
}

/** By the codes of Node, libuv and OpenSSL. */
const EXPLANATIONS: ReadonlyMap<string, Explanation> = new Map([
  ['ECONNREFUSED', { code: 'refused', because: ({ host }) => `nothing listens at ${host}. Is the server running, and on that port?` }],
  ['ABORT_ERR', { code: 'timeout', because: ({ host }, timeout, what = '') => `${host} did not answer ${what === '' ? '' : `${what} `}within ${timeout} ms. --timeout waits longer` }],
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

/**
 * Says why there is no answer to a request, and what to do about it.
 *
 * @param what names the request if it is not the one that was asked for
 */
export function noAnswer (error: unknown, url: URL, timeout: number, what?: string): CommandError {
  const { code, message } = errorFields(error)
  const known = EXPLANATIONS.get(code)
  // Node's parser: a database, gRPC, or HTTP/2 without TLS may listen there.
  const because = known?.because(url, timeout, what) ?? (code.startsWith('HPE_')
    ? `what listens at ${url.host} does not speak HTTP/1.1, or breaks its rules (${code})`
    : `${message}${code === '' ? '' : ` (${code})`}`)
  return new CommandError(known?.code ?? 'no-answer', `No answer from ${url.href}: ${because}`, { cause: error })
}
