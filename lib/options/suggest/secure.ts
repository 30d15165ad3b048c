import { literalOf, quote, type RegExpText } from '../../text.js'

/** Hosts for which https may not be to be had: addresses, and names without a dot or of a home network. */
const PRIVATE = /^(?:\[.*\]|\d+(?:\.\d+){3}|[^.]+\.?|.*\.(?:local|lan|home|internal|intranet|corp|home\.arpa|test|localdomain)\.?)$/

/** Whether a certificate for a host may not be to be had, so that https would block its pages. */
export function isPrivateHost (host: string): boolean {
  return PRIVATE.test(host)
}

/** The https form of an http origin or pattern. A page at another port than the default is another server: it has none. */
export function secureOrigin (value: string, host: string): string[] {
  const [, port = ''] = /:(\d+)$/.exec(value) ?? []
  if (isPrivateHost(host) || port !== '') return []
  return [quote(`https${value.slice('http'.length)}`)]
}

/** The https form of an expression that allows http. */
export function secureRegExp ({ source, flags }: RegExpText): string[] {
  const secure = source.replace(/^\^(?:https?\??|\(\?:https?\|https?\)|\(https?\|https?\)):/, '^https:')
  return secure === source ? [] : [literalOf({ source: secure, flags })]
}
