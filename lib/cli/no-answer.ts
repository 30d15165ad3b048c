import { CommandError } from './command-error.js'
import { errorFields } from './error-fields.js'

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
