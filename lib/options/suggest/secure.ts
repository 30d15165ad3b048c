import { literalOf, quote, type RegExpText } from '../../text.js'

/** Hosts for which https may not be to be had: addresses, and names without a dot or of a home network. */
const PRIVATE = /^(?:\[.*\]|\d+(?:\.\d+){3}|[^.]+\.?|.*\.(?:local|lan|home|internal|intranet|corp|home\.arpa|localdomain)\.?)$/

/** Whether a certificate for a host may not be to be had, so that https would block its pages. */
export function isPrivateHost (host: string): boolean {
  return PRIVATE.test(host)
}

/** The https form of an http origin or pattern; none for a host that may have no certificate. */
export function secureOrigin (value: string, host: string): string[] {
  return isPrivateHost(host) ? [] : [quote(`https${value.slice('http'.length)}`.replace(/:443$/, ''))]
}

/** The https form of an expression that allows http. */
export function secureRegExp ({ source, flags }: RegExpText): string[] {
  const secure = source.replace(/^\^(?:https?\??|\(\?:https?\|https?\)|\(https?\|https?\)):/, '^https:')
  return secure === source ? [] : [literalOf({ source: secure, flags })]
}
